"""Who sends a request, from its bearer token."""

import uuid

from django.utils.translation import gettext as _
from rest_framework_simplejwt.authentication import JWTAuthentication
from rest_framework_simplejwt.exceptions import AuthenticationFailed
from rest_framework_simplejwt.tokens import Token

from tenants.accounts.models import User
from tenants.accounts.signed_in import SignIn, keep, look_up
from tenants.accounts.tokens import SESSION, SUBJECT, VERSION

# Written out: of the same query put together by Django, the putting together is two thirds.
SIGNED_IN = """
SELECT person.* FROM accounts_user AS person
JOIN accounts_usersession AS signed_in ON signed_in.user_id = person.id
WHERE signed_in.id = %s AND person.id = %s
"""


class ClinicAuthentication(JWTAuthentication):
    """Bearer tokens of this clinic, ended with their session or by a change of the user's `token_version`."""

    def get_user(self, validated_token: Token) -> User:  # type: ignore[override]
        """The token's user, as they are now: an ended session ends with the next request.

        :raises AuthenticationFailed: gone, deactivated, or signed out since, here or everywhere
        """
        user = _user_of(validated_token)
        if user is None or not user.is_active or validated_token.get(VERSION) != user.token_version:
            raise AuthenticationFailed(_("Please sign in again."), code="session_ended")
        return user


def _user_of(token: Token) -> User | None:
    """One query finds session and user; where it was asked a moment ago, none."""
    try:
        sign_in = SignIn(uuid.UUID(str(token.get(SESSION))), uuid.UUID(str(token.get(SUBJECT))))
    except ValueError:
        return None
    lookup = look_up(sign_in)
    if lookup.kept:
        return User.from_db("default", ["id", *lookup.kept], [sign_in.user_id, *lookup.kept.values()])
    user = next(iter(User.objects.raw(SIGNED_IN, (sign_in.session_id, sign_in.user_id))), None)
    if user:
        keep(sign_in, {name: getattr(user, name) for name in User.KEPT}, lookup)
    return user
