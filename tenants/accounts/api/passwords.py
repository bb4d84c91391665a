"""Changing a password and getting back in without one."""

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tenants.accounts.api.cookies import AS_COOKIE, GivesSession, session_answer
from tenants.accounts.api.serializers import (
    PasswordChangeInput,
    PasswordResetConfirmInput,
    PasswordResetInput,
    SessionOutput,
)
from tenants.accounts.passwords import change_password, request_reset, reset_password
from tenants.accounts.permissions import user_of
from tenants.base.clock import now
from tenants.base.requests import client_address, read


class PasswordChangeView(GivesSession):
    """A new password by who knows the old one."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(request=PasswordChangeInput, responses=SessionOutput, parameters=[AS_COOKIE])
    def post(self, request: Request) -> Response:
        """Change the password: every session ends, and the answer is a new one."""
        given = read(PasswordChangeInput, request.data)
        user, address = user_of(request), client_address(request)
        return session_answer(request, change_password(user=user, address=address, now=now(), **given))


class PasswordResetView(APIView):
    """A link for who forgot their password."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(request=PasswordResetInput, responses={200: None})
    def post(self, request: Request) -> Response:
        """Ask for a link by e-mail. The answer is the same whether or not there is such an account."""
        given = read(PasswordResetInput, request.data)
        request_reset(**given, address=client_address(request), now=now())
        return Response(None)


class PasswordResetConfirmView(APIView):
    """A new password through a mailed link."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(request=PasswordResetConfirmInput, responses={200: None})
    def post(self, request: Request) -> Response:
        """Choose a new password. A link works once, within an hour; every session ends."""
        reset_password(**read(PasswordResetConfirmInput, request.data), now=now())
        return Response(None)
