"""Making, reading and ending calendar feeds."""

import hashlib
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from notifications.errors import FeedLimitReached
from notifications.feeds import feed_content
from notifications.models import CalendarFeed
from notifications.selectors import feed_of_token, live_feeds, token_hash
from tenants.accounts.audit import What, record
from tenants.accounts.models import User
from tenants.base.errors import NotFound

MOST = 10
"""How many one user may have."""
READING_NOTED = timedelta(hours=1)
SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class NewFeed:
    """A feed with the token of its address, which is nowhere else and cannot be told again."""

    feed: CalendarFeed
    token: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What is given to a calendar, and by what it can tell whether that has changed."""

    content: bytes
    digest: str
    changed_at: datetime | None
    """To the second; None while it cannot be said so exactly."""


@transaction.atomic
def make_feed(*, user: User, name: str, now: datetime) -> NewFeed:
    """A new address at which the appointments of `user` can be read.

    :param name: what they call it
    :raises FeedLimitReached: they have as many as one may already
    """
    # Behind the user's lock: of any number that are made at once, none is one too many.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if live_feeds(user).count() >= MOST:
        raise FeedLimitReached
    token = secrets.token_urlsafe(32)
    feed = CalendarFeed.objects.create(user=user, token_hash=token_hash(token), name=name, created_at=now)
    record(what=What.ADDED, by=user, about=[feed])
    return NewFeed(feed, token)


@transaction.atomic
def revoke_feed(*, feed_id: uuid.UUID, by: User, now: datetime) -> None:
    """End a feed: whoever asks for it from now on is told that there is none.

    :raises NotFound: `by` has no such feed (any more)
    """
    if not live_feeds(by).filter(pk=feed_id).update(revoked_at=now):
        raise NotFound
    record(what=What.REMOVED, by=by, about=[CalendarFeed(pk=feed_id)])


def read_feed(*, token: str, now: datetime) -> Reading:
    """What the feed at the address with `token` says.

    :raises NotFound: there is none (any more), or its user may not sign in
    """
    feed = feed_of_token(token)
    content = feed_content(feed.user, now=now)
    digest = hashlib.sha256(content).hexdigest()
    return Reading(content, digest, _note_reading(feed, digest=digest, now=now))


def forget_feeds_of_restored() -> int:
    """Drop the feeds of a clinic that was restored: some may have been revoked after it was exported.

    :return: how many
    """
    return CalendarFeed.objects.all().delete()[0]


def _note_reading(feed: CalendarFeed, *, digest: str, now: datetime) -> datetime | None:
    """Write down that the feed was read and, where it says something else than before, since when.

    The rows in it cannot say that: a booking that has got too old, a doctor's new name or a child somebody no
    longer cares for leave no later date behind. What was given is compared instead. Each content has a later
    second than the one before, so that no date can stand for two of them.

    :return: since when it says this
    """
    changed_at = feed.content_changed_at
    is_new = digest != feed.content_digest
    if is_new:
        earliest = changed_at + SECOND if changed_at else now
        changed_at = max(now, earliest).replace(microsecond=0)
    is_due = feed.last_read_at is None or feed.last_read_at <= now - READING_NOTED
    if is_new or is_due:
        as_found = CalendarFeed.objects.filter(pk=feed.pk, content_digest=feed.content_digest)
        noted = as_found.update(
            content_digest=digest,
            content_changed_at=changed_at,
            last_read_at=now if is_due else feed.last_read_at,
        )
        if not noted:
            return None  # somebody else who reads at this moment has found something else
    return changed_at if changed_at and changed_at <= now else None
