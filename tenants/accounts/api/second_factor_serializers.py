"""The second step's input and output."""

from typing import Any

from rest_framework import serializers

from tenants.accounts.api.serializers import SessionOutput
from tenants.base.fields import Line, Secret


class CodeField(Line):
    """Six digits of the app, or a recovery code."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 32, "help_text": "Of the app, or a recovery code.", **options})


class CodeInput(serializers.Serializer[Any]):
    """What the password was answered with, and a code."""

    challenge = Line(max_length=400)
    code = CodeField()


class ChallengeData(serializers.Serializer[Any]):
    """What a right password is answered with where a second step is to come."""

    challenge = serializers.CharField(help_text="Good for ten minutes, at this clinic.")
    is_set_up = serializers.BooleanField(
        help_text="Where false, nothing is open until `auth/second-factor/set-up/` is done."
    )


class SecondFactorRefusal(serializers.Serializer[Any]):
    """The envelope of `second_factor_required`."""

    success = serializers.BooleanField()
    message = serializers.CharField()
    code = serializers.CharField()

    def get_fields(self) -> dict[str, Any]:
        """`data` and `errors` are words of serializers' own."""
        return {
            **super().get_fields(),
            "data": ChallengeData(allow_null=True),
            "errors": serializers.DictField(),
        }


class SetUpInput(serializers.Serializer[Any]):
    """Nothing for who is signed in; else what the password was answered with."""

    challenge = Line(max_length=400, required=False)


class SetUpConfirmInput(SetUpInput):
    """A code of the new app."""

    code = CodeField()


class ProofInput(serializers.Serializer[Any]):
    """Password and code: that it is really them."""

    password = Secret()
    code = CodeField()


class SecondFactorOutput(serializers.Serializer[Any]):
    """How somebody signs in."""

    is_on = serializers.BooleanField()
    is_demanded = serializers.BooleanField(help_text="The clinic wants it: it cannot be switched off.")
    recovery_codes_left = serializers.IntegerField()


class EnrolmentOutput(serializers.Serializer[Any]):
    """A secret for an authenticator app."""

    key = serializers.CharField(help_text="To be typed, in base 32.")
    address = serializers.CharField(help_text="The same as an `otpauth:` address.")
    picture = serializers.CharField(help_text="The same as a QR code: SVG.")


class RecoveryCodesOutput(serializers.Serializer[Any]):
    """Recovery codes, shown this once. Each works once."""

    recovery_codes = serializers.ListField(child=serializers.CharField())


class NewSecondFactorOutput(SessionOutput):
    """A session that begins with a second step, and the codes to keep."""

    recovery_codes = serializers.ListField(child=serializers.CharField())
