"""Decides between accounts that want to own the same email address."""

from django.db import connection
from django.utils.crypto import salted_hmac

from tenants.accounts.errors import EmailTaken
from tenants.accounts.models import User

_LOCK_BYTES = 8
"""Postgres' advisory locks are 64-bit numbers."""


def lock_email(email: str) -> None:
    """Make other transactions that want to own this address wait until the current transaction ends.

    Take this lock before the lock on the user's row. The constraint `user_email_has_one_owner` would refuse
    the second transaction too, but Postgres writes the address into its log when it does. The number of the
    lock is a keyed hash, so the statement contains no address either.
    """
    subject = f"{connection.schema_name}: {email.strip().lower()}"  # type: ignore[attr-defined]  # our backend's
    digest = salted_hmac("owner of an email address", subject, algorithm="sha256").digest()
    number = int.from_bytes(digest[:_LOCK_BYTES], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


def check_email_is_free(email: str, *, user: User | None = None) -> None:
    """Check that no other account owns an address, after `lock_email`.

    :param user: the account that wants to own it; None for a new account
    :raises EmailTaken: another account owns it
    """
    owner = User.objects.owner_of(email)
    if owner is not None and owner != user:
        raise EmailTaken(errors={"email": [EmailTaken.message]})
