"""Changes the email address of an account, once a link sent to the new address was used."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from tenants.accounts.attempt_limits import limit_verifications, limited_password_check
from tenants.accounts.audit.services import AuditAction, write_audit_entries
from tenants.accounts.credentials.endings import Change, end_access
from tenants.accounts.email_owner import check_email_is_free, lock_email
from tenants.accounts.email_verification.link_owner import check_link_owner
from tenants.accounts.email_verification.services import KEPT_BY_OWNER, confirm_email_address
from tenants.accounts.errors import LinkInvalid, NoEmailChange
from tenants.accounts.models import EmailChange, EmailVerification, PasswordReset, User
from tenants.accounts.signed_ids import read_id, sign_id
from tenants.accounts.undeliverable import release_emails
from tenants.base.errors import InvalidInput
from tenants.base.retry import retry_conflicts
from tenants.queue.jobs import enqueue

_PURPOSE = "email change"
_LINK_LIFETIME = timedelta(days=3)


def request_email_change(
    *, user: User, email: str, password: str, address: str, now: datetime
) -> EmailChange:
    """Have a worker email a link to the new address, and announce the request to a confirmed old one.

    Whether another account has the new address makes no difference here. A new request replaces an earlier
    one.

    :param email: the new address
    :param address: the client address to count attempts for
    :raises InvalidInput: the password is wrong, or it is the user's address already
    :raises TooManyAttempts: the password was wrong too often, or too many links were requested
    """
    email = email.strip().lower()
    with limited_password_check(user=user, address=address, now=now), transaction.atomic():
        locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if not locked.check_password(password):
            raise InvalidInput(errors={"password": [_("This is not your password. Try again.")]})
        if email == locked.email:
            raise InvalidInput(errors={"email": [_("This is already your email address. Enter a new one.")]})
        change = _replace_pending(locked, email, address=address, now=now)
        write_audit_entries(what=AuditAction.ADDRESS_CHANGE_ASKED, by=locked, about=[locked])
    return change


def _replace_pending(user: User, email: str, *, address: str, now: datetime) -> EmailChange:
    """Store a requested address in place of an earlier one.

    Workers email the link to it, and a notice to a confirmed old address.
    """
    limit_verifications(user_id=str(user.pk), address=address, now=now)
    EmailChange.objects.filter(user=user, confirmed_at=None).delete()
    change = EmailChange.objects.create(
        user=user,
        email=email,
        old_email=user.email if user.email_verified_at else "",
        token_version=user.token_version,
        expires_at=now + _LINK_LIFETIME,
    )
    enqueue(kind="email_change", row_id=change.pk, due_at=now)
    if change.old_email:
        enqueue(kind="email_change_requested", row_id=change.pk, due_at=now)
    return change


def resend_change_link(*, user: User, address: str, now: datetime) -> EmailChange:
    """Have a worker email a new link to the address that the user has requested. The earlier link ends.

    A confirmed old address gets the notice again, because the first one may be due and is not sent now.

    :param address: the client address to count requests for
    :raises NoEmailChange: no requested address waits for its confirmation
    :raises TooManyAttempts: too many links were requested
    """
    with transaction.atomic():
        locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        change = change_of(user=locked, now=now)
        if change is None:
            raise NoEmailChange
        return _replace_pending(locked, change.email, address=address, now=now)


@transaction.atomic
def cancel_email_change(*, user: User) -> None:
    """End the link to an address that the user has requested. Without one, nothing changes."""
    locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if EmailChange.objects.filter(user=locked, confirmed_at=None).delete()[0]:
        write_audit_entries(what=AuditAction.ADDRESS_CHANGE_CANCELLED, by=locked, about=[locked])


def change_of(*, user: User, now: datetime) -> EmailChange | None:
    """Return the change of a user's address that waits for its confirmation, or None."""
    changes = EmailChange.objects.filter(user=user, token_version=user.token_version, confirmed_at=None)
    return changes.filter(expires_at__gt=now).first()


def pending_change(*, change_id: uuid.UUID, now: datetime) -> EmailChange | None:
    """Return the pending change with its user; None if there is nothing to confirm any more."""
    change = EmailChange.objects.select_related("user").filter(pk=change_id).first()
    if change is None or not change.is_pending(now=now):
        return None
    return change if _is_of_current_version(change, change.user) else None


