"""Confirms that a user reads an email address, through a link sent to that address."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction

from tenants.accounts.active_account import lock_active_account
from tenants.accounts.attempt_limits import limit_verifications
from tenants.accounts.audit.services import AuditAction, write_audit_entries
from tenants.accounts.credentials.endings import Change, Grant, end_access
from tenants.accounts.email_owner import lock_email
from tenants.accounts.email_verification.link_owner import check_link_owner
from tenants.accounts.errors import LinkInvalid
from tenants.accounts.models import EmailVerification, User
from tenants.accounts.signed_ids import read_id, sign_id
from tenants.accounts.undeliverable import is_held_for_good, release_emails
from tenants.queue.jobs import enqueue

PURPOSE = "email address"
LINK_LIFETIME = timedelta(days=3)
MIN_RESEND_INTERVAL = timedelta(minutes=1)
"""How old the newest link must be to send another: two tabs, or a double click, ask within seconds."""
MIN_LINK_LIFETIME = timedelta(days=1)
"""How long a link still works at least when an email about an appointment contains it."""
KEPT_BY_OWNER = frozenset({Grant.SECOND_FACTOR})
"""What stays when the account's owner confirms the address, in a session or with the password."""


@transaction.atomic
def send_verification(*, user: User, now: datetime) -> EmailVerification:
    """Have a worker email `user` the link that confirms their address."""
    verification = create_verification(user=user, now=now)
    enqueue(kind="email_verification", row_id=verification.pk, due_at=now)
    return verification


def request_verification(*, user: User, address: str, now: datetime) -> None:
    """Email the link again, unless the address is confirmed or the last link is less than a minute old.

    :param address: the client address to count requests for
    :raises TooManyAttempts: the limit of this account or this address is reached
    """
    limit_verifications(user_id=str(user.pk), address=address, now=now)
    if user.email_verified_at is None:
        with transaction.atomic():
            lock_active_account(user)
            newest = current_verification(user=user, now=now)
            if newest is None or newest.expires_at - LINK_LIFETIME <= now - MIN_RESEND_INTERVAL:
                send_verification(user=user, now=now)


def create_verification(*, user: User, now: datetime) -> EmailVerification:
    """Create a verification of the user's current email address."""
    return EmailVerification.objects.create(user=user, email=user.email, expires_at=now + LINK_LIFETIME)


def current_verification(*, user: User, now: datetime) -> EmailVerification | None:
    """Return the newest verification of the user's current email address that has not expired, if any."""
    valid = EmailVerification.objects.filter(user=user, email=user.email, expires_at__gt=now)
    return valid.order_by("-expires_at", "-id").first()


def ensure_verification(*, user: User, now: datetime) -> EmailVerification:
    """Return a verification whose link works for another day at least; create one if there is none."""
    existing = current_verification(user=user, now=now + MIN_LINK_LIFETIME)
    return existing or create_verification(user=user, now=now)


def verification_to_send(*, verification_id: uuid.UUID, now: datetime) -> EmailVerification | None:
    """Return the verification with its user; None if no email is to be sent.

    If the address belongs to another account (`is_for_known_address`), the email tells its owner.
    """
    unsent = EmailVerification.objects.select_related("user").filter(
        pk=verification_id, sent_at=None, expires_at__gt=now, user__is_active=True
    )
    verification = unsent.filter(user__email_verified_at=None).first()
    if verification is None or is_held_for_good(verification.user):
        return None
    return verification if verification.email == verification.user.email else None


def is_for_known_address(verification: EmailVerification) -> bool:
    """Return whether the address belongs to another account, so this link could not confirm it."""
    return User.objects.owner_of(verification.email) not in {None, verification.user}


def mark_verification_sent(*, verification: EmailVerification, now: datetime) -> None:
    """Record that the email was sent, or that the limit for the address was reached.

    The user can read this time, so it must not tell whether the address belongs to another account.
    """
    EmailVerification.objects.filter(pk=verification.pk).update(sent_at=now)


def verification_token(verification: EmailVerification) -> str:
    """Return the token for the link: the verification's id, signed for this clinic."""
    return sign_id(verification.pk, purpose=PURPOSE)


def verify_email(
    *, token: str, signed_in: User | None = None, password: str | None = None, address: str, now: datetime
) -> User:
    """Confirm the email address of a link. Using the link again has no effect.

    Of several accounts that were registered with the address, the first to be confirmed gets it. The others
    stay as they are, and can never be confirmed with this address.

    :param signed_in: the user who is signed in on the device that used the link
    :param password: the account's password, which another device needs
    :param address: the client address to count wrong passwords for
    :return: the user whose address is confirmed
    :raises PasswordRequired: the link is used outside a session of the account, and without a password
    :raises InvalidInput: the password is wrong
    :raises TooManyAttempts: too many passwords were wrong
    :raises LinkInvalid: the link is invalid or has expired, the user has changed their address, or the
        address belongs to another account
    """
    verification_id = read_id(token, purpose=PURPOSE, refusal=LinkInvalid)
    verification = EmailVerification.objects.filter(pk=verification_id, expires_at__gt=now).first()
    if verification is None:
        raise LinkInvalid
    user = User.objects.filter(pk=verification.user_id, email=verification.email, is_active=True).first()
    if user is None:
        raise LinkInvalid
    if user.email_verified_at is None:
        check_link_owner(user=user, signed_in=signed_in, password=password, address=address, now=now)
    confirm_email_address(user=user, keeping=KEPT_BY_OWNER, now=now)
    return user


@transaction.atomic
def confirm_email_address(*, user: User, keeping: frozenset[Grant] = frozenset(), now: datetime) -> bool:
    """Record that `user` reads their current email address, which then belongs to them.

    If nobody had proven it before, everything ends that was obtained with the account until now. The second
    factor of staff stays: the clinic has entered their address, and reading their emails must not replace it.

    :param keeping: access that does not end
    :return: whether it was unconfirmed
    :raises LinkInvalid: the address belongs to another account
    """
    lock_email(user.email)
    if User.objects.owner_of(user.email) not in {None, user}:
        raise LinkInvalid
    # The UPDATE checks the address, so an address that changes at the same time is not confirmed.
    unconfirmed = User.objects.filter(pk=user.pk, email=user.email, email_verified_at=None)
    if not unconfirmed.update(email_verified_at=now):
        return False
    user.email_verified_at = now
    release_emails(user=user, now=now)
    write_audit_entries(what=AuditAction.ADDRESS_CONFIRMED, by=user, about=[user])
    if user.role != User.Role.PATIENT:
        keeping |= {Grant.SECOND_FACTOR}
    end_access(user=user, change=Change.FIRST_PROOF, keeping=keeping, now=now)
    return True
