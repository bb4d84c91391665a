"""Confirming that an e-mail address is one's own."""

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tenants.accounts.api.serializers import EmailVerifyInput
from tenants.accounts.permissions import user_of
from tenants.accounts.verification import request_verification, verify_email
from tenants.base.clock import now
from tenants.base.requests import client_address, read


class EmailVerifyView(APIView):
    """The link in the mail."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(request=EmailVerifyInput, responses={200: None})
    def post(self, request: Request) -> Response:
        """Confirm the address. A link is good for three days; following it again changes nothing."""
        verify_email(**read(EmailVerifyInput, request.data), now=now())
        return Response(None)


class EmailVerifyRequestView(APIView):
    """The mail once more."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(request=None, responses={200: None})
    def post(self, request: Request) -> Response:
        """Ask for the link again. Nothing is sent where the address is confirmed."""
        request_verification(user=user_of(request), address=client_address(request), now=now())
        return Response(None)
