"""`clinic/`, `auth/register/` and `auth/profile/`."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinics.api.clinic_description import describe_clinic
from clinics.api.serializers import ClinicOutput, PersonInput, ProfileOutput, RegisterInput, profile_form
from clinics.selectors import profile_of
from clinics.services.profiles import join_clinic, update_profile
from tenants.accounts.attempt_limits import limit_registrations
from tenants.accounts.errors import EmailTaken, ForeignOrigin, TooManyTries
from tenants.accounts.permissions import user_of
from tenants.accounts.sessions.api.cookies import AS_COOKIE, GivesSession, session_answer
from tenants.accounts.sessions.api.serializers import SessionOutput
from tenants.base.clock import now
from tenants.base.operations import operation
from tenants.base.requests import client_address


class ClinicView(APIView):
    """The clinic that this host belongs to."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @operation(summary="Get the clinic", responses=ClinicOutput)
    def get(self, request: Request) -> Response:
        """Name, contact details, branding, time zone, booking rules, specialties and visit types."""
        return Response(describe_clinic())


class RegisterView(GivesSession):
    """Create a patient account."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @operation(
        summary="Register as a patient",
        parameters=[AS_COOKIE],
        request=RegisterInput,
        responses={201: SessionOutput},
        success=_("Your account is ready and you are signed in."),
        errors=[EmailTaken, ForeignOrigin, TooManyTries],
    )
    def post(self, request: Request) -> Response:
        """Create a patient account and sign in.

        `email`, `password`, `first_name` and `last_name` are required. Fields that are not listed, such as a
        role, are ignored: the account is always a patient's.
        """
        given = RegisterInput(data=request.data)
        given.is_valid(raise_exception=True)
        limit_registrations(address=client_address(request), now=now())
        session = join_clinic(**given.validated_data, now=now())
        return session_answer(request, session, status=status.HTTP_201_CREATED)


class ProfileView(APIView):
    """The details of the signed-in user."""

    permission_classes = (IsAuthenticated,)

    @operation(summary="Get your profile", responses=ProfileOutput)
    def get(self, request: Request) -> Response:
        """The signed-in user with the profile of their role."""
        return Response(ProfileOutput(user_of(request)).data)

    @operation(
        summary="Replace your profile",
        request=PersonInput,
        responses=ProfileOutput,
        success=_("Your details are saved."),
    )
    def put(self, request: Request) -> Response:
        """Replace the name of the signed-in user. Optional fields that are not sent stay as they are."""
        return self._change(request, partial=False)

    @operation(
        summary="Change your profile",
        request=PersonInput(partial=True),
        responses=ProfileOutput,
        success=_("Your details are saved."),
    )
    def patch(self, request: Request) -> Response:
        """Change some of the details of the signed-in user."""
        return self._change(request, partial=True)

    def _change(self, request: Request, *, partial: bool) -> Response:
        user = user_of(request)
        person = PersonInput(data=request.data, partial=partial)
        person.is_valid(raise_exception=True)
        fields: dict[str, Any] = dict(person.validated_data)
        sent = fields.pop("profile", {})
        record = profile_of(user)
        profile = profile_form(record, data=sent, partial=True) if record else None
        if profile is not None:
            profile.is_valid(raise_exception=True)
        update_profile(user=user, person=fields, profile=profile.validated_data if profile else {})
        return Response(ProfileOutput(user).data)
