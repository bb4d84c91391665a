"""Holding emails to an address that refuses them, and releasing them once the address is corrected."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from tenants.accounts.active_account import lock_active_account
from tenants.accounts.attempt_limits import limit_verifications
from tenants.accounts.audit.services import AuditAction, write_audit_entries
from tenants.accounts.errors import AddressNotConfirmed, AddressWorks
from tenants.accounts.models import User
from tenants.base.email_addresses import is_same_address
from tenants.current import current_clinic_or_none
from tenants.queue.jobs import enqueue

RELEASED: dict[str, object] = {"email_undeliverable_at": None, "email_problem": ""}
"""The fields of a user whose emails are not held."""


def users_with_address(email: str) -> list[User]:
    """Return the accounts with an email address, whose domain may be encoded as it is for mail servers."""
    email = email.strip().lower()
    _local, _at, domain = email.rpartition("@")
    if "xn--" not in domain:
        return list(User.objects.filter(email=email).order_by("pk"))
    candidates = User.objects.filter(email__startswith=f"{email.partition('@')[0]}@").order_by("pk")
    return [user for user in candidates if is_same_address(user.email, email)]


def hold_emails(*, users: Iterable[User], problem: str, happened_at: datetime) -> None:
    """Record that emails to these accounts' address are returned or reported as spam.

    A complaint is recorded over a bounce, and nothing over a complaint, in whatever order they are reported.
    Reports about emails from before the address was restored have no effect.

    :param problem: `User.EmailProblem`
    """
    held = Q(email_undeliverable_at=None)
    if problem == User.EmailProblem.COMPLAINT:
        held |= Q(email_problem=User.EmailProblem.BOUNCED)
    rows = User.objects.filter(
        held,
        Q(email_restored_at=None) | Q(email_restored_at__lt=happened_at),
        pk__in=[user.pk for user in users],
    )
    rows.update(email_undeliverable_at=happened_at, email_problem=problem)


def release_emails(*, user: User, now: datetime) -> None:
    """Send held emails to `user`, whose address was corrected or confirmed, in the caller's transaction."""
    changes = {**RELEASED, "email_restored_at": now}
    held = User.objects.filter(pk=user.pk, email_undeliverable_at__isnull=False)
    if held.update(**changes) and current_clinic_or_none() is not None:
        enqueue(kind="email_restored", row_id=user.pk, due_at=now)
    user.email_undeliverable_at, user.email_problem = None, ""


@transaction.atomic
def resume_emails(*, user: User, address: str, now: datetime) -> None:
    """Send emails to the user's confirmed address again, because the user says that it works.

    :param address: the client address to count requests for
    :raises AddressWorks: no emails are held
    :raises AddressNotConfirmed: nobody has proven to read emails to the address, which may be a stranger's
    :raises TooManyAttempts: the limit of this account or this address is reached
    """
    limit_verifications(user_id=str(user.pk), address=address, now=now)
    lock_active_account(user)
    current = User.objects.get(pk=user.pk)
    if current.email_undeliverable_at is None:
        raise AddressWorks
    if not current.owns_email:
        raise AddressNotConfirmed
    release_emails(user=user, now=now)
    write_audit_entries(what=AuditAction.CHANGED, by=user, about=[user], changes={"email_problem": None})


def is_held_for_good(user: User) -> bool:
    """Return whether no emails may be sent to an address: its reader complained, and never confirmed it."""
    return user.email_problem == User.EmailProblem.COMPLAINT and not user.owns_email
