"""Emails about user accounts, in the clinic's brand and locale."""

import uuid
from datetime import datetime
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from notifications.email_context import verification_path
from notifications.email_layout import layout_context, render_parts
from notifications.envelope import clinic_sender, envelope_fields, header_safe
from notifications.visit_context import greeting, recipient_name
from scheduling.models import Closing
from tenants.accounts.email_change.services import change_token
from tenants.accounts.email_code.services import digits_of
from tenants.accounts.invitations.services import invitation_token
from tenants.accounts.languages import message_language, patient_message_language
from tenants.accounts.models import (
    EmailChange,
    EmailCode,
    EmailVerification,
    Invitation,
    PasswordReset,
    User,
)
from tenants.accounts.passwords.services import reset_token
from tenants.base.clock import format_day, format_time, time_zone_label
from tenants.current import current_clinic
from tenants.routing.public_urls import clinic_url, message_id


def password_reset_email(reset: PasswordReset) -> EmailMultiAlternatives:
    """Return the email with the link to reset a password. The token in it is stored nowhere."""
    assert reset.user is not None  # noqa: S101  no email is sent without a user
    return account_email(
        "password_reset",
        subject=gettext_noop("Reset your password"),
        about=reset.pk,
        to=(recipient_name(reset.user), reset.user.email),
        link=(f"/reset-password?token={reset_token(reset)}", reset.expires_at),
        user=reset.user,
    )


def verification_email(verification: EmailVerification) -> EmailMultiAlternatives:
    """Return the email with the link to confirm an email address."""
    return account_email(
        "email_verification",
        subject=gettext_noop("Confirm your email address"),
        about=verification.pk,
        to=("", verification.email),
        language=message_language(verification.user),
        link=(verification_path(verification), verification.expires_at),
    )


def email_code_email(code: EmailCode) -> EmailMultiAlternatives:
    """Return the email with a code to sign in or register with. The code is stored nowhere.

    It is the same whether or not there is an account, and contains nothing that somebody typed.
    """
    return account_email(
        "email_code",
        subject=gettext_noop("Your code for %(clinic)s"),
        about=code.pk,
        to=("", code.email),
        code=digits_of(code),
        link=("/sign-in", code.expires_at),
        language=patient_message_language(code.language),
    )


def staff_code_email(code: EmailCode) -> EmailMultiAlternatives:
    """Return the email that tells staff, who requested a code, that they sign in with a password."""
    return account_email(
        "staff_code",
        subject=gettext_noop("Sign in with your password"),
        about=code.pk,
        to=("", code.email),
        link=("/sign-in", code.expires_at),
        language=current_clinic().language_code,
    )


def known_address_email(verification: EmailVerification) -> EmailMultiAlternatives:
    """Return the email that tells the owner of an address that somebody tried to register with it."""
    return account_email(
        "known_address",
        subject=gettext_noop("Someone tried to register with your email address"),
        about=verification.pk,
        to=("", verification.email),
        language=message_language(User.objects.owner_of(verification.email)),
        sign_in_url=clinic_url(current_clinic(), "/sign-in"),
    )


def invitation_email(invitation: Invitation) -> EmailMultiAlternatives:
    """Return the email that invites a member of staff. The token in its link is stored nowhere."""
    return account_email(
        "invitation",
        subject=gettext_noop("Join the staff of %(clinic)s"),
        # A new id for every time the invitation is sent, and the same id if the queue repeats a job.
        about=f"{invitation.pk}.{invitation.expires_at:%Y%m%d%H%M}",
        to=("", invitation.email),
        link=(f"/invitation?token={invitation_token(invitation)}", invitation.expires_at),
        language=current_clinic().language_code,
        role=Invitation.Role(invitation.role).label,
    )


def account_closed_email(closing: Closing) -> EmailMultiAlternatives:
    """Return the last email to a user who closed the account. It has no name, because none is stored."""
    return account_email(
        "farewell",
        subject=gettext_noop("Your account is closed"),
        about=closing.pk,
        to=("", closing.email),
        language=patient_message_language(closing.language),
    )


def email_change_email(change: EmailChange) -> EmailMultiAlternatives:
    """Return the email with the link that confirms a new address.

    The address may be a stranger's, so the email contains no name and nothing else that the user typed.
    """
    return account_email(
        "email_change",
        subject=gettext_noop("Confirm your new email address"),
        about=change.pk,
        to=("", change.email),
        language=message_language(change.user),
        link=(f"/confirm-email?token={change_token(change)}", change.expires_at),
    )


def address_taken_email(change: EmailChange) -> EmailMultiAlternatives:
    """Return the email to the owner of an address that somebody else wanted for their account."""
    return account_email(
        "address_taken",
        subject=gettext_noop("Someone tried to use your email address"),
        about=change.pk,
        to=("", change.email),
        language=message_language(User.objects.owner_of(change.email)),
    )


def email_change_requested_email(change: EmailChange) -> EmailMultiAlternatives:
    """Return the email to the old address about a requested change."""
    return account_email(
        "email_change_requested",
        subject=gettext_noop("A new email address for your account"),
        about=f"{change.pk}.requested",
        to=(change.user.get_full_name(), change.old_email),
        language=message_language(change.user),
        link=("/forgot-password", change.expires_at),
        name=change.user.first_name,
    )


def email_changed_email(change: EmailChange) -> EmailMultiAlternatives:
    """Return the email to the old address after the change."""
    return account_email(
        "email_changed",
        subject=gettext_noop("Your email address was changed"),
        about=f"{change.pk}.changed",
        to=(change.user.get_full_name(), change.old_email),
        language=message_language(change.user),
        name=change.user.first_name,
    )


def account_email(
    template: str,
    *,
    subject: str,
    about: uuid.UUID | str,
    to: tuple[str, str],
    user: User | None = None,
    language: str | None = None,
    link: tuple[str, datetime] | None = None,
    **extra_context: Any,
) -> EmailMultiAlternatives:
    """Return the email of a template, in the language of its recipient.

    :param about: the id from which the Message-ID is derived
    :param to: name and address
    :param user: the account that the email is for, if it is known. The email greets the user by name.
    :param language: Django's code of the language; None for that of `user`
    :param link: the path of the link, and when it expires
    """
    sender = clinic_sender()
    clinic, brand = sender.clinic, sender.brand
    with translation.override(language or message_language(user)):
        context = {
            **layout_context(clinic, brand),
            "subject": _(subject) % {"clinic": header_safe(clinic.name)},
            "greeting": greeting(user),
            **extra_context,
        }
        if link:
            path, expires_at = link
            context |= {"url": sender.url(path), "day": format_day(expires_at, clinic.zone)}
            context |= {
                "until": format_time(expires_at, clinic.zone),
                "zone": time_zone_label(clinic.time_zone),
            }
        text, html = render_parts(template, context)
    message = EmailMultiAlternatives(
        subject=context["subject"],
        body=text,
        headers={"Message-ID": message_id(about), "Auto-Submitted": "auto-generated"},
        **envelope_fields(clinic, brand, name=to[0], email=to[1]),
    )
    message.attach_alternative(html, "text/html")
    return message
