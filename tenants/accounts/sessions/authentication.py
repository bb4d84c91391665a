"""Authenticates API requests by their bearer token."""

import json
import uuid
from typing import Any, cast

from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework_simplejwt.authentication import JWTAuthentication
from rest_framework_simplejwt.exceptions import AuthenticationFailed
from rest_framework_simplejwt.tokens import Token

from tenants.accounts.languages import use_language_of
from tenants.accounts.models import User
from tenants.accounts.session_cache import SessionKey, cache_session, get_cached_session
from tenants.accounts.sessions.tokens import SESSION, SUBJECT, VERSION


class ClinicAuthentication(JWTAuthentication):
    """Accepts access tokens of this clinic until their session ends or the user's `token_version` changes."""

    def authenticate(self, request: Request) -> Any:
        """Return the user and the token. From now on, the response is in the user's language."""
        found = super().authenticate(request)
        if found is not None:
            use_language_of(cast("User", found[0]), request._request)
        return found

    def get_user(self, validated_token: Token) -> User:  # type: ignore[override]
        """Return the token's user, with their current role and status.

        :raises AuthenticationFailed: the user is deleted or deactivated, or the session has ended
        """
        user = _user_of(validated_token)
        if user is None or not user.is_active or validated_token.get(VERSION) != user.token_version:
            raise AuthenticationFailed(_("Please sign in again."), code="session_ended")
        return user


def _user_of(token: Token) -> User | None:
    """Return the user of the token's session, from the cache or with one query."""
    try:
        session = SessionKey(uuid.UUID(str(token.get(SESSION))), uuid.UUID(str(token.get(SUBJECT))))
    except ValueError:
        return None
    lookup = get_cached_session(session)
    if lookup.value is not None:
        fields = json.loads(lookup.value)
        return User.from_db("default", ["id", *fields], [session.user_id, *fields.values()])
    user = User.objects.filter(pk=session.user_id, sessions=session.session_id).first()
    if user:
        cache_session(session, {name: getattr(user, name) for name in User.CACHED_FIELDS}, lookup)
    return user
