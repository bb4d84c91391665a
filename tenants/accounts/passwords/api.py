"""`auth/password/`: change a password, or reset a forgotten one."""

from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tenants.accounts.email_code.browser import code_token_of
from tenants.accounts.errors import CodeOver, ForeignOrigin, LinkInvalid, TooManyAttempts
from tenants.accounts.passwords.services import (
    change_password,
    choose_password,
    request_reset,
    reset_password,
)
from tenants.accounts.permissions import IsSelf, signed_in_user
from tenants.accounts.sessions.api.cookies import SESSION_HEADER, TokenView, session_response
from tenants.accounts.sessions.api.serializers import (
    PasswordChangeInput,
    PasswordResetConfirmInput,
    PasswordResetInput,
    SessionOutput,
)
from tenants.base.clock import now
from tenants.base.operations import operation
from tenants.base.requests import rate_limit_address, validate


class PasswordChangeView(TokenView):
    """Change the password of the signed-in user."""

    permission_classes = (IsSelf,)

    @operation(
        summary="Change your password",
        parameters=[SESSION_HEADER],
        request=PasswordChangeInput,
        responses=SessionOutput,
        success=_("Password changed. You are signed out on all other devices."),
        errors=[CodeOver, ForeignOrigin, TooManyAttempts],
    )
    def post(self, request: Request) -> Response:
        """Change the password. This ends every session of the user; the response starts a new one.

        An account without a password (`has_password` of the profile) sends `code` instead of
        `current_password`: request it at `auth/email-code/` for the account's own address.
        """
        data = validate(PasswordChangeInput, request.data)
        user, address, moment = signed_in_user(request), rate_limit_address(request), now()
        if "code" in data:
            session = choose_password(
                user=user,
                token=code_token_of(request),
                digits=data["code"],
                new_password=data["new_password"],
                address=address,
                now=moment,
            )
        else:
            session = change_password(user=user, address=address, now=moment, **data)
        return session_response(request, session)


class PasswordResetView(APIView):
    """Request a link to reset a forgotten password."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @operation(
        summary="Request a password reset link",
        request=PasswordResetInput,
        responses={200: None},
        success=_("If there is an account with this email address, we have sent it a link."),
        errors=[TooManyAttempts],
    )
    def post(self, request: Request) -> Response:
        """Email a link to reset the password. The response is the same whether or not the account exists."""
        data = validate(PasswordResetInput, request.data)
        request_reset(**data, address=rate_limit_address(request), now=now())
        return Response(None)


class PasswordResetConfirmView(APIView):
    """Set a new password with the link from an email."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @operation(
        summary="Set a new password",
        request=PasswordResetConfirmInput,
        responses={200: None},
        success=_("Password changed. You can sign in now."),
        errors=[LinkInvalid],
    )
    def post(self, request: Request) -> Response:
        """Set a new password with the token from the link in the email.

        A link is valid once and for one hour. Every session of the user ends.
        """
        reset_password(**validate(PasswordResetConfirmInput, request.data), now=now())
        return Response(None)
