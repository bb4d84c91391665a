"""`auth/second-factor/`: two-step sign-in with an authenticator app."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tenants.accounts.errors import (
    ChallengeExpired,
    ForeignOrigin,
    SecondFactorAlreadyOn,
    SecondFactorMandatory,
    SecondFactorOff,
    TooManyAttempts,
)
from tenants.accounts.models import User
from tenants.accounts.permissions import IsSelf, signed_in_user
from tenants.accounts.second_factor.api_serializers import (
    CodeInput,
    EnrolmentOutput,
    NewSecondFactorOutput,
    ProofInput,
    RecoveryCodesOutput,
    SecondFactorOutput,
    SetUpConfirmInput,
    SetUpInput,
)
from tenants.accounts.second_factor.challenge import (
    confirmed_authenticator,
    is_second_factor_required,
    user_from_challenge,
)
from tenants.accounts.second_factor.enrolment import (
    begin_enrolment,
    confirm_enrolment,
    count_recovery_codes,
    renew_recovery_codes,
    sign_in_with_code,
    switch_off,
)
from tenants.accounts.second_factor.qr import otpauth_uri, qr_svg
from tenants.accounts.sessions.api.cookies import SESSION_HEADER, TokenView, session_response
from tenants.accounts.sessions.api.serializers import SessionOutput
from tenants.accounts.sessions.services import complete_sign_in
from tenants.base.clock import now
from tenants.base.operations import operation
from tenants.base.requests import rate_limit_address, validate


class LoginSecondFactorView(TokenView):
    """Complete a sign-in with a code."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @operation(
        summary="Complete a two-step sign-in",
        parameters=[SESSION_HEADER],
        request=CodeInput,
        responses=SessionOutput,
        success=_("Signed in."),
        errors=[ChallengeExpired, ForeignOrigin, TooManyAttempts],
    )
    def post(self, request: Request) -> Response:
        """Sign in with the challenge from `auth/login/` and a code.

        `auth/login/` returns 401 `second_factor_required` with `data.challenge`. The code is one from the
        authenticator app, or a recovery code.
        """
        data = validate(CodeInput, request.data)
        session = sign_in_with_code(**data, address=rate_limit_address(request), now=now())
        return session_response(request, session)


class SecondFactorView(APIView):
    """The two-step sign-in of the signed-in user."""

    permission_classes = (IsSelf,)

    @operation(summary="Get the two-step sign-in status", responses=SecondFactorOutput)
    def get(self, request: Request) -> Response:
        """Whether two-step sign-in is on, whether it is required, and how many recovery codes are left."""
        user = signed_in_user(request)
        status = {
            "is_on": confirmed_authenticator(user) is not None,
            "is_demanded": is_second_factor_required(user),
            "recovery_codes_left": count_recovery_codes(user),
        }
        return Response(SecondFactorOutput(status).data)


class SetUpView(APIView):
    """Start the set-up of two-step sign-in."""

    permission_classes = (AllowAny,)

    @operation(
        summary="Start the set-up of two-step sign-in",
        request=SetUpInput,
        responses=EnrolmentOutput,
        success=_("Add this key to your authenticator app, then enter a code to confirm."),
        errors=[ChallengeExpired, NotAuthenticated, SecondFactorAlreadyOn],
    )
    def post(self, request: Request) -> Response:
        """Create a secret for an authenticator app and return it as text, as a URL and as a QR code.

        Two-step sign-in is off until `auth/second-factor/set-up/confirm/` has received a code from the app.
        For everybody with an account: send an access token, or the `challenge` of a sign-in that requires
        the set-up.
        """
        user = enrolling_user(request, validate(SetUpInput, request.data))
        authenticator = begin_enrolment(user=user)
        address = otpauth_uri(authenticator)
        output = {"key": authenticator.secret, "address": address, "picture": qr_svg(address)}
        return Response(EnrolmentOutput(output).data)


class SetUpConfirmView(TokenView):
    """Finish the set-up of two-step sign-in."""

    permission_classes = (AllowAny,)

    @operation(
        summary="Finish the set-up of two-step sign-in",
        parameters=[SESSION_HEADER],
        request=SetUpConfirmInput,
        responses=NewSecondFactorOutput,
        success=_("Two-step sign-in is on. Store your recovery codes in a safe place."),
        errors=[
            ChallengeExpired,
            NotAuthenticated,
            ForeignOrigin,
            SecondFactorAlreadyOn,
            SecondFactorOff,
            TooManyAttempts,
        ],
    )
    def post(self, request: Request) -> Response:
        """Switch two-step sign-in on with a first code from the app.

        Every session of the user ends. The response starts a new one and has the recovery codes.
        """
        data = validate(SetUpConfirmInput, request.data)
        user = enrolling_user(request, data)
        codes = confirm_enrolment(
            user=user, code=data["code"], address=rate_limit_address(request), now=now()
        )
        return session_response(request, complete_sign_in(user=user, now=now()), recovery_codes=codes)


class SwitchOffView(APIView):
    """Switch two-step sign-in off."""

    permission_classes = (IsSelf,)

    @operation(
        summary="Switch two-step sign-in off",
        request=ProofInput,
        responses={200: None},
        success=_("Two-step sign-in is off."),
        errors=[SecondFactorOff, SecondFactorMandatory, TooManyAttempts],
    )
    def post(self, request: Request) -> Response:
        """Switch two-step sign-in off. Not possible if the clinic requires it."""
        data = validate(ProofInput, request.data)
        switch_off(user=signed_in_user(request), **data, address=rate_limit_address(request), now=now())
        return Response(None)


class RecoveryCodesView(APIView):
    """Replace the recovery codes."""

    permission_classes = (IsSelf,)

    @operation(
        summary="Create new recovery codes",
        request=ProofInput,
        responses=RecoveryCodesOutput,
        success=_("New recovery codes created. The old ones no longer work."),
        errors=[SecondFactorOff, TooManyAttempts],
    )
    def post(self, request: Request) -> Response:
        """Create ten new recovery codes. The old ones stop working."""
        data, user = validate(ProofInput, request.data), signed_in_user(request)
        codes = renew_recovery_codes(user=user, **data, address=rate_limit_address(request), now=now())
        return Response(RecoveryCodesOutput({"recovery_codes": codes}).data)


def enrolling_user(request: Request, data: dict[str, Any]) -> User:
    """Return the user who sets up two-step sign-in: the user of the challenge, else the signed-in user.

    :raises ChallengeExpired: the challenge has expired
    :raises NotAuthenticated: no challenge was sent and the client is not signed in
    """
    if data.get("challenge"):
        return user_from_challenge(data["challenge"])
    if not isinstance(request.user, User):
        raise NotAuthenticated
    return request.user
