"""Sign-in's input and output."""

from typing import Any

from rest_framework import serializers

from tenants.accounts.models import User
from tenants.base.fields import Line, Secret


class UserOutput(serializers.ModelSerializer[User]):
    """A user as they see themselves."""

    class Meta:
        model = User
        fields = ["id", "email", "first_name", "last_name", "phone", "role"]
        read_only_fields = fields


class LoginInput(serializers.Serializer[Any]):
    """E-mail and password."""

    email = Line(max_length=254)
    password = Secret()


class RefreshInput(serializers.Serializer[Any]):
    """A refresh token."""

    refresh = Line(max_length=4096)


class TokensOutput(serializers.Serializer[Any]):
    """A new pair of tokens."""

    access = serializers.CharField(help_text="For the Authorization header, good for 10 minutes.")
    refresh = serializers.CharField(help_text="Good for one refresh within 7 days.")


class SessionOutput(TokensOutput):
    """Who signed in, with their tokens."""

    user = UserOutput()


class PasswordChangeInput(serializers.Serializer[Any]):
    """The password that is, and the one that shall be."""

    current_password = Secret()
    new_password = Secret()


class PasswordResetInput(serializers.Serializer[Any]):
    """The e-mail address of an account whose password is forgotten."""

    email = serializers.EmailField(max_length=254)


class PasswordResetConfirmInput(serializers.Serializer[Any]):
    """What the mailed link carries, and a new password."""

    token = Line(max_length=200)
    password = Secret()
