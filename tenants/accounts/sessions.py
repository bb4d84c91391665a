"""Where somebody is signed in, and ending one of those sessions."""

import uuid
from datetime import datetime

from django.db.models import QuerySet

from tenants.accounts.models import User, UserSession
from tenants.accounts.services import end_family
from tenants.base.errors import NotFound


def live_sessions(*, user: User, now: datetime) -> QuerySet[UserSession]:
    """Where `user` is signed in with tokens, the last used first."""
    return UserSession.objects.filter(user=user, expires_at__gt=now).order_by("-last_used_at", "id")


def end_one_session(*, session_id: uuid.UUID, user: User) -> None:
    """Sign `user` out in one place, with the next request from there.

    :raises NotFound: they have no such session
    """
    if not end_family(family=session_id, user=user, by=user):
        raise NotFound
