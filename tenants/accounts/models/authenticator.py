"""The second factors: an authenticator app, and recovery codes.

Both are django-otp devices, which store their secrets in a table. Here the secrets also depend on SECRET_KEY,
so a database dump or a backup alone is not enough to create codes.
"""

from __future__ import annotations

import re
from base64 import b32encode

from django.utils.crypto import salted_hmac
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

_NUMBER_OF_CODES = 10


class Authenticator(TOTPDevice):
    """An authenticator app that shows a code every thirty seconds (RFC 6238). Each code works once."""

    class Meta:
        proxy = True

    @property
    def bin_key(self) -> bytes:
        """Return the shared secret, derived from the stored key and SECRET_KEY."""
        return salted_hmac(f"authenticator of {self.user_id}", self.key, algorithm="sha1").digest()

    @property
    def secret(self) -> str:
        """Return the shared secret in Base32, the form that people type into the app."""
        return b32encode(self.bin_key).decode()


class RecoveryCodes(StaticDevice):
    """Recovery codes for a user who has lost the phone. Each works once. Only keyed hashes are stored."""

    class Meta:
        proxy = True

    def verify_token(self, token: str) -> bool:
        """Check a code and delete it if it is correct. Spaces, hyphens and case do not matter."""
        return bool(super().verify_token(self._digest(token)))  # type: ignore[no-untyped-call]  # django-otp has no types

    def replace(self) -> list[str]:
        """Replace all codes by new ones. They are returned in plain text this one time."""
        codes = [_random_code() for _ in range(_NUMBER_OF_CODES)]
        self.token_set.all().delete()
        self.token_set.bulk_create(StaticToken(device_id=self.pk, token=self._digest(code)) for code in codes)
        return [f"{code[:4]}-{code[4:]}" for code in codes]

    def _digest(self, code: str) -> str:
        plain = re.sub(r"[^a-z0-9]", "", code.lower())
        # The column holds 16 hexadecimal digits: 64 bits.
        return salted_hmac(f"recovery code of {self.user_id}", plain, algorithm="sha256").hexdigest()[:16]


def _random_code() -> str:
    return str(StaticToken.random_token())  # type: ignore[no-untyped-call]  # as above
