"""Limits attempts, such as sign-ins. Attempts are counted in Postgres, so all processes share the counts."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from math import ceil

from django.conf import settings
from django.db import connection
from django.db.models import F
from django.utils.crypto import salted_hmac

from tenants.accounts.errors import TooManyAttempts
from tenants.accounts.models import AttemptCounter, User
from tenants.base.errors import Unavailable
from tenants.routing.request_context import RateLimit, note_rate_limit

# One statement counts and decides. The row lock serialises concurrent attempts.
_COUNT_ATTEMPT = """
INSERT INTO accounts_tries AS counter (key, count, ends_at, created_at, updated_at)
VALUES (%(key)s, 1, %(ends_at)s, %(now)s, %(now)s)
ON CONFLICT (key) DO UPDATE SET updated_at = excluded.updated_at,
    -- Start again at 1 if the time window has ended.
    count = CASE WHEN counter.ends_at <= %(now)s THEN 1 ELSE counter.count + 1 END,
    ends_at = CASE WHEN counter.ends_at <= %(now)s THEN excluded.ends_at ELSE counter.ends_at END
-- No row is returned if the limit is reached within the time window.
WHERE counter.ends_at <= %(now)s OR counter.count < %(limit)s
RETURNING count, ends_at
"""


def count_attempt(limit_name: str, *, subject: str, now: datetime) -> str:
    """Count an attempt by an account, address or clinic.

    :param limit_name: a key of `settings.TRY_LIMITS`
    :return: the counter's key, to undo the count
    :raises TooManyAttempts: the limit is reached
    """
    limit, duration = settings.TRY_LIMITS[limit_name]
    key = _key(limit_name, subject)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_ATTEMPT, {"key": key, "now": now, "ends_at": now + duration, "limit": limit})
        counted = cursor.fetchone()
    if counted:
        # How many attempts on an account are left is nobody's business but its owner's.
        if limit_name.endswith("by address"):
            _note(limit, remaining=limit - counted[0], ends_at=counted[1], now=now)
        return key
    ends_at = AttemptCounter.objects.filter(pk=key).values_list("ends_at", flat=True).first() or now
    _note(limit, remaining=0, ends_at=ends_at, now=now)
    raise TooManyAttempts(retry_after=_seconds_until(ends_at, now=now))


def _note(limit: int, *, remaining: int, ends_at: datetime, now: datetime) -> None:
    note_rate_limit(RateLimit(limit, remaining, resets_in=_seconds_until(ends_at, now=now)))


def _key(limit_name: str, subject: str) -> str:
    return salted_hmac(f"tries: {limit_name}", subject, algorithm="sha256").hexdigest()


def _seconds_until(ends_at: datetime, *, now: datetime) -> int:
    return max(1, ceil((ends_at - now).total_seconds()))


@contextmanager
def limited_password_check(*, user: User, address: str, now: datetime) -> Iterator[None]:
    """Count an attempt of a signed-in user before the password is checked, and undo it if the block succeeds.

    Counting first makes sure that concurrent attempts cannot exceed the limit. These attempts are not counted
    together with sign-ins, so wrong passwords of a stranger do not keep a user from changing the password.

    :param address: the client address
    :raises TooManyAttempts: the limit of this user or this address is reached
    """
    by_address = count_attempt("sign-in by address", subject=address, now=now)
    by_user = count_attempt("password by user", subject=str(user.pk), now=now)
    yield
    AttemptCounter.objects.filter(pk=by_user).delete()
    _undo([by_address])


class SignInAttempt:
    """A sign-in that has been counted. Set `user` if it succeeds."""

    user: User | None = None


@contextmanager
def limited_sign_in(*, email: str, address: str, device: str = "", now: datetime) -> Iterator[SignInAttempt]:
    """Count a sign-in before the password is checked, and undo the count if the owner of `email` signs in.

    A sign-in to an account that does not own the address stays counted. Otherwise somebody could register
    with another person's address, and guess that person's password with each sign-in to their own account.

    :param email: as entered; attempts on unknown accounts are counted too
    :param address: the client address
    :param device: the id of a device on which the owner of `email` has signed in before; "" for others. Its
        attempts are counted separately, so strangers cannot lock it out.
    :raises TooManyAttempts: the limit of this account, this device or this address is reached
    """
    attempt, by_address = SignInAttempt(), count_attempt("sign-in by address", subject=address, now=now)
    if device:
        counted = count_attempt("sign-in by device", subject=device, now=now)
    else:
        counted = count_attempt("sign-in by account", subject=email.strip().lower(), now=now)
    try:
        yield attempt
    except Unavailable:
        _undo([counted, by_address])  # nothing was tried
        raise
    if attempt.user is not None and attempt.user.owns_email:
        _undo([counted, by_address])


def _undo(counters: list[str]) -> None:
    """Subtract an attempt that succeeded. Earlier ones stay, so that a count does not reveal a sign-in."""
    AttemptCounter.objects.filter(pk__in=counters, count__gt=0).update(count=F("count") - 1)


@contextmanager
def limited_code_check(*, user: User, address: str, now: datetime) -> Iterator[None]:
    """Count an attempt at the second factor, and undo the count if the block succeeds.

    A correct password does not undo these counts.

    :param address: the client address
    :raises TooManyAttempts: the limit of this user or this address is reached
    """
    by_address = count_attempt("sign-in by address", subject=address, now=now)
    by_account = [
        count_attempt(f"code by account{per}", subject=str(user.pk), now=now) for per in ("", " and day")
    ]
    yield
    AttemptCounter.objects.filter(pk__in=by_account).delete()
    _undo([by_address])


@contextmanager
def limited_mail(limit_name: str, *, email: str, now: datetime) -> Iterator[None]:
    """Count an email once the block that sends it has succeeded.

    An email that fails, or whose worker is killed, is sent again and must not count twice. So workers that
    send to one address at the same moment can exceed the limit by one each.

    :param limit_name: a key of `settings.TRY_LIMITS`
    :raises TooManyAttempts: the limit of this address is reached
    """
    subject = email.strip().lower()
    limit, _duration = settings.TRY_LIMITS[limit_name]
    counter = AttemptCounter.objects.filter(pk=_key(limit_name, subject), ends_at__gt=now, count__gte=limit)
    if reached := counter.first():
        raise TooManyAttempts(retry_after=_seconds_until(reached.ends_at, now=now))
    yield
    with suppress(TooManyAttempts):
        count_attempt(limit_name, subject=subject, now=now)


@contextmanager
def limited_email_code(*, address: str, now: datetime) -> Iterator[None]:
    """Count an attempt at a code from an email, and undo the count if the block succeeds.

    The code itself limits the attempts at it.

    :param address: the client address
    :raises TooManyAttempts: the limit of this address is reached
    """
    by_address = count_attempt("sign-in by address", subject=address, now=now)
    yield
    _undo([by_address])


def limit_email_codes(*, email: str, address: str, now: datetime) -> None:
    """Count a request for a code by email.

    :raises TooManyAttempts: the limit of this account or this address is reached
    """
    count_attempt("email code by address", subject=address, now=now)
    for per in ("", " and day"):
        count_attempt(f"email code by account{per}", subject=email.strip().lower(), now=now)


def limit_resets(*, email: str, address: str, now: datetime) -> None:
    """Count a request for a password reset.

    :raises TooManyAttempts: the limit of this account or this address is reached
    """
    count_attempt("reset by address", subject=address, now=now)
    count_attempt("reset by account", subject=email.strip().lower(), now=now)


def limit_registrations(*, address: str, now: datetime) -> None:
    """Count a registration.

    :raises TooManyAttempts: the limit of this address is reached
    """
    count_attempt("registration by address", subject=address, now=now)


def limit_verifications(*, user_id: str, address: str, now: datetime) -> None:
    """Count a request for a link that confirms an email address.

    :raises TooManyAttempts: the limit of this account or this address is reached
    """
    count_attempt("verification by address", subject=address, now=now)
    count_attempt("verification by account", subject=user_id, now=now)
