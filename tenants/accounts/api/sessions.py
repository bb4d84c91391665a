"""Where one is signed in."""

import uuid
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tenants.accounts.api.cookies import session_id_of, without_cookie
from tenants.accounts.api.serializers import UserSessionOutput
from tenants.accounts.models import UserSession
from tenants.accounts.permissions import user_of
from tenants.accounts.services import end_all_sessions
from tenants.accounts.sessions import end_one_session, live_sessions
from tenants.base.clock import now


class SessionsView(ListAPIView[UserSession]):
    """One's own sessions, the last used first."""

    permission_classes = (IsAuthenticated,)
    serializer_class = UserSessionOutput

    def get_queryset(self) -> QuerySet[UserSession]:
        """Nobody sees another's."""
        return live_sessions(user=user_of(self.request), now=now())

    def get_serializer_context(self) -> dict[str, Any]:
        """Which session asks."""
        return {**super().get_serializer_context(), "present": session_id_of(self.request)}


class SessionView(APIView):
    """One of one's sessions."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(responses={200: None})
    def delete(self, request: Request, session_id: uuid.UUID) -> Response:
        """End it: what is signed in there is refused with its next request."""
        end_one_session(session_id=session_id, user=user_of(request))
        return Response(None)


class SessionsEndAllView(APIView):
    """All of one's sessions."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(request=None, responses={200: None})
    def post(self, request: Request) -> Response:
        """Sign out everywhere, here too, and in the clinic's admin."""
        end_all_sessions(user=user_of(request))
        return without_cookie(Response(None))
