"""Signing in, staying signed in, signing out."""

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tenants.accounts.api.second_factor_serializers import SecondFactorRefusal
from tenants.accounts.api.serializers import LoginInput, RefreshInput, SessionOutput, TokensOutput
from tenants.accounts.services import end_session, renew_session, sign_in
from tenants.base.clock import now
from tenants.base.requests import client_address, read


class LoginView(APIView):
    """E-mail and password for a pair of tokens."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(
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
        return Response(SessionOutput(sign_in(**given, address=client_address(request), now=now())).data)


class RefreshView(APIView):
    """A refresh token for the next pair."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(request=RefreshInput, responses=TokensOutput)
    def post(self, request: Request) -> Response:
        """Stay signed in."""
        given = RefreshInput(data=request.data)
        given.is_valid(raise_exception=True)
        return Response(TokensOutput(renew_session(**given.validated_data, now=now())).data)


class LogoutView(APIView):
    """The end of a session."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(request=RefreshInput, responses={200: None})
    def post(self, request: Request) -> Response:
        """Sign out: the refresh token is dead at once."""
        given = RefreshInput(data=request.data)
        given.is_valid(raise_exception=True)
        end_session(**given.validated_data)
        return Response(None)
