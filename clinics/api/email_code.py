"""`auth/email-code/sign-in/`: sign in or register with a code that was sent by email."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from clinics.api.serializers import BirthDate
from clinics.errors import DetailsRequired
from clinics.services.email_code_sign_in import sign_in_with_email_code
from tenants.accounts.email_code.browser import code_token_of, forget_code
from tenants.accounts.errors import CodeOver, ForeignOrigin, SecondFactorRequired, TooManyAttempts
from tenants.accounts.sessions.api.cookies import SESSION_HEADER, TokenView, session_response
from tenants.accounts.sessions.api.serializers import SessionOutput
from tenants.accounts.sessions.services import Session
from tenants.base.clock import now
from tenants.base.fields import LineField
from tenants.base.operations import operation
from tenants.base.requests import rate_limit_address, validate
from tenants.phone_numbers import PhoneSerializerField

_MAX_CODE_LENGTH = 20


class EmailCodeSignInInput(serializers.Serializer[Any]):
    """The code, and the details of a new patient. Without an account, the names are required."""

    code = LineField(max_length=_MAX_CODE_LENGTH, help_text="The six digits from the email.")
    first_name = LineField(max_length=80, required=False, help_text="First name.")
    last_name = LineField(max_length=80, required=False, help_text="Last name.")
    phone = PhoneSerializerField(required=False)
    date_of_birth = BirthDate(
        required=False, allow_null=True, help_text="Date of birth. Some clinics ask new patients for it."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Check that both names are there, or neither.

        :raises ValidationError: one is missing
        """
        missing = {"first_name", "last_name"} - attrs.keys()
        if len(missing) == 1:
            raise serializers.ValidationError({missing.pop(): [_("Enter first and last name.")]})
        return attrs


class EmailCodeSignInView(TokenView):
    """Sign in or register with a code."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @operation(
        summary="Sign in or register with a code",
        parameters=[SESSION_HEADER],
        request=EmailCodeSignInInput,
        responses={200: SessionOutput},
        success=gettext_lazy("Signed in."),
        errors=[CodeOver, DetailsRequired, SecondFactorRequired, ForeignOrigin, TooManyAttempts],
    )
    def post(self, request: Request) -> Response:
        """Exchange the code from the email for a pair of tokens, in the browser that requested it.

        The code proves that the user reads the address. If no account has it, the names make a new patient,
        who has no password; without names, the response is 422 `details_required`, and the code can be sent
        again with them. An account that was registered with the address and never confirmed is confirmed:
        earlier sessions end, and its password no longer works. A hold of this browser becomes the patient's.
        Users with two-step sign-in get 401 `second_factor_required`, as with a password.
        """
        data = validate(EmailCodeSignInInput, request.data)
        session = sign_in_with_code_of(request, digits=data.pop("code"), person=new_person(data))
        response = session_response(request, session)
        forget_code(response)
        return response


def new_person(data: dict[str, Any]) -> dict[str, Any]:
    """Return the details of a new patient; empty if no names were given."""
    return data if data.get("first_name") else {}


def sign_in_with_code_of(request: Any, *, digits: str, person: dict[str, Any]) -> Session:
    """Sign in with the code that the browser of the request has requested.

    :raises DomainError: as `sign_in_with_email_code`
    """
    return sign_in_with_email_code(
        token=code_token_of(request),
        digits=digits,
        person=person,
        address=rate_limit_address(request),
        now=now(),
    )
