"""Forgetting what is over."""

from datetime import datetime

from tenants.accounts.models import PasswordReset, RefreshToken, Tries


def forget_what_is_over(*, now: datetime) -> int:
    """Drop refresh tokens, requests for a password and counts of tries whose time is over.

    :return: how many
    """
    over = [
        RefreshToken.objects.filter(expires_at__lte=now),
        PasswordReset.objects.filter(expires_at__lte=now),
        Tries.objects.filter(ends_at__lte=now),
    ]
    return sum(rows.delete()[0] for rows in over)
