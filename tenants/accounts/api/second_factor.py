"""The second step: signing in with it, setting it up, switching it off."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotAuthenticated, PermissionDenied
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tenants.accounts.api.cookies import AS_COOKIE, GivesSession, session_answer
from tenants.accounts.api.second_factor_serializers import (
    CodeInput,
    EnrolmentOutput,
    NewSecondFactorOutput,
    ProofInput,
    RecoveryCodesOutput,
    SecondFactorOutput,
    SetUpConfirmInput,
    SetUpInput,
)
from tenants.accounts.api.serializers import SessionOutput
from tenants.accounts.enrolment import (
    begin_enrolment,
    confirm_enrolment,
    recovery_codes_left,
    renew_recovery_codes,
    sign_in_with_code,
    switch_off,
)
from tenants.accounts.models import User
from tenants.accounts.permissions import IsStaff, user_of
from tenants.accounts.qr import enrolment_address, qr_svg
from tenants.accounts.second_factor import authenticator_of, is_demanded, user_of_challenge
from tenants.accounts.services import welcome
from tenants.base.clock import now
from tenants.base.requests import client_address, read


class LoginSecondFactorView(GivesSession):
    """The code after the password."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(request=CodeInput, responses=SessionOutput, parameters=[AS_COOKIE])
    def post(self, request: Request) -> Response:
        """Sign in: what the refusal of `login/` gave, with a code of the app or a recovery code."""
        given = read(CodeInput, request.data)
        session = sign_in_with_code(**given, address=client_address(request), now=now())
        return session_answer(request, session)


class SecondFactorView(APIView):
    """One's own second step."""

    permission_classes = (IsStaff,)

    @extend_schema(responses=SecondFactorOutput)
    def get(self, request: Request) -> Response:
        """Whether it is on, whether it has to be, and how many recovery codes are left."""
        user = user_of(request)
        facts = {
            "is_on": authenticator_of(user) is not None,
            "is_demanded": is_demanded(user),
            "recovery_codes_left": recovery_codes_left(user),
        }
        return Response(SecondFactorOutput(facts).data)


class SetUpView(APIView):
    """A secret for the app."""

    permission_classes = (AllowAny,)

    @extend_schema(request=SetUpInput, responses=EnrolmentOutput)
    def post(self, request: Request) -> Response:
        """Begin: the secret as text and as a picture. It counts once `confirm/` got a code of it."""
        user = who_sets_up(request, read(SetUpInput, request.data))
        waiting = begin_enrolment(user=user)
        address = enrolment_address(waiting)
        shown = {"key": waiting.secret, "address": address, "picture": qr_svg(address)}
        return Response(EnrolmentOutput(shown).data)


class SetUpConfirmView(GivesSession):
    """The first code."""

    permission_classes = (AllowAny,)

    @extend_schema(request=SetUpConfirmInput, responses=NewSecondFactorOutput, parameters=[AS_COOKIE])
    def post(self, request: Request) -> Response:
        """Switch it on. Every session ends; the answer is a new one, with recovery codes to keep."""
        given = read(SetUpConfirmInput, request.data)
        user = who_sets_up(request, given)
        codes = confirm_enrolment(user=user, code=given["code"], address=client_address(request), now=now())
        return session_answer(request, welcome(user=user, now=now()), recovery_codes=codes)


class SwitchOffView(APIView):
    """The end of the second step."""

    permission_classes = (IsStaff,)

    @extend_schema(request=ProofInput, responses={200: None})
    def post(self, request: Request) -> Response:
        """Switch it off, with password and code; not where the clinic demands it."""
        given = read(ProofInput, request.data)
        switch_off(user=user_of(request), **given, address=client_address(request), now=now())
        return Response(None)


class RecoveryCodesView(APIView):
    """New recovery codes."""

    permission_classes = (IsStaff,)

    @extend_schema(request=ProofInput, responses=RecoveryCodesOutput)
    def post(self, request: Request) -> Response:
        """Make ten new ones, with password and code; the old ones are worth nothing any more."""
        given, user = read(ProofInput, request.data), user_of(request)
        codes = renew_recovery_codes(user=user, **given, address=client_address(request), now=now())
        return Response(RecoveryCodesOutput({"recovery_codes": codes}).data)


def who_sets_up(request: Request, given: dict[str, Any]) -> User:
    """Whoever is signed in, or has said their password and cannot get in without a second step.

    :raises ChallengeOver: they have to say it again
    :raises NotAuthenticated: neither
    :raises PermissionDenied: a patient
    """
    if given.get("challenge"):
        return user_of_challenge(given["challenge"])
    if not isinstance(request.user, User):
        raise NotAuthenticated
    if request.user.role not in IsStaff.roles:
        raise PermissionDenied
    return request.user
