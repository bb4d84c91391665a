"""Confirms that a user reads an email address, through a link sent to that address."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction

from tenants.accounts.attempt_limits import limit_verifications
from tenants.accounts.audit.services import AuditAction, write_audit_entries
from tenants.accounts.errors import LinkInvalid
from tenants.accounts.models import EmailVerification, User
from tenants.accounts.signed_ids import read_id, sign_id
from tenants.queue.jobs import enqueue

PURPOSE = "email address"
LINK_LIFETIME = timedelta(days=3)


@transaction.atomic
def send_verification(*, user: User, now: datetime) -> EmailVerification:
    """Have a worker email `user` the link that confirms their address."""
    verification = create_verification(user=user, now=now)
    enqueue(kind="email_verification", row_id=verification.pk, due_at=now)
    return verification


def request_verification(*, user: User, address: str, now: datetime) -> None:
    """Email the link again, unless the address is confirmed already.

    :param address: the client address to count requests for
    :raises TooManyAttempts: the limit of this account or this address is reached
    """
    limit_verifications(user_id=str(user.pk), address=address, now=now)
    if user.email_verified_at is None:
        send_verification(user=user, now=now)


def create_verification(*, user: User, now: datetime) -> EmailVerification:
    """Create a verification of the user's current email address."""
    return EmailVerification.objects.create(user=user, email=user.email, expires_at=now + LINK_LIFETIME)


def verification_to_send(*, verification_id: uuid.UUID, now: datetime) -> EmailVerification | None:
    """Return the verification with its user; None if no email is to be sent."""
    unsent = EmailVerification.objects.select_related("user").filter(
        pk=verification_id, sent_at=None, expires_at__gt=now, user__is_active=True
    )
    verification = unsent.filter(user__email_verified_at=None).first()
    return verification if verification and verification.email == verification.user.email else None


def mark_verification_sent(*, verification: EmailVerification, now: datetime) -> None:
    """Record that the link was sent."""
    EmailVerification.objects.filter(pk=verification.pk).update(sent_at=now)


def verification_token(verification: EmailVerification) -> str:
    """Return the token for the link: the verification's id, signed for this clinic."""
    return sign_id(verification.pk, purpose=PURPOSE)


@transaction.atomic
def verify_email(*, token: str, now: datetime) -> None:
    """Confirm the email address of a link. Using the link again has no effect.

    :raises LinkInvalid: the link is invalid or has expired, or the user has changed their address
    """
    verification_id = read_id(token, purpose=PURPOSE, refusal=LinkInvalid)
    verification = EmailVerification.objects.filter(pk=verification_id, expires_at__gt=now).first()
    if verification is None:
        raise LinkInvalid
    user = User.objects.filter(pk=verification.user_id, email=verification.email, is_active=True).first()
    if user is None:
        raise LinkInvalid
    confirm_email_address(user=user, now=now)


def confirm_email_address(*, user: User, now: datetime) -> None:
    """Record that `user` reads their current email address."""
    # The UPDATE checks the address, so an address that changes at the same time is not confirmed.
    unconfirmed = User.objects.filter(pk=user.pk, email=user.email, email_verified_at=None)
    if unconfirmed.update(email_verified_at=now):
        write_audit_entries(what=AuditAction.ADDRESS_CONFIRMED, by=user, about=[user])
