"""Emails about user accounts, in the clinic's brand and locale."""

import uuid
from datetime import datetime
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from clinics.selectors import clinic_settings
from notifications.booking_emails import envelope_fields, header_safe
from notifications.email_context import verification_path
from scheduling.models import Closing
from tenants.accounts.invitations.services import invitation_token
from tenants.accounts.models import EmailVerification, Invitation, PasswordReset
from tenants.accounts.passwords.services import reset_token
from tenants.base.clock import format_day, format_time, time_zone_label
from tenants.current import current_clinic
from tenants.routing.public_urls import clinic_url, message_id


def password_reset_email(reset: PasswordReset) -> EmailMultiAlternatives:
    """Return the email with the link to reset a password. The token in it is stored nowhere."""
    assert reset.user is not None  # noqa: S101  no email is sent without a user
    return _account_email(
        "password_reset",
        subject=gettext_noop("Reset your password"),
        about=reset.pk,
        to=(reset.user.get_full_name(), reset.user.email),
        link=(f"/reset-password?token={reset_token(reset)}", reset.expires_at),
        name=reset.user.first_name,
    )


def verification_email(verification: EmailVerification) -> EmailMultiAlternatives:
    """Return the email with the link to confirm an email address."""
    user = verification.user
    return _account_email(
        "email_verification",
        subject=gettext_noop("Confirm your email address"),
        about=verification.pk,
        to=(user.get_full_name(), user.email),
        link=(verification_path(verification), verification.expires_at),
        name=user.first_name,
    )


def invitation_email(invitation: Invitation) -> EmailMultiAlternatives:
    """Return the email that invites a member of staff. The token in its link is stored nowhere."""
    return _account_email(
        "invitation",
        subject=gettext_noop("Join the staff of %(clinic)s"),
        # A new id for every time the invitation is sent, and the same id if the queue repeats a job.
        about=f"{invitation.pk}.{invitation.expires_at:%Y%m%d%H%M}",
        to=(invitation.full_name, invitation.email),
        link=(f"/invitation?token={invitation_token(invitation)}", invitation.expires_at),
        name=invitation.first_name,
        inviter=_inviter(invitation),
        role=Invitation.Role(invitation.role).label,
    )


def _inviter(invitation: Invitation) -> str:
    if invitation.invited_by is None:
        return _("The operator of the booking system")
    return invitation.invited_by.get_full_name()


def account_closed_email(closing: Closing) -> EmailMultiAlternatives:
    """Return the last email to a user who closed the account. It has no name, because none is stored."""
    return _account_email(
        "farewell", subject=gettext_noop("Your account is closed"), about=closing.pk, to=("", closing.email)
    )


def _account_email(
    template: str,
    *,
    subject: str,
    about: uuid.UUID | str,
    to: tuple[str, str],
    link: tuple[str, datetime] | None = None,
    **extra_context: Any,
) -> EmailMultiAlternatives:
    """Return the email of a template.

    :param about: the id from which the Message-ID is derived
    :param to: name and address
    :param link: the path of the link, and when it expires
    """
    clinic, brand = current_clinic(), clinic_settings()
    context = {"clinic": clinic, "brand": brand, **extra_context}
    if link:
        path, expires_at = link
        context |= {"url": clinic_url(clinic, path), "day": format_day(expires_at, clinic.zone)}
        context |= {"until": format_time(expires_at, clinic.zone), "zone": time_zone_label(clinic.time_zone)}
    message = EmailMultiAlternatives(
        subject=_(subject) % {"clinic": header_safe(clinic.name)},
        body=render_to_string(f"notifications/{template}.txt", context),
        headers={"Message-ID": message_id(about), "Auto-Submitted": "auto-generated"},
        **envelope_fields(clinic, brand, name=to[0], email=to[1]),
    )
    message.attach_alternative(render_to_string(f"notifications/{template}.html", context), "text/html")
    return message
