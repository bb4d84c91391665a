"""JSON Web Tokens that are good at one clinic only."""

import hashlib
import uuid
from threading import Lock
from typing import Any

from cachetools import LRUCache
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


class RememberingBackend(TokenBackend):
    """Checks a signature once: a token comes with every request of ten minutes, and does not change.

    What does, is checked each time by the token: its end, and whether this is its clinic. Tokens themselves
    are not kept, only their digests.
    """

    def __init__(self) -> None:
        vars(self).update(vars(token_backend))
        self._checked: LRUCache[bytes, dict[str, Any]] = LRUCache(maxsize=2_000)
        self._lock = Lock()

    def decode(self, token: Any, verify: bool = True) -> dict[str, Any]:
        """The claims.

        :raises TokenBackendError: the signature is wrong, or the token has ended
        """
        if not verify:
            return super().decode(token, verify)
        digest = hashlib.sha256(token.encode() if isinstance(token, str) else token).digest()
        with self._lock:
            claims = self._checked.get(digest)
        if claims is None:
            claims = super().decode(token)
            with self._lock:
                self._checked[digest] = claims
        return dict(claims)


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
