"""The clinic, joining it, and one's own details."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinics.api.describing import describe_clinic
from clinics.api.serializers import ClinicOutput, PersonInput, ProfileOutput, RegisterInput, profile_form
from clinics.selectors import profile_of
from clinics.services.people import join_clinic, update_profile
from tenants.accounts.api.cookies import AS_COOKIE, GivesSession, session_answer
from tenants.accounts.api.serializers import SessionOutput
from tenants.accounts.limits import limit_registrations
from tenants.accounts.permissions import user_of
from tenants.base.clock import now
from tenants.base.requests import client_address


class ClinicView(APIView):
    """The clinic this host belongs to."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(responses=ClinicOutput)
    def get(self, request: Request) -> Response:
        """Name, contact, colours, rules, specialties."""
        return Response(describe_clinic())


class RegisterView(GivesSession):
    """Becoming a patient."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(request=RegisterInput, responses={201: SessionOutput}, parameters=[AS_COOKIE])
    def post(self, request: Request) -> Response:
        """Make a patient's account and sign in."""
        given = RegisterInput(data=request.data)
        given.is_valid(raise_exception=True)
        limit_registrations(address=client_address(request), now=now())
        session = join_clinic(**given.validated_data, now=now())
        return session_answer(request, session, status=status.HTTP_201_CREATED)


class ProfileView(APIView):
    """One's own details."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(responses=ProfileOutput)
    def get(self, request: Request) -> Response:
        """The user with the profile of their role."""
        return Response(ProfileOutput(user_of(request)).data)

    @extend_schema(request=PersonInput, responses=ProfileOutput)
    def put(self, request: Request) -> Response:
        """Replace one's details."""
        return self._change(request, partial=False)

    @extend_schema(request=PersonInput(partial=True), responses=ProfileOutput)
    def patch(self, request: Request) -> Response:
        """Change some of one's details."""
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
