"""Serializers of two-step sign-in."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from tenants.accounts.sessions.api.serializers import SessionOutput
from tenants.base.fields import LineField, PasswordField


class CodeField(LineField):
    """A code of six digits from the authenticator app, or a recovery code."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            **{
                "max_length": 32,
                "help_text": "The code from the authenticator app, or a recovery code.",
                **options,
            }
        )


class CodeInput(serializers.Serializer[Any]):
    """The challenge of a sign-in and a code."""

    challenge = LineField(max_length=400, help_text="`data.challenge` of the 401 response of `auth/login/`.")
    code = CodeField()


class ChallengeData(serializers.Serializer[Any]):
    """The challenge that follows a correct password."""

    challenge = serializers.CharField(help_text="Valid for ten minutes, at this clinic only.")
    is_set_up = serializers.BooleanField(
        help_text="If false, the user has to complete `auth/second-factor/set-up/` before signing in."
    )


class SecondFactorFailure(serializers.Serializer[Any]):
    """A failed sign-in. With the code `second_factor_required`, `data` is the challenge."""

    success = serializers.BooleanField()
    message = serializers.CharField()
    code = serializers.CharField()

    def get_fields(self) -> dict[str, Any]:
        """Add `data` and `errors`, which are attributes of serializers and cannot be declared."""
        return {
            **super().get_fields(),
            "data": ChallengeData(allow_null=True),
            "errors": serializers.DictField(),
        }


class SetUpInput(serializers.Serializer[Any]):
    """Empty for a signed-in user, else the challenge of the sign-in."""

    challenge = LineField(
        max_length=400,
        required=False,
        help_text="`data.challenge` of the 401 response of `auth/login/`. Not needed with an access token.",
    )


class SetUpConfirmInput(SetUpInput):
    """A first code from the authenticator app."""

    code = CodeField()


class ProofInput(serializers.Serializer[Any]):
    """Password and code of the signed-in user, to confirm a sensitive change."""

    password = PasswordField(help_text="The user's current password.")
    code = CodeField()


class SecondFactorOutput(serializers.Serializer[Any]):
    """The two-step sign-in status of a user."""

    is_on = serializers.BooleanField()
    is_demanded = serializers.BooleanField(
        help_text="Whether the clinic requires it, so that it cannot be switched off."
    )
    recovery_codes_left = serializers.IntegerField()


class EnrolmentOutput(serializers.Serializer[Any]):
    """A secret for an authenticator app."""

    key = serializers.CharField(help_text="The secret in base 32, to type into the app.")
    address = serializers.CharField(help_text="The secret as an `otpauth:` URL.")
    picture = serializers.CharField(help_text="The URL as a QR code, in SVG.")


class RecoveryCodesOutput(serializers.Serializer[Any]):
    """Recovery codes. They are shown only once, and each works once."""

    recovery_codes = serializers.ListField(child=serializers.CharField())


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Two-step sign-in is on",
            response_only=True,
            value={
                "access": "eyJhbGciOiJIUzI1NiJ9.e30.YWNj",
                "refresh": "eyJhbGciOiJIUzI1NiJ9.e30.c2ln",
                "user": {
                    "id": "6d0e0a52-7a0c-4c6c-a0f5-4d7a4dd55a14",
                    "email": "a.okafor@harbour.example.com",
                    "email_verified_at": "2026-11-20T14:02:11Z",
                    "email_problem": "",
                    "first_name": "Amara",
                    "last_name": "Okafor",
                    "phone": "",
                    "phone_display": "",
                    "has_password": True,
                    "language": "",
                    "role": "doctor",
                    "time_zone": "Europe/London",
                },
                "recovery_codes": ["7kq2-m9xw", "h3vd-t6np"],
            },
        )
    ]
)
class NewSecondFactorOutput(SessionOutput):
    """A new session and the recovery codes."""

    recovery_codes = serializers.ListField(child=serializers.CharField())
