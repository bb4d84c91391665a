"""Limits attempts, such as sign-ins. Attempts are counted in Postgres, so all processes share the counts."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from math import ceil

from django.conf import settings
from django.db import connection
from django.db.models import F
from django.utils.crypto import salted_hmac

from tenants.accounts.errors import TooManyAttempts
from tenants.accounts.models import Tries, User
from tenants.base.errors import Unavailable

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
RETURNING key
"""


def count_attempt(limit_name: str, *, subject: str, now: datetime) -> str:
    """Count an attempt by an account, address or clinic.

    :param limit_name: a key of `settings.TRY_LIMITS`
    :return: the counter's key, to undo the count
    :raises TooManyAttempts: the limit is reached
    """
    limit, duration = settings.TRY_LIMITS[limit_name]
    key = salted_hmac(f"tries: {limit_name}", subject, algorithm="sha256").hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_ATTEMPT, {"key": key, "now": now, "ends_at": now + duration, "limit": limit})
        if cursor.fetchone():
            return key
    ends_at = Tries.objects.filter(pk=key).values_list("ends_at", flat=True).first() or now
    raise TooManyAttempts(retry_after=max(1, ceil((ends_at - now).total_seconds())))


@contextmanager
def limited_password_check(*, email: str, address: str, now: datetime) -> Iterator[None]:
    """Count an attempt before the password is checked, and undo the count if the block succeeds.

    Counting first makes sure that concurrent attempts cannot exceed the limit.

    :param email: as entered; attempts on unknown accounts are counted too
    :param address: the client address
    :raises TooManyAttempts: the limit of this account or this address is reached
    """
    by_address = count_attempt("sign-in by address", subject=address, now=now)
    by_account = count_attempt("sign-in by account", subject=email.strip().lower(), now=now)
    try:
        yield
    except Unavailable:
        _undo([by_account], by_address)  # nothing was tried
        raise
    _undo([by_account], by_address)


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
    _undo(by_account, by_address)


def _undo(by_account: list[str], by_address: str) -> None:
    """Forget the attempts of an account, and one of its address."""
    Tries.objects.filter(pk__in=by_account).delete()
    Tries.objects.filter(pk=by_address, count__gt=0).update(count=F("count") - 1)


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