def announced_change(*, change_id: uuid.UUID) -> EmailChange | None:
    """Return the change with its user, to announce it to the old address; None if that was not confirmed."""
    changes = EmailChange.objects.select_related("user").exclude(old_email="")
    return changes.filter(pk=change_id, user__is_active=True).first()


def mark_change_sent(*, change: EmailChange, now: datetime) -> None:
    """Record that the link was sent."""
    EmailChange.objects.filter(pk=change.pk).update(sent_at=now)


def change_token(change: EmailChange) -> str:
    """Return the token for the link: the change's id, signed for this clinic."""
    return sign_id(change.pk, purpose=_PURPOSE)


def is_taken(change: EmailChange) -> bool:
    """Return whether the new address belongs to another account."""
    return User.objects.owner_of(change.email) not in {None, change.user}


def confirm_email_change(
    *, token: str, signed_in: User | None = None, password: str | None = None, address: str, now: datetime
) -> None:
    """Change the email address to that of the link, and end all sessions and pending links of the user.

    Using the link again has no effect. Whoever uses it reads the address, so the refusal may say that another
    account has it.

    :param signed_in: the user who is signed in on the device that used the link
    :param password: the account's password, which another device needs
    :param address: the client address to count wrong passwords for
    :raises LinkInvalid: the link is invalid, was replaced or has expired, or the password was changed since
    :raises EmailTaken: another account has confirmed the address
    :raises PasswordRequired: the link is used outside a session of the account, and without a password
    :raises InvalidInput: the password is wrong
    :raises TooManyAttempts: too many passwords were wrong
    """
    change_id = read_id(token, purpose=_PURPOSE, refusal=LinkInvalid)
    pending = pending_change(change_id=change_id, now=now)
    if pending is not None:
        check_link_owner(user=pending.user, signed_in=signed_in, password=password, address=address, now=now)
    _change_address(change_id=change_id, now=now)


@retry_conflicts
@transaction.atomic
def _change_address(*, change_id: uuid.UUID, now: datetime) -> None:
    requested = EmailChange.objects.filter(pk=change_id).first()
    if requested is None:
        raise LinkInvalid
    lock_email(requested.email)
    # All changes of a user are written under this lock, so it comes before the row of the change.
    user = User.objects.select_for_update(of=("self",)).get(pk=requested.user_id)
    change = EmailChange.objects.filter(pk=change_id).first()
    if change is None:
        raise LinkInvalid
    if change.confirmed_at and user.email == change.email:
        return
    if not change.is_pending(now=now) or not _is_of_current_version(change, user):
        raise LinkInvalid
    check_email_is_free(change.email, user=user)
    change.old_email = user.email if user.email_verified_at else ""
    _delete_pending_links(user)
    _store_address(user, change.email, now=now)
    change.confirmed_at = now
    change.save(update_fields=["old_email", "confirmed_at"])
    write_audit_entries(what=AuditAction.ADDRESS_CHANGED, by=user, about=[user])
    if change.old_email:
        enqueue(kind="email_changed", row_id=change.pk, due_at=now)


def announce_change_by_staff(*, user: User, old_email: str, now: datetime) -> None:
    """Announce to the old address that an admin has changed the address of `user`, and end pending links.

    :param old_email: the old address, which the user had confirmed
    """
    EmailChange.objects.filter(user=user, confirmed_at=None).delete()
    change = EmailChange.objects.create(
        user=user,
        email=user.email,
        old_email=old_email,
        token_version=user.token_version,
        expires_at=now + _LINK_LIFETIME,
        confirmed_at=now,
    )
    enqueue(kind="email_changed", row_id=change.pk, due_at=now)


def _is_of_current_version(change: EmailChange, user: User) -> bool:
    return user.is_active and user.token_version == change.token_version


def _delete_pending_links(user: User) -> None:
    PasswordReset.objects.filter(Q(user=user) | Q(email=user.email)).delete()
    EmailVerification.objects.filter(user=user).delete()


def _store_address(user: User, email: str, *, now: datetime) -> None:
    """Store the address, which is confirmed now, and end what ends with the old one."""
    was_confirmed = user.email_verified_at is not None
    user.email, user.email_verified_at = email, now if was_confirmed else None
    release_emails(user=user, now=now)
    user.save(update_fields=["email", "email_verified_at"])
    if was_confirmed:
        end_access(user=user, change=Change.ADDRESS, now=now)
    else:
        confirm_email_address(user=user, keeping=KEPT_BY_OWNER, now=now)
