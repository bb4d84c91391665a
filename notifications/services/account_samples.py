"""Sample emails about accounts, for previews. Nothing is stored, and their links do not work."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.core.mail import EmailMultiAlternatives
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from notifications import account_email_text as texts
from scheduling.models import Closing
from tenants.accounts.models import (
    EmailChange,
    EmailCode,
    EmailVerification,
    Invitation,
    PasswordReset,
    User,
)

_ADDRESS = "alex@sample.invalid"
Sample = Callable[[datetime], EmailMultiAlternatives]


def account_sample_user(now: datetime) -> User:
    """Return an invented user with a confirmed address."""
    return User(email=_ADDRESS, first_name="Alex", last_name="Sample", email_verified_at=now)


def _reset(now: datetime) -> PasswordReset:
    return PasswordReset(user=account_sample_user(now), email=_ADDRESS, expires_at=now + timedelta(hours=1))


def _verification(now: datetime) -> EmailVerification:
    return EmailVerification(
        user=account_sample_user(now), email=_ADDRESS, expires_at=now + timedelta(days=3)
    )


def _invitation(now: datetime) -> Invitation:
    return Invitation(email=_ADDRESS, role=Invitation.Role.DOCTOR, expires_at=now + timedelta(days=7))


def _code(now: datetime) -> EmailCode:
    return EmailCode(email=_ADDRESS, expires_at=now + timedelta(minutes=10))


def _change(now: datetime) -> EmailChange:
    return EmailChange(
        user=account_sample_user(now),
        email=_ADDRESS,
        old_email=_ADDRESS,
        token_version=0,
        expires_at=now + timedelta(hours=1),
    )


ACCOUNT_SAMPLES: dict[str, tuple[str | Promise, Sample]] = {
    "password_reset": (_("Password: choose a new one"), lambda now: texts.password_reset_email(_reset(now))),
    "email_code": (_("Code: sign in or register"), lambda now: texts.email_code_email(_code(now))),
    "staff_code": (_("Code: staff sign in with a password"), lambda now: texts.staff_code_email(_code(now))),
    "email_verification": (
        _("Email address: confirm it"),
        lambda now: texts.verification_email(_verification(now)),
    ),
    "known_address": (
        _("Email address: someone registered with it"),
        lambda now: texts.known_address_email(_verification(now)),
    ),
    "email_change": (
        _("Email address: confirm the new one"),
        lambda now: texts.email_change_email(_change(now)),
    ),
    "address_taken": (
        _("Email address: another account wanted it"),
        lambda now: texts.address_taken_email(_change(now)),
    ),
    "email_change_requested": (
        _("Email address: a new one was requested"),
        lambda now: texts.email_change_requested_email(_change(now)),
    ),
    "email_changed": (
        _("Email address: it was changed"),
        lambda now: texts.email_changed_email(_change(now)),
    ),
    "invitation": (_("Invitation to the staff"), lambda now: texts.invitation_email(_invitation(now))),
    "account_closed": (
        _("Account closed"),
        lambda now: texts.account_closed_email(Closing(email=_ADDRESS, created_at=now)),
    ),
}
"""The emails about accounts: label, and the function that makes the sample."""
