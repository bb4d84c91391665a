"""JSON Web Tokens that are good at one clinic only."""

import uuid
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework_simplejwt import tokens
from rest_framework_simplejwt.exceptions import TokenError

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


class AccessToken(ClinicToken, tokens.AccessToken):
    """Proves for ten minutes who asks."""


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
