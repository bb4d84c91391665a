"""What a mail about an account says, in the clinic's brand and language."""

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from clinics.selectors import clinic_settings
from notifications.letters import addressed, one_line, spoken_language, verification_path
from scheduling.models import Closing
from tenants.accounts.invitations import invitation_token
from tenants.accounts.models import EmailVerification, Invitation, PasswordReset, User
from tenants.accounts.passwords import reset_token
from tenants.base.clock import spoken_day, spoken_time, zone_label
from tenants.door import current_clinic
from tenants.links import clinic_url, message_id


def reset_letter(reset: PasswordReset) -> EmailMultiAlternatives:
    """The mail with the link to a new password. Only here does the token exist in the clear."""
    assert reset.user is not None  # noqa: S101  a request without one is not sent
    return _letter(
        reset,
        user=reset.user,
        subject=gettext_noop("Choose a new password"),
        template="password_reset",
        path=f"/reset-password?token={reset_token(reset)}",
    )


def verification_letter(verification: EmailVerification) -> EmailMultiAlternatives:
    """The mail with the link that confirms its address."""
    return _letter(
        verification,
        user=verification.user,
        subject=gettext_noop("Confirm your e-mail address"),
        template="email_verification",
        path=verification_path(verification),
    )


def _letter(
    row: PasswordReset | EmailVerification, *, user: User, subject: str, template: str, path: str
) -> EmailMultiAlternatives:
    clinic, brand = current_clinic(), clinic_settings()
    with spoken_language(brand):
        words = {
            "clinic": clinic,
            "brand": brand,
            "name": user.first_name,
            "url": clinic_url(clinic, path),
            "day": spoken_day(row.expires_at, clinic.zone),
            "until": spoken_time(row.expires_at, clinic.zone),
            "zone": zone_label(clinic.time_zone),
        }
        letter = EmailMultiAlternatives(
            subject=_(subject),
            body=render_to_string(f"notifications/{template}.txt", words),
            headers={"Message-ID": message_id(row.pk), "Auto-Submitted": "auto-generated"},
            **addressed(clinic, brand, name=user.get_full_name(), email=user.email),
        )
        letter.attach_alternative(render_to_string(f"notifications/{template}.html", words), "text/html")
    return letter


def invitation_letter(invitation: Invitation) -> EmailMultiAlternatives:
    """The mail with which somebody joins the staff. Only here does its token exist in the clear."""
    clinic, brand = current_clinic(), clinic_settings()
    with spoken_language(brand):
        words = {
            "clinic": clinic,
            "brand": brand,
            "name": invitation.first_name,
            "inviter": invitation.invited_by.get_full_name(),
            "role": invitation.get_role_display(),
            "url": clinic_url(clinic, f"/invitation?token={invitation_token(invitation)}"),
            "day": spoken_day(invitation.expires_at, clinic.zone),
            "until": spoken_time(invitation.expires_at, clinic.zone),
            "zone": zone_label(clinic.time_zone),
        }
        letter = EmailMultiAlternatives(
            subject=_("Join the staff of %(clinic)s") % {"clinic": one_line(clinic.name)},
            body=render_to_string("notifications/invitation.txt", words),
            headers={
                # One id for each time it is sent, so that a line that comes back sends no second mail.
                "Message-ID": message_id(f"{invitation.pk}.{invitation.expires_at:%Y%m%d%H%M}"),
                "Auto-Submitted": "auto-generated",
            },
            **addressed(clinic, brand, name=invitation.full_name, email=invitation.email),
        )
        letter.attach_alternative(render_to_string("notifications/invitation.html", words), "text/html")
    return letter


def farewell_letter(closing: Closing) -> EmailMultiAlternatives:
    """The last mail to somebody who has closed their account. It names nobody: no name is kept."""
    clinic, brand = current_clinic(), clinic_settings()
    with spoken_language(brand):
        words = {"clinic": clinic, "brand": brand}
        letter = EmailMultiAlternatives(
            subject=_("Your account is closed"),
            body=render_to_string("notifications/farewell.txt", words),
            headers={
                "Message-ID": message_id(closing.pk),
                "Auto-Submitted": "auto-generated",
            },
            **addressed(clinic, brand, name="", email=closing.email),
        )
        letter.attach_alternative(render_to_string("notifications/farewell.html", words), "text/html")
    return letter
