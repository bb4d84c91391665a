"""`auth/invitations/`: join the clinic's staff with an invitation link."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers, status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinics.services.staff import accept_staff_invitation
from tenants.accounts.errors import EmailTaken, ForeignOrigin, InvitationInvalid, SecondFactorRequired
from tenants.accounts.invitations.services import valid_invitation
from tenants.accounts.models import Invitation
from tenants.accounts.second_factor.api_serializers import SecondFactorFailure
from tenants.accounts.second_factor.challenge import require_second_factor
from tenants.accounts.sessions.api.cookies import SESSION_HEADER, TokenView, session_response
from tenants.accounts.sessions.api.serializers import SessionOutput
from tenants.accounts.sessions.services import complete_sign_in
from tenants.base.clock import now
from tenants.base.fields import LineField, PasswordField
from tenants.base.operations import operation
from tenants.base.requests import validate


class InvitationInput(serializers.Serializer[Any]):
    """The token of an invitation link."""

    token = LineField(max_length=200, help_text="The token from the link in the email.")


class InvitationAcceptInput(InvitationInput):
    """The token of an invitation link and a password for the new account."""

    password = PasswordField(help_text="The password of the new account, checked against the password rules.")


class InvitationOutput(serializers.ModelSerializer[Invitation]):
    """The invited person and their role."""

    class Meta:
        model = Invitation
        fields = ["email", "first_name", "last_name", "role"]
        read_only_fields = fields


class InvitationView(APIView):
    """Show an invitation. The token is sent in the body because URLs are written to logs."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @operation(
        summary="Show an invitation",
        request=InvitationInput,
        responses=InvitationOutput,
        success=_("This invitation is valid. Choose a password to accept it."),
        errors=[InvitationInvalid],
    )
    def post(self, request: Request) -> Response:
        """Return name, email address and role of the invited person. Changes nothing."""
        return Response(
            InvitationOutput(valid_invitation(**validate(InvitationInput, request.data), now=now())).data
        )


class InvitationAcceptView(TokenView):
    """Accept an invitation."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @operation(
        summary="Accept an invitation",
        parameters=[SESSION_HEADER],
        request=InvitationAcceptInput,
        responses={
            201: SessionOutput,
            401: OpenApiResponse(
                SecondFactorFailure,
                "The account was created, and the clinic requires two-step sign-in. Send `data.challenge` to "
                "`auth/second-factor/set-up/`.",
            ),
        },
        success=_("Welcome. Your account is ready and you are signed in."),
        errors=[InvitationInvalid, EmailTaken, ForeignOrigin, SecondFactorRequired],
    )
    def post(self, request: Request) -> Response:
        """Create the staff account with the chosen password and sign in.

        A link is valid once and for seven days.
        """
        user = accept_staff_invitation(**validate(InvitationAcceptInput, request.data), now=now())
        require_second_factor(user=user)
        return session_response(
            request, complete_sign_in(user=user, now=now()), status=status.HTTP_201_CREATED
        )
