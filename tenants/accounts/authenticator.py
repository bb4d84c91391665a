"""What proves a second time who signs in: the app on a phone that shows codes, and codes on paper.

Both are django-otp's devices, which keep their secret in the table. What is kept here is worth nothing
without SECRET_KEY, so that neither a dump of a clinic nor a backup lets anybody make codes.
"""

from __future__ import annotations

import re
from base64 import b32encode

from django.utils.crypto import salted_hmac
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

RECOVERY_CODES = 10


class Authenticator(TOTPDevice):
    """An app that shows a code every thirty seconds (RFC 6238). Each is taken once."""

    class Meta:
        proxy = True

    @property
    def bin_key(self) -> bytes:
        """The secret the app is given: made of the stored key and SECRET_KEY."""
        return salted_hmac(f"authenticator of {self.user_id}", self.key, algorithm="sha1").digest()

    @property
    def secret(self) -> str:
        """The same as people type it."""
        return b32encode(self.bin_key).decode()


class RecoveryCodes(StaticDevice):
    """Codes for the day the phone is lost. Each works once; only keyed hashes of them are kept."""

    class Meta:
        proxy = True

    def verify_token(self, token: str) -> bool:
        """Take a code, however it is spaced or cased; it is gone with this."""
        return bool(super().verify_token(self._digest(token)))  # type: ignore[no-untyped-call]  # django-otp has no types

    def replace(self) -> list[str]:
        """Make new codes in the place of the old ones. They can be read here and never again."""
        codes = [_random_code() for _ in range(RECOVERY_CODES)]
        self.token_set.all().delete()
        self.token_set.bulk_create(StaticToken(device_id=self.pk, token=self._digest(code)) for code in codes)
        return [f"{code[:4]}-{code[4:]}" for code in codes]

    def _digest(self, code: str) -> str:
        plain = re.sub(r"[^a-z0-9]", "", code.lower())
        # As much as the column holds: 64 bits.
        return salted_hmac(f"recovery code of {self.user_id}", plain, algorithm="sha256").hexdigest()[:16]


def _random_code() -> str:
    return str(StaticToken.random_token())  # type: ignore[no-untyped-call]  # as above
