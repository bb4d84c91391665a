"""`clinic/`, `auth/register/` and `auth/profile/`."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinics.api.clinic_description import clinic_data
from clinics.api.serializers import (
    ClinicOutput,
    ProfileInput,
    ProfileOutput,
    RegisterInput,
    profile_serializer,
)
from clinics.models import Patient
from clinics.public_cache import PUBLIC_PAGES
from clinics.selectors import get_profile
from clinics.services.profiles import sign_up_patient, update_profile
from tenants.accounts.attempt_limits import limit_registrations
from tenants.accounts.errors import ForeignOrigin, TooManyAttempts
from tenants.accounts.languages import active_language
from tenants.accounts.models import User
from tenants.accounts.permissions import IsSelf, signed_in_user
from tenants.accounts.sessions.api.cookies import SESSION_HEADER, TokenView, session_response
from tenants.accounts.sessions.api.serializers import SessionOutput
from tenants.base.clock import now
from tenants.base.errors import InvalidInput
from tenants.base.operations import operation
from tenants.base.requests import rate_limit_address
from tenants.routing.languages import set_language_cookie


class ClinicView(APIView):
    """The clinic that this host belongs to."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    public_data = True
    response_cache = PUBLIC_PAGES

    @operation(summary="Get the clinic", responses=ClinicOutput)
    def get(self, request: Request) -> Response:
        """Name, contact details, branding, time zone, booking rules, specialties and visit types."""
        return Response(clinic_data())


class RegisterView(TokenView):
    """Create a patient account."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @operation(
        summary="Register as a patient",
        parameters=[SESSION_HEADER],
        request=RegisterInput,
        responses={201: SessionOutput},
        success=_("Your account is ready and you are signed in."),
        errors=[ForeignOrigin, TooManyAttempts],
    )
    def post(self, request: Request) -> Response:
        """Create a patient account and sign in.

        `email`, `password`, `first_name` and `last_name` are required. Fields that are not listed, such as a
        role, are ignored: the account is always a patient's. The response is the same whether or not there is
        an account with this email address. The address belongs to the new account once it is confirmed; until
        then only few appointments can be booked.
        """
        serializer = RegisterInput(data=request.data)
        serializer.is_valid(raise_exception=True)
        limit_registrations(address=rate_limit_address(request), now=now())
        session = sign_up_patient(**serializer.validated_data, language=active_language(), now=now())
        return session_response(request, session, status=status.HTTP_201_CREATED)


class ProfileView(APIView):
    """The details of the signed-in user."""

    permission_classes = (IsSelf,)

    @operation(summary="Get your profile", responses=ProfileOutput)
    def get(self, request: Request) -> Response:
        """The signed-in user with the profile of their role."""
        return Response(ProfileOutput(signed_in_user(request)).data)

    @operation(
        summary="Replace your profile",
        request=ProfileInput,
        responses=ProfileOutput,
        success=_("Your details are saved."),
    )
    def put(self, request: Request) -> Response:
        """Replace the name of the signed-in user. Optional fields that are not sent stay as they are."""
        return self._change(request, partial=False)

    @operation(
        summary="Change your profile",
        request=ProfileInput(partial=True),
        responses=ProfileOutput,
        success=_("Your details are saved."),
    )
    def patch(self, request: Request) -> Response:
        """Change some of the details of the signed-in user.

        Other fields, such as `email` or `role`, are refused. The email address has an operation of its own,
        `auth/email/change/`.
        """
        return self._change(request, partial=True)

    def _change(self, request: Request, *, partial: bool) -> Response:
        user = signed_in_user(request)
        change_profile(user, request.data, partial=partial)
        response = Response(ProfileOutput(user).data)
        if "language" in request.data:
            set_language_cookie(response, user.language)
        return response


def change_profile(user: User, data: Any, *, partial: bool) -> None:
    """Validate `data`, a `ProfileInput`, and change the user's details.

    :raises ValidationError: a field is invalid
    :raises InvalidInput: the user's role has no such field
    """
    account = ProfileInput(data=data, partial=partial)
    account.is_valid(raise_exception=True)
    fields: dict[str, Any] = dict(account.validated_data)
    profile_data, sms_consent = fields.pop("profile", {}), fields.pop("sms_consent", None)
    language, record = fields.pop("language", None), get_profile(user)
    if language is not None and user.role != User.Role.PATIENT:
        raise InvalidInput(errors={"language": [_("You cannot change this here.")]})
    if sms_consent is not None and not isinstance(record, Patient):
        raise InvalidInput(errors={"sms_consent": [_("You cannot change this here.")]})
    if profile_data and record is None:
        raise InvalidInput(errors={"profile": [_("You cannot change this here.")]})
    profile = profile_serializer(record, data=profile_data, partial=True) if record else None
    if profile is not None:
        profile.is_valid(raise_exception=True)
    update_profile(
        user=user,
        person=fields,
        profile=profile.validated_data if profile else {},
        sms_consent=sms_consent,
        language=language,
        now=now(),
    )
