"""Whether an email address is its user's: shown by a link that is mailed there."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction

from tenants.accounts.audit import What, record
from tenants.accounts.errors import LinkOver
from tenants.accounts.limits import limit_verifications
from tenants.accounts.models import EmailVerification, User
from tenants.accounts.signed_ids import read_id, sign_id
from tenants.queue import enqueue

PURPOSE = "email address"
LINK_LASTS = timedelta(days=3)


@transaction.atomic
def send_verification(*, user: User, now: datetime) -> EmailVerification:
    """Have a worker mail `user` the link that confirms their address."""
    verification = open_verification(user=user, now=now)
    enqueue(kind="email_verification", row_id=verification.pk, due_at=now)
    return verification


def request_verification(*, user: User, address: str, now: datetime) -> None:
    """Send `user` the link again; nothing where their address is confirmed already.

    :param address: the network address it is asked for from
    :raises TooManyTries: too often for this account, or from this address
    """
    limit_verifications(user_id=str(user.pk), address=address, now=now)
    if user.email_verified_at is None:
        send_verification(user=user, now=now)


def open_verification(*, user: User, now: datetime) -> EmailVerification:
    """A new question whether the address that `user` has now is theirs."""
    return EmailVerification.objects.create(user=user, email=user.email, expires_at=now + LINK_LASTS)


def verification_to_send(*, verification_id: uuid.UUID, now: datetime) -> EmailVerification | None:
    """The question with its user; None where no mail is to go (any more)."""
    waiting = EmailVerification.objects.select_related("user").filter(
        pk=verification_id, sent_at=None, expires_at__gt=now, user__is_active=True
    )
    verification = waiting.filter(user__email_verified_at=None).first()
    return verification if verification and verification.email == verification.user.email else None


def verification_sent(*, verification: EmailVerification, now: datetime) -> None:
    """Note that the link went out."""
    EmailVerification.objects.filter(pk=verification.pk).update(sent_at=now)


def verification_token(verification: EmailVerification) -> str:
    """What the link carries: the question's id, signed for this clinic."""
    return sign_id(verification.pk, purpose=PURPOSE)


@transaction.atomic
def verify_email(*, token: str, now: datetime) -> None:
    """Note that the link's address is its user's. Following the link again changes nothing.

    :raises LinkOver: the link is not good (any more), or the user has another address by now
    """
    asked = read_id(token, purpose=PURPOSE, refusal=LinkOver)
    verification = EmailVerification.objects.filter(pk=asked, expires_at__gt=now).first()
    if verification is None:
        raise LinkOver
    user = User.objects.filter(pk=verification.user_id, email=verification.email, is_active=True).first()
    if user is None:
        raise LinkOver
    confirm_address(user=user, now=now)


def confirm_address(*, user: User, now: datetime) -> None:
    """Note that `user` reads what is sent to the address we know of them."""
    # The address stands in the UPDATE: one that is changed at this moment is not confirmed.
    unconfirmed = User.objects.filter(pk=user.pk, email=user.email, email_verified_at=None)
    if unconfirmed.update(email_verified_at=now):
        record(what=What.ADDRESS_CONFIRMED, by=user, about=[user])
