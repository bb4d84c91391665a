"""Who sends a request, from its bearer token."""

import uuid

from django.utils.translation import gettext as _
from rest_framework_simplejwt.authentication import JWTAuthentication
from rest_framework_simplejwt.exceptions import AuthenticationFailed
from rest_framework_simplejwt.tokens import Token

from tenants.accounts.models import User, UserSession
from tenants.accounts.tokens import SESSION, SUBJECT, VERSION


class ClinicAuthentication(JWTAuthentication):
    """Bearer tokens of this clinic, ended with their session or by a change of the user's `token_version`."""

    def get_user(self, validated_token: Token) -> User:  # type: ignore[override]
        """The token's user, as they are now.

        One query finds session and user, so an ended session ends with the next request at no cost.

        :raises AuthenticationFailed: gone, deactivated, or signed out since, here or everywhere
        """
        session = _session_of(validated_token)
        user = session.user if session else None
        if user is None or not user.is_active or validated_token.get(VERSION) != user.token_version:
            raise AuthenticationFailed(_("Please sign in again."), code="session_ended")
        return user


def _session_of(token: Token) -> UserSession | None:
    try:
        session_id, user_id = uuid.UUID(str(token.get(SESSION))), uuid.UUID(str(token.get(SUBJECT)))
    except ValueError:
        return None
    return UserSession.objects.select_related("user").filter(pk=session_id, user_id=user_id).first()
