"""What a mail about an account says, in the clinic's brand and language."""

import uuid
from datetime import datetime
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from clinics.selectors import clinic_settings
from notifications.letters import addressed, one_line, spoken_language
from notifications.wording import verification_path
from scheduling.models import Closing
from tenants.accounts.invitations import invitation_token
from tenants.accounts.models import EmailVerification, Invitation, PasswordReset
from tenants.accounts.passwords import reset_token
from tenants.base.clock import spoken_day, spoken_time, zone_label
from tenants.door import current_clinic
from tenants.links import clinic_url, message_id


def reset_letter(reset: PasswordReset) -> EmailMultiAlternatives:
    """The mail with the link to a new password. Only here does the token exist in the clear."""
    assert reset.user is not None  # noqa: S101  a request without one is not sent
    return _letter(
        "password_reset",
        subject=gettext_noop("Choose a new password"),
        about=reset.pk,
        to=(reset.user.get_full_name(), reset.user.email),
        link=(f"/reset-password?token={reset_token(reset)}", reset.expires_at),
        name=reset.user.first_name,
    )


def verification_letter(verification: EmailVerification) -> EmailMultiAlternatives:
    """The mail with the link that confirms its address."""
    user = verification.user
    return _letter(
        "email_verification",
        subject=gettext_noop("Confirm your e-mail address"),
        about=verification.pk,
        to=(user.get_full_name(), user.email),
        link=(verification_path(verification), verification.expires_at),
        name=user.first_name,
    )


def invitation_letter(invitation: Invitation) -> EmailMultiAlternatives:
    """The mail with which somebody joins the staff. Only here does its token exist in the clear."""
    return _letter(
        "invitation",
        subject=gettext_noop("Join the staff of %(clinic)s"),
        # One id for each time it is sent, so that a line that comes back sends no second mail.
        about=f"{invitation.pk}.{invitation.expires_at:%Y%m%d%H%M}",
        to=(invitation.full_name, invitation.email),
        link=(f"/invitation?token={invitation_token(invitation)}", invitation.expires_at),
        name=invitation.first_name,
        inviter=invitation.invited_by.get_full_name(),
        role=Invitation.Role(invitation.role).label,
    )


def farewell_letter(closing: Closing) -> EmailMultiAlternatives:
    """The last mail to somebody who has closed their account. It names nobody: no name is kept."""
    return _letter(
        "farewell", subject=gettext_noop("Your account is closed"), about=closing.pk, to=("", closing.email)
    )


def _letter(
    template: str,
    *,
    subject: str,
    about: uuid.UUID | str,
    to: tuple[str, str],
    link: tuple[str, datetime] | None = None,
    **words: Any,
) -> EmailMultiAlternatives:
    """The mail of that template.

    :param about: what its Message-ID is made of
    :param to: name and address
    :param link: the path it leads to, and until when it does
    """
    clinic, brand = current_clinic(), clinic_settings()
    with spoken_language(brand):
        told = {"clinic": clinic, "brand": brand, **words}
        if link:
            path, ends = link
            told |= {"url": clinic_url(clinic, path), "day": spoken_day(ends, clinic.zone)}
            told |= {"until": spoken_time(ends, clinic.zone), "zone": zone_label(clinic.time_zone)}
        letter = EmailMultiAlternatives(
            subject=_(subject) % {"clinic": one_line(clinic.name)},
            body=render_to_string(f"notifications/{template}.txt", told),
            headers={"Message-ID": message_id(about), "Auto-Submitted": "auto-generated"},
            **addressed(clinic, brand, name=to[0], email=to[1]),
        )
        letter.attach_alternative(render_to_string(f"notifications/{template}.html", told), "text/html")
    return letter
