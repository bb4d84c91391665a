"""Send emails about user accounts."""

import uuid
from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime
from functools import partial

from django.core.mail import EmailMultiAlternatives

from notifications.account_email_text import (
    account_closed_email,
    address_taken_email,
    email_change_email,
    email_change_requested_email,
    email_changed_email,
    email_code_email,
    invitation_email,
    known_address_email,
    password_reset_email,
    staff_code_email,
    verification_email,
)
from notifications.services.job_emails import send_in_job
from scheduling.models import Closing
from tenants.accounts.attempt_limits import limited_mail
from tenants.accounts.email_change.services import (
    announced_change,
    is_taken,
    mark_change_sent,
    pending_change,
)
from tenants.accounts.email_code.services import code_to_send, is_for_staff, mark_code_sent
from tenants.accounts.email_verification.services import (
    is_for_known_address,
    mark_verification_sent,
    verification_to_send,
)
from tenants.accounts.errors import TooManyAttempts
from tenants.accounts.invitations.services import invitation_to_send, mark_invitation_sent
from tenants.accounts.passwords.services import mark_reset_sent, reset_to_send


def send_reset_link(*, reset_id: uuid.UUID, now: datetime) -> bool:
    """Email the link to reset a password, unless no account has the address or the link has expired.

    :return: whether an email was sent
    :raises RetryLater: the mail server refuses it for now, or cannot be reached
    """
    reset = reset_to_send(reset_id=reset_id, now=now)
    if reset is None:
        return False
    assert reset.user is not None  # noqa: S101  no email is sent without a user
    limit = None if reset.user.email_verified_at else "reset link by unconfirmed mailbox"
    done = partial(mark_reset_sent, reset=reset, now=now)
    return _send_once(
        password_reset_email(reset), about=reset.pk, done=done, limit=limit, address=reset.email, now=now
    )


def send_invitation(*, invitation_id: uuid.UUID, now: datetime) -> bool:
    """Email the link of an invitation, unless it was withdrawn.

    :return: whether an email was sent
    :raises RetryLater: the mail server refuses it for now, or cannot be reached
    """
    invitation = invitation_to_send(invitation_id=invitation_id, now=now)
    if invitation is None:
        return False
    done = partial(mark_invitation_sent, invitation=invitation, now=now)
    return send_in_job(invitation_email(invitation), about=invitation.pk, done=done)


def send_verification_link(*, verification_id: uuid.UUID, now: datetime) -> bool:
    """Email the link to confirm an address, unless it is confirmed, was changed, or the link has expired.

    If the address belongs to another account, the owner gets a notice that someone registered with it.
    Anybody can cause these emails, so only a few a day go to one address.

    :return: whether an email was sent
    :raises RetryLater: the mail server refuses it for now, or cannot be reached
    """
    verification = verification_to_send(verification_id=verification_id, now=now)
    if verification is None:
        return False
    done = partial(mark_verification_sent, verification=verification, now=now)
    known = is_for_known_address(verification)
    limit, email = (
        ("registration notice by mailbox", known_address_email)
        if known
        else ("confirmation link by mailbox", verification_email)
    )
    return _send_once(
        email(verification),
        about=verification.pk,
        done=done,
        limit=limit,
        address=verification.email,
        now=now,
    )


def send_email_code(*, code_id: uuid.UUID, now: datetime) -> bool:
    """Email a code, unless it has expired. Staff get an email without a code.

    :return: whether an email was sent
    :raises RetryLater: the mail server refuses it for now, or cannot be reached
    """
    code = code_to_send(code_id=code_id, now=now)
    if code is None:
        return False
    email = staff_code_email(code) if is_for_staff(code) else email_code_email(code)
    done = partial(mark_code_sent, code=code, now=now)
    return _send_once(email, about=code.pk, done=done, address=code.email, now=now)


def send_email_change_link(*, change_id: uuid.UUID, now: datetime) -> bool:
    """Email the link that confirms a new address, or a notice without a link if another account has it.

    :return: whether an email was sent
    :raises RetryLater: the mail server refuses it for now, or cannot be reached
    """
    change = pending_change(change_id=change_id, now=now)
    if change is None or change.sent_at:
        return False
    limit, email = (
        ("registration notice by mailbox", address_taken_email)
        if is_taken(change)
        else ("confirmation link by mailbox", email_change_email)
    )
    done = partial(mark_change_sent, change=change, now=now)
    return _send_once(email(change), about=change.pk, done=done, limit=limit, address=change.email, now=now)


def announce_email_change(*, change_id: uuid.UUID, is_done: bool) -> bool:
    """Email the old address that a new one was requested, or if `is_done`, that it has replaced the old one.

    :return: whether an email was sent
    :raises RetryLater: the mail server refuses it for now, or cannot be reached
    """
    change = announced_change(change_id=change_id)
    if change is None or bool(change.confirmed_at) != is_done:
        return False
    email = email_changed_email(change) if is_done else email_change_requested_email(change)
    return send_in_job(email, about=change.pk)


def send_account_closed(*, closing_id: uuid.UUID, now: datetime) -> bool:
    """Email the confirmation that an account is closed, then delete the address.

    :return: whether an email was sent
    :raises RetryLater: the mail server refuses it for now, or cannot be reached
    """
    closing = Closing.objects.filter(pk=closing_id).first()
    if closing is None:
        return False
    return _send_once(
        account_closed_email(closing), about=closing_id, done=closing.delete, address=closing.email, now=now
    )


def _send_once(
    email: EmailMultiAlternatives,
    *,
    about: uuid.UUID,
    done: Callable[[], object],
    limit: str | None = None,
    address: str,
    now: datetime,
) -> bool:
    """Send an email, unless the limit of its address is reached.

    :param done: records that the email was sent, or never will be
    :param limit: a key of `settings.TRY_LIMITS`; None without a limit
    """
    try:
        with limited_mail(limit, email=address, now=now) if limit else nullcontext():
            return send_in_job(email, about=about, done=done)
    except TooManyAttempts:
        done()
        return False
