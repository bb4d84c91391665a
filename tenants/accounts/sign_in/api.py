"""`auth/login/`, `auth/refresh/`, `auth/logout/`."""

from contextlib import suppress

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from tenants.accounts.errors import (
    ForeignOrigin,
    InvalidCredentials,
    SecondFactorRequired,
    SessionOver,
    TooManyTries,
)
from tenants.accounts.permissions import user_of
from tenants.accounts.second_factor.api_serializers import SecondFactorRefusal
from tenants.accounts.sessions.api.cookies import (
    AS_COOKIE,
    GivesSession,
    in_cookie,
    refresh_of,
    session_answer,
    session_id_of,
    without_cookie,
)
from tenants.accounts.sessions.api.serializers import LoginInput, RefreshInput, SessionOutput, TokensOutput
from tenants.accounts.sessions.services import end_family, end_session, renew_session
from tenants.accounts.sign_in.services import sign_in
from tenants.base.clock import now
from tenants.base.operations import operation
from tenants.base.requests import client_address, read


class LoginView(GivesSession):
    """Sign in with email address and password."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @operation(
        summary="Sign in",
        parameters=[AS_COOKIE],
        request=LoginInput,
        responses={
            200: SessionOutput,
            401: OpenApiResponse(
                SecondFactorRefusal,
                "With `second_factor_required`, send `data.challenge` and a code to "
                "`auth/login/second-factor/`.",
            ),
        },
        success=_("Signed in."),
        errors=[InvalidCredentials, SecondFactorRequired, ForeignOrigin, TooManyTries],
    )
    def post(self, request: Request) -> Response:
        """Exchange an email address and a password for a pair of tokens.

        Send the access token with later requests as `Authorization: Bearer …`. Users with two-step sign-in
        get 401 `second_factor_required` and complete the sign-in at `auth/login/second-factor/`.
        """
        given = read(LoginInput, request.data)
        return session_answer(request, sign_in(**given, address=client_address(request), now=now()))


class RefreshView(GivesSession):
    """Exchange a refresh token for new tokens."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @operation(
        summary="Refresh the tokens",
        parameters=[AS_COOKIE],
        request=RefreshInput,
        responses=TokensOutput,
        success=_("Session renewed."),
        errors=[SessionOver, ForeignOrigin],
    )
    def post(self, request: Request) -> Response:
        """Exchange a refresh token for a new pair of tokens.

        A refresh token works once. Sending a used token again is refused and ends the session.
        """
        session = renew_session(refresh=refresh_of(request), now=now())
        return session_answer(request, session, form=TokensOutput)


class LogoutView(GivesSession):
    """Sign out."""

    permission_classes = (IsAuthenticated,)

    @operation(
        summary="Sign out",
        parameters=[AS_COOKIE],
        request=RefreshInput,
        responses={200: None},
        success=_("Signed out."),
        errors=[SessionOver, ForeignOrigin],
    )
    def post(self, request: Request) -> Response:
        """End the session. Its refresh token and its access tokens stop working at once."""
        if not in_cookie(request):
            end_session(refresh=refresh_of(request))
            return Response(None)
        user = user_of(request)
        end_family(family=session_id_of(request), user=user, by=user)
        # Another tab may have signed in since then; the cookie is that session's, so end it as well.
        with suppress(SessionOver):
            end_session(refresh=refresh_of(request))
        return without_cookie(Response(None))
