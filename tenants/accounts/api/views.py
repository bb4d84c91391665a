"""Signing in, staying signed in, signing out."""

from contextlib import suppress

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from tenants.accounts.api.cookies import (
    AS_COOKIE,
    GivesSession,
    in_cookie,
    refresh_of,
    session_answer,
    session_id_of,
    without_cookie,
)
from tenants.accounts.api.second_factor_serializers import SecondFactorRefusal
from tenants.accounts.api.serializers import LoginInput, RefreshInput, SessionOutput, TokensOutput
from tenants.accounts.errors import SessionOver
from tenants.accounts.permissions import user_of
from tenants.accounts.services import end_family, end_session, renew_session, sign_in
from tenants.base.clock import now
from tenants.base.requests import client_address, read


class LoginView(GivesSession):
    """E-mail and password for a pair of tokens."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(
        parameters=[AS_COOKIE],
        request=LoginInput,
        responses={
            200: SessionOutput,
            401: OpenApiResponse(
                SecondFactorRefusal,
                "They do not match (`invalid_credentials`), or a code is to come (`second_factor_required`): "
                "`data.challenge` goes with it to `auth/login/second-factor/`.",
            ),
        },
    )
    def post(self, request: Request) -> Response:
        """Sign in."""
        given = read(LoginInput, request.data)
        return session_answer(request, sign_in(**given, address=client_address(request), now=now()))


class RefreshView(GivesSession):
    """A refresh token for the next pair."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(request=RefreshInput, responses=TokensOutput, parameters=[AS_COOKIE])
    def post(self, request: Request) -> Response:
        """Stay signed in."""
        session = renew_session(refresh=refresh_of(request), now=now())
        return session_answer(request, session, form=TokensOutput)


class LogoutView(GivesSession):
    """The end of a session."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(request=RefreshInput, responses={200: None}, parameters=[AS_COOKIE])
    def post(self, request: Request) -> Response:
        """Sign out: the refresh token is dead at once, and with it the access tokens of its session."""
        if not in_cookie(request):
            end_session(refresh=refresh_of(request))
            return Response(None)
        user = user_of(request)
        end_family(family=session_id_of(request), user=user, by=user)
        # Another tab may have signed in since: its session is this browser's too.
        with suppress(SessionOver):
            end_session(refresh=refresh_of(request))
        return without_cookie(Response(None))
