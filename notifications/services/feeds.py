"""Create, read and revoke calendar feeds."""

import hashlib
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from notifications.errors import FeedLimitReached
from notifications.feed_content import feed_content
from notifications.languages import in_language_of
from notifications.models import CalendarFeed
from notifications.selectors import find_feed, live_feeds, token_hash
from tenants.accounts.active_account import lock_active_account
from tenants.accounts.audit.services import AuditAction, write_audit_entries
from tenants.accounts.credentials.endings import Grant, ends
from tenants.accounts.models import User
from tenants.base.errors import NotFound

MAX_FEEDS = 10
"""How many feeds a user can have."""
_READ_TIME_RESOLUTION = timedelta(hours=1)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class NewFeed:
    """A new feed with the token of its URL. The token is not stored, so it can be shown only once."""

    feed: CalendarFeed
    token: str


@dataclass(frozen=True, slots=True)
class FeedContent:
    """The content of a feed, with its ETag and Last-Modified."""

    content: bytes
    digest: str
    changed_at: datetime | None
    """When the content last changed, to the second. None if that is not certain."""


@transaction.atomic
def create_feed(*, user: User, name: str, now: datetime) -> NewFeed:
    """Create a URL at which the appointments of `user` can be read.

    :param name: the user's name for it
    :raises FeedLimitReached: the user has the maximum number of feeds
    :raises SessionEnded: the session ended, or the account was closed, while the request ran
    """
    # The lock also keeps concurrent requests from exceeding the limit.
    lock_active_account(user)
    if live_feeds(user).count() >= MAX_FEEDS:
        raise FeedLimitReached
    token = secrets.token_urlsafe(32)
    feed = CalendarFeed.objects.create(user=user, token_hash=token_hash(token), name=name, created_at=now)
    write_audit_entries(what=AuditAction.ADDED, by=user, about=[feed])
    return NewFeed(feed, token)


@transaction.atomic
def revoke_feed(*, feed_id: uuid.UUID, by: User, now: datetime) -> None:
    """Revoke a feed. Its URL returns 404 from now on.

    :raises NotFound: `by` has no such feed, or has revoked it already
    """
    if not live_feeds(by).filter(pk=feed_id).update(revoked_at=now):
        raise NotFound
    write_audit_entries(what=AuditAction.REMOVED, by=by, about=[CalendarFeed(pk=feed_id)])


@ends(Grant.CALENDAR_LINKS)
def revoke_all_feeds(user: User, now: datetime) -> None:
    """Revoke every feed of `user`."""
    for feed in live_feeds(user):
        revoke_feed(feed_id=feed.pk, by=user, now=now)


def read_feed(*, token: str, now: datetime) -> FeedContent:
    """Return the content of the feed with this token.

    :raises NotFound: there is none, it was revoked, or its user cannot sign in
    """
    feed = find_feed(token)
    with in_language_of(feed.user):
        content = feed_content(feed.user, now=now)
    digest = hashlib.sha256(content).hexdigest()
    return FeedContent(content, digest, _record_read(feed, digest=digest, now=now))


def delete_feeds_after_restore() -> int:
    """Delete the feeds of a restored clinic: some may have been revoked after the export.

    :return: how many feeds were deleted
    """
    return CalendarFeed.objects.all().delete()[0]


def _record_read(feed: CalendarFeed, *, digest: str, now: datetime) -> datetime | None:
    """Record that the feed was read and, if its content differs from the last output, when it changed.

    Not every change leaves a date in the database: a booking that became too old, a renamed doctor or a
    removed dependant does not. So the content is compared with the last output. Every new
    content gets a later second than the one before, so that no two contents have the same date.

    :return: when the content changed; None if that is not certain
    """
    changed_at = feed.content_changed_at
    is_new = digest != feed.content_digest
    if is_new:
        earliest = changed_at + _SECOND if changed_at else now
        changed_at = max(now, earliest).replace(microsecond=0)
    is_due = feed.last_read_at is None or feed.last_read_at <= now - _READ_TIME_RESOLUTION
    if is_new or is_due:
        unchanged = CalendarFeed.objects.filter(pk=feed.pk, content_digest=feed.content_digest)
        updated = unchanged.update(
            content_digest=digest,
            content_changed_at=changed_at,
            last_read_at=now if is_due else feed.last_read_at,
        )
        if not updated:
            return None  # a concurrent request has recorded another content
    return changed_at if changed_at and changed_at <= now else None
