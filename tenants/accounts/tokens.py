"""JSON Web Tokens that are good at one clinic only."""

import hashlib
import uuid
from threading import Lock
from typing import Any

from cachetools import LRUCache, cached
from django.utils.translation import gettext_lazy as _
from rest_framework_simplejwt import tokens
from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.state import token_backend

from tenants.accounts.models import User
from tenants.door import current_clinic

SUBJECT = "sub"
AUDIENCE = "aud"
VERSION = "ver"
SESSION = "sid"


class ClinicToken(tokens.Token):
    """A token whose audience (RFC 7519, section 4.1.3) is the current clinic's immutable id."""

    def __init__(self, token: Any = None, verify: bool = True) -> None:
        super().__init__(token, verify)
        if token is None:
            self[AUDIENCE] = str(current_clinic().pk)

    def verify(self) -> None:
        """Check signature, end, kind and audience.

        :raises TokenError: one of them is wrong; another clinic's token is one of those
        """
        super().verify()
        if self.get(AUDIENCE) != str(current_clinic().pk):
            raise TokenError(_("This token belongs somewhere else."))


@cached(LRUCache(maxsize=2_000), key=lambda token: hashlib.sha256(token).digest(), lock=Lock())
def claims_of(token: Any) -> dict[str, Any]:
    """The claims of a token that is signed by us. Tokens themselves are not kept, only their digests.

    :raises TokenBackendError: the signature is wrong, or the token has ended
    """
    return token_backend.decode(token)


class RememberingBackend(TokenBackend):
    """Checks a signature once: a token comes with every request of ten minutes, and does not change.

    What does, is checked each time by the token: its end, and whether this is its clinic.
    """

    def __init__(self) -> None:
        vars(self).update(vars(token_backend))

    def decode(self, token: Any, verify: bool = True) -> dict[str, Any]:
        """The claims; what is done with them changes none that are kept."""
        return dict(claims_of(token)) if verify else super().decode(token, verify)


class AccessToken(ClinicToken, tokens.AccessToken):
    """Proves for ten minutes who asks."""

    _token_backend = RememberingBackend()


class ClinicRefreshToken(ClinicToken, tokens.RefreshToken):  # type: ignore[misc]  # simplejwt's own bases disagree
    """Gets new tokens once."""

    access_token_class = AccessToken


def refresh_token_for(user: User, *, session_id: uuid.UUID) -> ClinicRefreshToken:
    """A new refresh token; its `access_token` carries the same user, version and session."""
    token = ClinicRefreshToken()
    token[SUBJECT] = str(user.pk)
    token[VERSION] = user.token_version
    token[SESSION] = str(session_id)
    return token
