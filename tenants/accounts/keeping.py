"""Forgetting what is over."""

from datetime import datetime, timedelta

from django.contrib.sessions.models import Session
from django.db.models import F

from tenants.accounts.models import (
    EmailVerification,
    Invitation,
    PasswordReset,
    RefreshToken,
    Tries,
    User,
    UserSession,
)
from tenants.services.restoring import after_restore

STALE = timedelta(days=30)
"""How long an invitation that nobody accepted can still be sent again."""


def forget_what_is_over(*, now: datetime) -> int:
    """Drop sessions, their tokens, mailed links, invitations and counts of tries whose time is over.

    :return: how many
    """
    over = [
        RefreshToken.objects.filter(expires_at__lte=now),
        UserSession.objects.filter(expires_at__lte=now),
        PasswordReset.objects.filter(expires_at__lte=now),
        EmailVerification.objects.filter(expires_at__lte=now),
        Tries.objects.filter(ends_at__lte=now),
        Invitation.objects.filter(accepted_at=None, expires_at__lte=now - STALE),
    ]
    return sum(rows.delete()[0] for rows in over)


@after_restore
def sign_everybody_out(now: datetime) -> None:
    """In a restored clinic nobody is signed in, no mailed link works, no tries are counted."""
    for rows in (RefreshToken, UserSession, PasswordReset, EmailVerification, Tries, Session):
        rows.objects.all().delete()
    User.objects.update(token_version=F("token_version") + 1)
