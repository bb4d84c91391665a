"""Start, renew and end sessions."""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from rest_framework_simplejwt.exceptions import TokenError

from tenants.accounts.audit.services import AuditAction, write_audit_entries
from tenants.accounts.errors import SessionEnded
from tenants.accounts.models import RefreshToken, User, UserSession
from tenants.accounts.sessions.devices import detect_device
from tenants.accounts.sessions.idle import IDLE_NOTE, idle_end, idle_limit
from tenants.accounts.sessions.tokens import VERSION, ClinicRefreshToken, refresh_token_for
from tenants.base.clock import now as clock_now
from tenants.routing.request_context import current_user_agent

REUSE_GRACE_PERIOD = timedelta(seconds=10)
"""Reusing a token within this time is only refused, because two tabs may race. Later it ends the session."""


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in user and the two encoded tokens."""

    user: User
    access: str
    refresh: str


@transaction.atomic
def complete_sign_in(*, user: User, now: datetime) -> Session:
    """Start a session for an authenticated user and log the sign-in."""
    User.objects.filter(pk=user.pk).update(last_login=now)
    write_audit_entries(what=AuditAction.SIGNED_IN, by=user, about=[user])
    return start_session(user=user, now=now)


@transaction.atomic
def start_session(*, user: User, family: uuid.UUID | None = None, now: datetime | None = None) -> Session:
    """Issue a pair of tokens for `user`. `family` is the session to continue; None starts a new one."""
    family = family or uuid.uuid4()
    token, started_at = refresh_token_for(user, session_id=family), now or clock_now()
    expires_at = datetime.fromtimestamp(token["exp"], tz=UTC)
    RefreshToken.objects.create(digest=token_hash(token), user=user, family=family, expires_at=expires_at)
    browser, system = detect_device(current_user_agent())
    times = {"last_used_at": started_at, "expires_at": expires_at}
    session, _is_new = UserSession.objects.update_or_create(
        pk=family,
        defaults=times,
        create_defaults={
            "user": user,
            "browser": browser,
            "system": system,
            "last_input_at": started_at,
            **times,
        },
    )
    access = token.access_token
    if (ends_at := idle_end(session, user=user)) is not None:
        # The access token is not checked against the session's idle time, so it ends with it.
        access.set_exp(lifetime=min(access.lifetime, ends_at - started_at))
    return Session(user=user, access=str(access), refresh=str(token))


def renew_session(*, refresh: str, now: datetime) -> Session:
    """Exchange a refresh token for a new pair. Of several concurrent attempts one succeeds.

    :raises SessionEnded: it is invalid or has expired, or a member of staff has not used the session for too
        long; if it was used before, its session ends
    """
    token = read_refresh_token(refresh)
    digest = token_hash(token)
    with transaction.atomic():
        # The UPDATE is the lock: of concurrent requests only one finds `used_at` empty.
        claimed = RefreshToken.objects.filter(digest=digest, used_at=None).update(used_at=now)
        stored = RefreshToken.objects.select_related("user").filter(digest=digest).first()
        is_idle = stored is not None and _is_idle(stored, now=now)
        if (
            stored
            and claimed
            and not is_idle
            and stored.user.is_active
            and stored.user.token_version == token.get(VERSION)
        ):
            return start_session(user=stored.user, family=stored.family, now=now)
    if stored and is_idle:
        end_session_by_id(family=stored.family, user=stored.user, by=None, note=IDLE_NOTE)
    elif stored and stored.used_at and now - stored.used_at > REUSE_GRACE_PERIOD:
        end_session_by_id(family=stored.family, user=stored.user, by=None, note="refresh token used twice")
    raise SessionEnded


def session_of_token(*, refresh: str, grace: timedelta = timedelta(), now: datetime) -> UserSession:
    """Return the session of a refresh token, with its user. The token is not exchanged.

    :param grace: how long ago it may have been exchanged; by default, it could be exchanged now
    :raises SessionEnded: it is invalid, expired or used, or its session has ended or is idle
    """
    token = read_refresh_token(refresh)
    is_fresh = Q(used_at=None) | Q(used_at__gt=now - grace)
    stored = RefreshToken.objects.select_related("user").filter(is_fresh, digest=token_hash(token)).first()
    rows = UserSession.objects.select_related("user")
    session = rows.filter(pk=stored.family).first() if stored is not None else None
    if (
        stored is None
        or session is None
        or not stored.user.is_active
        or stored.user.token_version != token.get(VERSION)
        or _is_idle(stored, now=now)
    ):
        raise SessionEnded
    return session


def _is_idle(token: RefreshToken, *, now: datetime) -> bool:
    if idle_limit(token.user) is None:
        return False
    session = UserSession.objects.filter(pk=token.family).first()
    ends_at = idle_end(session, user=token.user) if session else None
    return ends_at is not None and ends_at <= now


def end_session(*, refresh: str) -> None:
    """End the session of a refresh token.

    :raises SessionEnded: it is not a refresh token of this clinic
    """
    digest = token_hash(read_refresh_token(refresh))
    stored = RefreshToken.objects.select_related("user").filter(digest=digest).first()
    if stored is not None:
        end_session_by_id(family=stored.family, user=stored.user, by=stored.user)


@transaction.atomic
def end_session_by_id(*, family: uuid.UUID, user: User, by: User | None, note: str = "") -> bool:
    """End one session of `user`. Its tokens stop working with the next request.

    :param by: the user who ends it; None if the system does
    :return: whether there was such a session
    """
    tokens = RefreshToken.objects.filter(family=family, user=user)
    # Lock first: a concurrent renewal finishes before, so that its new token is deleted too.
    list(tokens.select_for_update().values_list("digest"))
    tokens.delete()
    ended, _rows = UserSession.objects.filter(pk=family, user=user).delete()
    if ended:
        write_audit_entries(what=AuditAction.SESSION_ENDED, by=by, about=[user], note=note)
    return bool(ended)


@transaction.atomic
def end_all_sessions(*, user: User, by: User | None = None) -> None:
    """End all sessions of `user`. Their tokens stop working with the next request.

    :param by: the user who ends them; None for `user`
    """
    User.objects.filter(pk=user.pk).update(token_version=F("token_version") + 1)
    RefreshToken.objects.filter(user=user).delete()
    UserSession.objects.filter(user=user).delete()
    write_audit_entries(what=AuditAction.SIGNED_OUT_EVERYWHERE, by=by or user, about=[user])


def read_refresh_token(encoded: str) -> ClinicRefreshToken:
    """Decode and verify a refresh token.

    :raises SessionEnded: it is invalid, expired, or another clinic's
    """
    try:
        return ClinicRefreshToken(encoded)
    except TokenError as error:
        raise SessionEnded from error


def token_hash(token: ClinicRefreshToken) -> str:
    """Return the hash of a refresh token that is stored instead of the token."""
    return hashlib.sha256(token["jti"].encode()).hexdigest()
