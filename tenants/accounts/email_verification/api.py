"""`auth/email/verify/`: confirm an email address."""

from contextlib import suppress

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tenants.accounts.email_verification.services import request_verification, verify_email
from tenants.accounts.errors import ForeignOrigin, LinkInvalid, PasswordRequired, TooManyAttempts
from tenants.accounts.models import User
from tenants.accounts.permissions import IsSelf, signed_in_user
from tenants.accounts.sessions.api.cookies import SESSION_HEADER, TokenView, session_response
from tenants.accounts.sessions.api.serializers import EmailVerifyInput, SessionOutput
from tenants.accounts.sessions.services import start_session
from tenants.base.clock import now
from tenants.base.operations import operation
from tenants.base.requests import rate_limit_address, validate


class ConfirmationLinkView(TokenView):
    """Base of views for links that confirm an email address."""

    permission_classes = (AllowAny,)

    def perform_authentication(self, request: Request) -> None:
        """Accept any token. A link works without one, so an expired token counts as none."""
        with suppress(AuthenticationFailed):
            super().perform_authentication(request)


class EmailVerifyView(ConfirmationLinkView):
    """Confirm an email address with the link from an email."""

    @operation(
        summary="Confirm an email address",
        parameters=[SESSION_HEADER],
        request=EmailVerifyInput,
        responses={200: OpenApiResponse(SessionOutput, "A new session, or null without a session.")},
        nullable=True,
        success=_("Your email address is confirmed."),
        errors=[LinkInvalid, PasswordRequired, ForeignOrigin, TooManyAttempts],
    )
    def post(self, request: Request) -> Response:
        """Confirm the address with the token from the link in the email.

        A link is valid for three days. Using it again has no further effect. Send an access token of the same
        account or its password: the person who registered may not own the address. The first
        confirmation ends every session of the account. If the request has an access token of the same
        account, the response starts a new session.
        """
        signed_in = request.user if isinstance(request.user, User) else None
        version = signed_in and signed_in.token_version
        data, address = validate(EmailVerifyInput, request.data), rate_limit_address(request)
        user = verify_email(**data, signed_in=signed_in, address=address, now=now())
        if user != signed_in or user.token_version == version:
            return Response(None)
        return session_response(request, start_session(user=user, now=now()))


class EmailVerifyRequestView(APIView):
    """Send the confirmation email again."""

    permission_classes = (IsSelf,)

    @operation(
        summary="Send the confirmation email again",
        request=None,
        responses={200: None},
        success=_("If your email address still has to be confirmed, we have sent you a new link."),
        errors=[TooManyAttempts],
    )
    def post(self, request: Request) -> Response:
        """Email a new confirmation link to the signed-in user.

        Nothing is sent if the address is already confirmed, or if the last link is less than a minute old.
        """
        request_verification(user=signed_in_user(request), address=rate_limit_address(request), now=now())
        return Response(None)
