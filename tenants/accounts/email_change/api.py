"""`auth/email/change/`: change the email address of an account."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tenants.accounts.email_change.services import (
    cancel_email_change,
    change_of,
    confirm_email_change,
    request_email_change,
    resend_change_link,
)
from tenants.accounts.email_verification.api import ConfirmationLinkView
from tenants.accounts.errors import (
    AddressNotConfirmed,
    AddressWorks,
    EmailTaken,
    ForeignOrigin,
    LinkInvalid,
    NoEmailChange,
    PasswordRequired,
    TooManyAttempts,
)
from tenants.accounts.models import EmailChange, User
from tenants.accounts.permissions import IsSelf, signed_in_user
from tenants.accounts.sessions.api.serializers import (
    EmailVerifyInput,
    SessionTimeOutput,
    clinic_local_time,
)
from tenants.accounts.undeliverable import resume_emails
from tenants.base.clock import now, time_zone_label
from tenants.base.fields import EmailAddressField, PasswordField
from tenants.base.operations import operation
from tenants.base.requests import rate_limit_address, validate
from tenants.current import current_clinic


class EmailChangeInput(serializers.Serializer[Any]):
    """A new email address, and the user's password to confirm."""

    email = EmailAddressField(help_text="The new email address.")
    password = PasswordField(help_text="The user's current password.")


class PendingEmailChangeOutput(serializers.ModelSerializer[EmailChange]):
    """A new email address that waits for its confirmation."""

    expires_local = serializers.SerializerMethodField()
    tz_label = serializers.SerializerMethodField()

    class Meta:
        model = EmailChange
        fields = ["email", "created_at", "expires_at", "expires_local", "tz_label"]
        read_only_fields = fields
        extra_kwargs = {
            "email": {"help_text": "The new email address."},
            "created_at": {"help_text": "When the last link was requested."},
            "expires_at": {"help_text": "Until when the last link works."},
        }

    @extend_schema_field(SessionTimeOutput)
    def get_expires_local(self, change: EmailChange) -> dict[str, Any]:
        """Until when the last link works, in the clinic's time zone."""
        return clinic_local_time(change.expires_at)

    def get_tz_label(self, _change: EmailChange) -> str:
        """The time zone, for people: "London time"."""
        return time_zone_label(current_clinic().time_zone)


class EmailChangeView(APIView):
    """The new email address that the signed-in user has requested."""

    permission_classes = (IsSelf,)

    @operation(
        summary="Get your new email address that waits for its confirmation",
        responses={200: OpenApiResponse(PendingEmailChangeOutput, "The pending change, or null.")},
        nullable=True,
    )
    def get(self, request: Request) -> Response:
        """The address that gets the link, until the link is used or expires, or the change is cancelled."""
        change = change_of(user=signed_in_user(request), now=now())
        return Response(PendingEmailChangeOutput(change).data if change else None)

    @operation(
        summary="Cancel the change of your email address",
        responses={200: None},
        success=_("Your email address stays as it is."),
    )
    def delete(self, request: Request) -> Response:
        """End the link that was sent to the new address. Without one, nothing changes."""
        cancel_email_change(user=signed_in_user(request))
        return Response(None)

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


class EmailChangeResendView(APIView):
    """Send the link to a requested address again."""

    permission_classes = (IsSelf,)

    @operation(
        summary="Send the link to your new email address again",
        request=None,
        responses={200: PendingEmailChangeOutput},
        success=_("We have sent a new link to your new email address."),
        errors=[NoEmailChange, TooManyAttempts],
    )
    def post(self, request: Request) -> Response:
        """Email a new link to the address that waits for its confirmation. The earlier link ends."""
        user, address = signed_in_user(request), rate_limit_address(request)
        change = resend_change_link(user=user, address=address, now=now())
        return Response(PendingEmailChangeOutput(change).data)


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
