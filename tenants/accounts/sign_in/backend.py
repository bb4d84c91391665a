"""The authentication backend: which accounts an email address and a password can sign in to."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from tenants.accounts.models import User
from tenants.current import is_in_public


class EmailBackend(ModelBackend):
    """Signs in to the account that owns the address, or else to the newest one that is not confirmed.

    Every refusal computes the same number of hashes, so the response time does not tell whether there is an
    account, a confirmed one or several.
    """

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **_other: Any,
    ) -> User | None:
        """Return the user with this email address and password; None if there is none who can sign in."""
        if username is None or password is None:
            return None
        candidates = [User.objects.owner_of(username)]
        if not is_in_public():  # operators own their addresses
            candidates.append(User.objects.unconfirmed(username).first())
        for user in candidates:
            if user is None:
                make_password(password)  # takes as long as checking a password
            elif user.check_password(password) and self.user_can_authenticate(user):
                return user
        return None
