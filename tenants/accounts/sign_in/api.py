"""`auth/login/`, `auth/refresh/`, `auth/logout/`."""

from contextlib import suppress

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from tenants.accounts.errors import (
    ForeignOrigin,
    InvalidCredentials,
    SecondFactorRequired,
    SessionEnded,
    TooManyAttempts,
)
from tenants.accounts.permissions import IsSelf, signed_in_user
from tenants.accounts.second_factor.api_serializers import SecondFactorFailure
from tenants.accounts.sessions.api.cookies import (
    SESSION_HEADER,
    TokenView,
    current_session_id,
    delete_cookie,
    requested_refresh_token,
    session_response,
    uses_cookie,
)
from tenants.accounts.sessions.api.serializers import LoginInput, RefreshInput, SessionOutput, TokensOutput
from tenants.accounts.sessions.known_devices import known_device
from tenants.accounts.sessions.services import end_session, end_session_by_id, renew_session
from tenants.accounts.sign_in.services import sign_in
from tenants.base.clock import now
from tenants.base.operations import operation
from tenants.base.requests import rate_limit_address, validate


class LoginView(TokenView):
    """Sign in with email address and password."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @operation(
        summary="Sign in",
        parameters=[SESSION_HEADER],
        request=LoginInput,
        responses={
            200: SessionOutput,
            401: OpenApiResponse(
                SecondFactorFailure,
                "With `second_factor_required`, send `data.challenge` and a code to "
                "`auth/login/second-factor/`.",
            ),
        },
        success=_("Signed in."),
        errors=[InvalidCredentials, SecondFactorRequired, ForeignOrigin, TooManyAttempts],
    )
    def post(self, request: Request) -> Response:
        """Exchange an email address and a password for a pair of tokens.

        Send the access token with later requests as `Authorization: Bearer …`. Users with two-step sign-in
        get 401 `second_factor_required` and complete the sign-in at `auth/login/second-factor/`.
        """
        data = validate(LoginInput, request.data)
        device = known_device(request, email=data["email"])
        session = sign_in(**data, device=device, address=rate_limit_address(request), now=now())
        return session_response(request, session)


class RefreshView(TokenView):
    """Exchange a refresh token for new tokens."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @operation(
        summary="Refresh the tokens",
        parameters=[SESSION_HEADER],
        request=RefreshInput,
        responses=TokensOutput,
        success=_("Session renewed."),
        errors=[SessionEnded, ForeignOrigin],
    )
    def post(self, request: Request) -> Response:
        """Exchange a refresh token for a new pair of tokens.

        A refresh token works once. Sending a used token again is refused and ends the session.
        """
        session = renew_session(refresh=requested_refresh_token(request), now=now())
        return session_response(request, session, serializer_class=TokensOutput)


class LogoutView(TokenView):
    """Sign out."""

    permission_classes = (IsSelf,)

    @operation(
        summary="Sign out",
        parameters=[SESSION_HEADER],
        request=RefreshInput,
        responses={200: None},
        success=_("Signed out."),
        errors=[SessionEnded, ForeignOrigin],
    )
    def post(self, request: Request) -> Response:
        """End the session. Its refresh token and its access tokens stop working at once."""
        if not uses_cookie(request):
            end_session(refresh=requested_refresh_token(request))
            return Response(None)
        user = signed_in_user(request)
        end_session_by_id(family=current_session_id(request), user=user, by=user)
        # Another tab may have signed in since then; the cookie is that session's, so end it as well.
        with suppress(SessionEnded):
            end_session(refresh=requested_refresh_token(request))
        return delete_cookie(Response(None))
