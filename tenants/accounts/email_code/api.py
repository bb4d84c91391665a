"""`auth/email-code/`: have a code emailed, to sign in or register with."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tenants.accounts.email_code.browser import send_code
from tenants.accounts.errors import TooManyAttempts
from tenants.base.fields import EmailAddressField
from tenants.base.operations import operation
from tenants.base.requests import validate


class EmailCodeInput(serializers.Serializer[Any]):
    """The address that gets the code."""

    email = EmailAddressField(help_text="The email address to sign in or register with.")


class EmailCodeView(APIView):
    """Request a code by email."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @operation(
        summary="Request a sign-in code",
        request=EmailCodeInput,
        responses={200: None},
        success=_("We have sent a 6-digit code to this email address."),
        errors=[TooManyAttempts],
    )
    def post(self, request: Request) -> Response:
        """Email a code of six digits to the address, to sign in or register without a password.

        The response is the same whether or not there is an account. The code works for ten minutes, once, and
        only in the browser that requested it: the response sets an `HttpOnly` cookie. Send it to
        `auth/email-code/sign-in/`. Staff sign in with a password; their email has no code.
        """
        response = Response(None)
        send_code(request, response, **validate(EmailCodeInput, request.data))
        return response
