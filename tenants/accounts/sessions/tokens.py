"""JSON Web Tokens that are valid at one clinic only."""

import uuid
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework_simplejwt import tokens
from rest_framework_simplejwt.exceptions import TokenError

from tenants.accounts.models import User
from tenants.current import current_clinic

SUBJECT = "sub"
_AUDIENCE = "aud"
VERSION = "ver"
SESSION = "sid"


class ClinicToken(tokens.Token):
    """A token whose audience (RFC 7519, section 4.1.3) is the current clinic's immutable id."""

    def __init__(self, token: Any = None, verify: bool = True) -> None:
        super().__init__(token, verify)
        if token is None:
            self[_AUDIENCE] = str(current_clinic().pk)

    def verify(self) -> None:
        """Check signature, expiry, token type and audience.

        :raises TokenError: one of them is wrong, for example the token was issued by another clinic
        """
        super().verify()
        if self.get(_AUDIENCE) != str(current_clinic().pk):
            raise TokenError(_("This token was issued by another clinic."))


class AccessToken(ClinicToken, tokens.AccessToken):
    """Authenticates a request. Valid for ten minutes."""


class ClinicRefreshToken(ClinicToken, tokens.RefreshToken):  # type: ignore[misc]  # simplejwt's own bases disagree
    """Exchanged for a new pair of tokens. Works once."""

    access_token_class = AccessToken


def refresh_token_for(user: User, *, session_id: uuid.UUID) -> ClinicRefreshToken:
    """Return a new refresh token. Its `access_token` has the same user, version and session."""
    token = ClinicRefreshToken()
    token[SUBJECT] = str(user.pk)
    token[VERSION] = user.token_version
    token[SESSION] = str(session_id)
    return token
