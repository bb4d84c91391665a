"""Joining the staff through a mailed link."""

from typing import Any

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinics.services.staff import join_staff
from tenants.accounts.api.cookies import AS_COOKIE, GivesSession, session_answer
from tenants.accounts.api.second_factor_serializers import SecondFactorRefusal
from tenants.accounts.api.serializers import SessionOutput
from tenants.accounts.invitations import good_invitation
from tenants.accounts.models import Invitation
from tenants.accounts.second_factor import require_second_factor
from tenants.accounts.services import welcome
from tenants.base.clock import now
from tenants.base.fields import Line, Secret
from tenants.base.requests import read


class InvitationInput(serializers.Serializer[Any]):
    """What the mailed link carries."""

    token = Line(max_length=200)


class InvitationAcceptInput(InvitationInput):
    """The same with the password they choose."""

    password = Secret()


class InvitationOutput(serializers.ModelSerializer[Invitation]):
    """Who is invited, as what."""

    class Meta:
        model = Invitation
        fields = ["email", "first_name", "last_name", "role"]
        read_only_fields = fields


class InvitationView(APIView):
    """Whose an invitation is. The token comes in the body: addresses are written into logs."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(request=InvitationInput, responses=InvitationOutput)
    def post(self, request: Request) -> Response:
        """Name, e-mail and role, for who holds the link."""
        return Response(
            InvitationOutput(good_invitation(**read(InvitationInput, request.data), now=now())).data
        )


class InvitationAcceptView(GivesSession):
    """Choosing a password."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(
        request=InvitationAcceptInput,
        parameters=[AS_COOKIE],
        responses={
            201: SessionOutput,
            401: OpenApiResponse(
                SecondFactorRefusal,
                "They have joined, and the clinic wants a second step before anything else opens: "
                "`data.challenge` goes to `auth/second-factor/set-up/`.",
            ),
        },
    )
    def post(self, request: Request) -> Response:
        """Join the staff and sign in. A link works once, within seven days."""
        user = join_staff(**read(InvitationAcceptInput, request.data), now=now())
        require_second_factor(user=user)
        return session_answer(request, welcome(user=user, now=now()), status=status.HTTP_201_CREATED)
