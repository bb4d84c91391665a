"""`auth/email/change/`: change the email address of an account."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tenants.accounts.email_change.services import confirm_email_change, request_email_change
from tenants.accounts.email_verification.api import ConfirmationLinkView
from tenants.accounts.errors import (
    AddressNotConfirmed,
    AddressWorks,
    EmailTaken,
    ForeignOrigin,
    LinkInvalid,
    PasswordRequired,
    TooManyAttempts,
)
from tenants.accounts.models import User
from tenants.accounts.permissions import IsSelf, signed_in_user
from tenants.accounts.sessions.api.serializers import EmailVerifyInput
from tenants.accounts.undeliverable import resume_emails
from tenants.base.clock import now
from tenants.base.fields import EmailAddressField, PasswordField
from tenants.base.operations import operation
from tenants.base.requests import rate_limit_address, validate


class EmailChangeInput(serializers.Serializer[Any]):
    """A new email address, and the user's password to confirm."""

    email = EmailAddressField(help_text="The new email address.")
    password = PasswordField(help_text="The user's current password.")


class EmailChangeView(APIView):
    """Request a new email address."""

    permission_classes = (IsSelf,)

    @operation(
        summary="Change your email address",
        request=EmailChangeInput,
        responses={200: None},
        success=_("We have sent a link to your new email address. Open it to change your address."),
        errors=[TooManyAttempts],
    )
    def post(self, request: Request) -> Response:
        """Email a link to the new address. The account keeps its address until the link is used.

        The response is the same whether or not another account has the new address. A confirmed old address
        gets an email about the request. A new request replaces an earlier one.
        """
        data, user = validate(EmailChangeInput, request.data), signed_in_user(request)
        request_email_change(user=user, **data, address=rate_limit_address(request), now=now())
        return Response(None)


class EmailResumeView(APIView):
    """Use the email address again after emails to it were held."""

    permission_classes = (IsSelf,)

    @operation(
        summary="Use your email address again",
        request=None,
        responses={200: None},
        success=_("We send emails to your address again."),
        errors=[AddressWorks, AddressNotConfirmed, TooManyAttempts],
    )
    def post(self, request: Request) -> Response:
        """Send emails to the user's confirmed address again, those that were held first.

        Emails are held when one was returned or reported as spam (`email_problem` of the profile). Only call
        this once the user has said that the address works.
        """
        resume_emails(user=signed_in_user(request), address=rate_limit_address(request), now=now())
        return Response(None)


class EmailChangeConfirmView(ConfirmationLinkView):
    """Confirm a new email address."""

    @operation(
        summary="Confirm a new email address",
        request=EmailVerifyInput,
        responses={200: None},
        success=_("Your email address is changed. Sign in with your new address."),
        errors=[LinkInvalid, EmailTaken, PasswordRequired, ForeignOrigin, TooManyAttempts],
    )
    def post(self, request: Request) -> Response:
        """Change the email address with the token from the link in the email.

        A link is valid for three days, and until the password is changed. Send an access token of the same
        account or its password: the person who asked for the change may not be the reader of the
        email. Every session of the user ends, and so do links that were emailed before. The old address gets
        an email if it was confirmed.
        """
        signed_in = request.user if isinstance(request.user, User) else None
        data, address = validate(EmailVerifyInput, request.data), rate_limit_address(request)
        confirm_email_change(**data, signed_in=signed_in, address=address, now=now())
        return Response(None)
