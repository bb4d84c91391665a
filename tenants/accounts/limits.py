"""How often somebody may try: counted in Postgres, so that it holds for all processes and without Redis."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from math import ceil

from django.conf import settings
from django.db import connection
from django.db.models import F
from django.utils.crypto import salted_hmac

from tenants.accounts.errors import TooManyTries
from tenants.accounts.models import Tries, User

# One statement: whoever comes second waits at the row and is judged by what the first has left there.
TAKE = """
INSERT INTO accounts_tries AS kept (key, count, ends_at) VALUES (%(key)s, 1, %(ends_at)s)
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN kept.ends_at <= %(now)s THEN 1 ELSE kept.count + 1 END,
    ends_at = CASE WHEN kept.ends_at <= %(now)s THEN excluded.ends_at ELSE kept.ends_at END
WHERE kept.ends_at <= %(now)s OR kept.count < %(most)s
RETURNING key
"""


def take_try(what: str, *, who: str, now: datetime) -> str:
    """Count a try of `who`.

    :param what: a name of `settings.TRY_LIMITS`
    :return: the counter's key, to give the try back
    :raises TooManyTries: `who` has none left for now
    """
    most, lasting = settings.TRY_LIMITS[what]
    key = salted_hmac(f"tries: {what}", who, algorithm="sha256").hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(TAKE, {"key": key, "now": now, "ends_at": now + lasting, "most": most})
        if cursor.fetchone():
            return key
    ends_at = Tries.objects.filter(pk=key).values_list("ends_at", flat=True).first() or now
    raise TooManyTries(retry_after=max(1, ceil((ends_at - now).total_seconds())))


@contextmanager
def limited_password_check(*, email: str, address: str, now: datetime) -> Iterator[None]:
    """Count a try before the password is looked at; where what is inside succeeds, take it back.

    Counted first, so that of any number that come at once no more are let through than one after the other.

    :param email: as typed; counted whether or not there is such an account
    :param address: the network address it comes from
    :raises TooManyTries: this account or this address has been tried too often
    """
    by_address = take_try("sign-in by address", who=address, now=now)
    by_account = take_try("sign-in by account", who=email.strip().lower(), now=now)
    yield
    Tries.objects.filter(pk=by_account).delete()
    Tries.objects.filter(pk=by_address, count__gt=0).update(count=F("count") - 1)


@contextmanager
def limited_code_check(*, user: User, address: str, now: datetime) -> Iterator[None]:
    """The same for the code that comes after the password. A right password gives none of these back.

    :param address: the network address it comes from
    :raises TooManyTries: this user or this address has been tried too often
    """
    by_address = take_try("sign-in by address", who=address, now=now)
    by_account = [take_try(f"code by account{per}", who=str(user.pk), now=now) for per in ("", " and day")]
    yield
    Tries.objects.filter(pk__in=by_account).delete()
    Tries.objects.filter(pk=by_address, count__gt=0).update(count=F("count") - 1)


def limit_resets(*, email: str, address: str, now: datetime) -> None:
    """Count that somebody asks for a link.

    :raises TooManyTries: too often for this account, or from this address
    """
    take_try("reset by address", who=address, now=now)
    take_try("reset by account", who=email.strip().lower(), now=now)


def limit_registrations(*, address: str, now: datetime) -> None:
    """Count that somebody registers.

    :raises TooManyTries: too often from this address
    """
    take_try("registration by address", who=address, now=now)


def limit_verifications(*, user_id: str, address: str, now: datetime) -> None:
    """Count that somebody asks for the link that confirms their address.

    :raises TooManyTries: too often for this account, or from this address
    """
    take_try("verification by address", who=address, now=now)
    take_try("verification by account", who=user_id, now=now)
