"""Deletes expired rows of the accounts app."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.sessions.models import Session
from django.db.models import F, QuerySet

from tenants.accounts.models import (
    AttemptCounter,
    EmailChange,
    EmailCode,
    EmailVerification,
    Invitation,
    PasswordReset,
    RefreshToken,
    User,
    UserSession,
)
from tenants.services.restore import after_restore

RESEND_PERIOD = timedelta(days=30)
"""How long after its expiry an invitation can still be sent again."""


def delete_expired(*, now: datetime) -> int:
    """Delete expired sessions, tokens, email links, invitations and attempt counters.

    :return: the number of deleted rows
    """
    expired: list[QuerySet[Any]] = [
        RefreshToken.objects.filter(expires_at__lte=now),
        UserSession.objects.filter(expires_at__lte=now),
        PasswordReset.objects.filter(expires_at__lte=now),
        EmailVerification.objects.filter(expires_at__lte=now),
        EmailChange.objects.filter(expires_at__lte=now),
        EmailCode.objects.filter(expires_at__lte=now),
        AttemptCounter.objects.filter(ends_at__lte=now),
        Session.objects.filter(expire_date__lte=now),  # also those with the answers of an unfinished booking
        Invitation.objects.filter(accepted_at=None, expires_at__lte=now - RESEND_PERIOD),
    ]
    return sum(rows.delete()[0] for rows in expired)


@after_restore
def _end_all_sessions(now: datetime) -> None:
    """End all sessions of a restored clinic and delete its email links and attempt counters."""
    rows_to_delete = (
        RefreshToken,
        UserSession,
        PasswordReset,
        EmailVerification,
        EmailChange,
        EmailCode,
        AttemptCounter,
        Session,
    )
    for rows in rows_to_delete:
        rows.objects.all().delete()
    User.objects.update(token_version=F("token_version") + 1)
