"""`auth/sessions/`: the devices on which the user is signed in."""

import uuid
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tenants.accounts.errors import SessionEnded
from tenants.accounts.models import UserSession
from tenants.accounts.permissions import IsSelf, signed_in_user
from tenants.accounts.sessions.active_sessions import active_sessions, end_session_of_user
from tenants.accounts.sessions.api.cookies import current_session_id, delete_cookie
from tenants.accounts.sessions.api.serializers import SessionActivityOutput, UserSessionOutput
from tenants.accounts.sessions.idle import idle_end, idle_limit, record_input
from tenants.accounts.sessions.services import end_all_sessions
from tenants.base.clock import now
from tenants.base.operations import operation


class SessionsView(ListAPIView[UserSession]):
    """The sessions of the signed-in user."""

    permission_classes = (IsSelf,)
    serializer_class = UserSessionOutput

    def get_queryset(self) -> QuerySet[UserSession]:
        """The user's own sessions."""
        return active_sessions(user=signed_in_user(self.request), now=now())

    def get_serializer_context(self) -> dict[str, Any]:
        """Add the id of the current session."""
        return {**super().get_serializer_context(), "current_session_id": current_session_id(self.request)}

    @operation(summary="List your sessions")
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        """The sessions of the signed-in user, most recently used first."""
        return super().get(request, *args, **kwargs)


class SessionActivityView(APIView):
    """Input in the session of the request."""

    permission_classes = (IsSelf,)

    @operation(summary="When your session ends without input", responses=SessionActivityOutput)
    def get(self, request: Request) -> Response:
        """When the session ends. Asking does not count as input."""
        return Response(SessionActivityOutput(self._activity(request)).data)

    @operation(
        summary="Report input",
        request=None,
        responses=SessionActivityOutput,
        success=_("Your session continues."),
    )
    def post(self, request: Request) -> Response:
        """Report that a person has used the session. Send it at most once a minute, and not when polling.

        Sessions of staff end after a time without input, whether or not their tokens are refreshed.
        """
        record_input(session=self._session(request), now=now())
        return Response(SessionActivityOutput(self._activity(request)).data)

    def _session(self, request: Request) -> UserSession:
        session = UserSession.objects.filter(pk=current_session_id(request)).first()
        if session is None:
            raise SessionEnded
        return session

    def _activity(self, request: Request) -> dict[str, Any]:
        user = signed_in_user(request)
        limit, ends_at = idle_limit(user), idle_end(self._session(request), user=user)
        return {
            "idle_minutes": limit and round(limit.total_seconds() / 60),
            "ends_at": ends_at,
            "seconds_left": ends_at and max(0, int((ends_at - now()).total_seconds())),
        }


class SessionView(APIView):
    """One session of the signed-in user."""

    permission_classes = (IsSelf,)

    @operation(summary="Sign out one device", responses={200: None}, success=_("That device is signed out."))
    def delete(self, request: Request, session_id: uuid.UUID) -> Response:
        """End the session. Its next request gets a 401 response."""
        end_session_of_user(session_id=session_id, user=signed_in_user(request))
        return Response(None)


class SessionsEndAllView(APIView):
    """All sessions of the signed-in user."""

    permission_classes = (IsSelf,)

    @operation(
        summary="Sign out everywhere",
        request=None,
        responses={200: None},
        success=_("You are signed out on all devices."),
    )
    def post(self, request: Request) -> Response:
        """End every session of the user, including this one and those in the clinic's admin."""
        end_all_sessions(user=signed_in_user(request))
        return delete_cookie(Response(None))
