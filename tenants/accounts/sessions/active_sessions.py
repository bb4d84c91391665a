"""Lists the sessions of a user and ends one of them."""

import uuid
from datetime import datetime

from django.db.models import QuerySet

from tenants.accounts.models import User, UserSession
from tenants.accounts.sessions.services import end_session_by_id
from tenants.base.errors import NotFound


def active_sessions(*, user: User, now: datetime) -> QuerySet[UserSession]:
    """Return the active sessions of `user`, most recently used first."""
    return UserSession.objects.filter(user=user, expires_at__gt=now).order_by("-last_used_at", "id")


def end_session_of_user(*, session_id: uuid.UUID, user: User) -> None:
    """End one session of `user`. Its tokens stop working with the next request.

    :raises NotFound: the user has no such session
    """
    if not end_session_by_id(family=session_id, user=user, by=user):
        raise NotFound
