"""Sessions of staff end after a time without input. Input is what a person does, not polling."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings

from tenants.accounts.models import User, UserSession
from tenants.current import current_clinic_or_none

WRITE_INTERVAL = timedelta(seconds=10)
"""A new time of input is stored if the stored one is this old. So a session may end ten seconds early."""
IDLE_NOTE = "no activity"
"""The note in the audit log."""

_IdleLimit = Callable[[], timedelta]
_limits: list[_IdleLimit] = []


def staff_idle_limit(limit: _IdleLimit) -> _IdleLimit:
    """Register the function that returns the clinic's setting, which this app cannot import."""
    _limits.append(limit)
    return limit


def idle_limit(user: User) -> timedelta | None:
    """Return after which time without input the sessions of `user` end; None for patients: never."""
    if current_clinic_or_none() is None:
        return timedelta(minutes=settings.OPERATOR_IDLE_MINUTES)
    if user.role == User.Role.PATIENT or not _limits:
        return None
    return _limits[0]()


def idle_end(session: UserSession, *, user: User) -> datetime | None:
    """Return when the session ends unless there is input before; None if it does not."""
    limit = idle_limit(user)
    return None if limit is None else session.last_input_at + limit


def record_input(*, session: UserSession, now: datetime) -> None:
    """Store that a person used the session now."""
    if now - session.last_input_at >= WRITE_INTERVAL:
        UserSession.objects.filter(pk=session.pk, last_input_at__lt=now).update(last_input_at=now)
        session.last_input_at = now
