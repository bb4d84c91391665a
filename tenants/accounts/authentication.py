"""Who sends a request, from its bearer token."""

from typing import cast

from django.utils.translation import gettext as _
from rest_framework_simplejwt.authentication import JWTAuthentication
from rest_framework_simplejwt.exceptions import AuthenticationFailed
from rest_framework_simplejwt.tokens import Token

from tenants.accounts.models import User
from tenants.accounts.tokens import VERSION


class ClinicAuthentication(JWTAuthentication):
    """Bearer tokens of this clinic, ended by a change of the user's `token_version`."""

    def get_user(self, validated_token: Token) -> User:  # type: ignore[override]
        """The token's user, as they are now.

        :raises AuthenticationFailed: gone, deactivated, or signed out everywhere since
        """
        user = cast(User, super().get_user(validated_token))
        if validated_token.get(VERSION) != user.token_version:
            raise AuthenticationFailed(_("Please sign in again."), code="session_ended")
        return user
