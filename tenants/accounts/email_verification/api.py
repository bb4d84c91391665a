"""`auth/email/verify/`: confirm an email address."""

from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tenants.accounts.email_verification.services import request_verification, verify_email
from tenants.accounts.errors import LinkInvalid, TooManyAttempts
from tenants.accounts.permissions import IsSelf, signed_in_user
from tenants.accounts.sessions.api.serializers import EmailVerifyInput
from tenants.base.clock import now
from tenants.base.operations import operation
from tenants.base.requests import rate_limit_address, validate


class EmailVerifyView(APIView):
    """Confirm an email address with the link from an email."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @operation(
        summary="Confirm an email address",
        request=EmailVerifyInput,
        responses={200: None},
        success=_("Your email address is confirmed."),
        errors=[LinkInvalid],
    )
    def post(self, request: Request) -> Response:
        """Confirm the address with the token from the link in the email.

        A link is valid for three days. Using it again has no further effect.
        """
        verify_email(**validate(EmailVerifyInput, request.data), now=now())
        return Response(None)


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

        Nothing is sent if the address is already confirmed.
        """
        request_verification(user=signed_in_user(request), address=rate_limit_address(request), now=now())
        return Response(None)
