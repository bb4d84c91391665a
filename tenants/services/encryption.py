"""Encrypts and decrypts files as streams, and short secrets, in the age format (https://age-encryption.org/v1).

A file for a public key is a plain age file. For passphrases, age's own scrypt stanza takes up to a gigabyte
of memory, more than a web process has. So the age key is derived from the passphrase here, with parameters
that need 128 MB, and a first line says so:

    clinic-export v1 scrypt 131072 8 1 <salt, hexadecimal>

The rest is an age file for the X25519 identity whose 32 bytes are scrypt(passphrase, salt).

Secrets that the application itself uses, such as those that sign webhooks, are stored encrypted with a key
derived from SECRET_KEY and the clinic, so that neither a dump nor an export of a clinic reveals them.
"""

import base64
import hashlib
import hmac
import os
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from io import BufferedReader
from typing import IO, Any, ClassVar

import pyrage
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from tenants.base.errors import DomainError, InvalidInput, Text
from tenants.current import current_clinic

_MIN_PASSPHRASE_LENGTH = 12
_HEADER = b"clinic-export v1 scrypt 131072 8 1 "
_SCRYPT_PARAMETERS: dict[str, int] = {"n": 131072, "r": 8, "p": 1, "maxmem": 256 * 1024 * 1024, "dklen": 32}
_SALT_BYTES = 16
_BECH32_LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


class ExportUnreadable(DomainError):
    """The file cannot be decrypted: wrong key, damaged, incomplete, or not an export."""

    code: ClassVar[str] = "export_unreadable"
    message: ClassVar[Text] = _(
        "This file cannot be read. Check the passphrase or key. The file may also be damaged, incomplete "
        "or not an export of a clinic."
    )
    status: ClassVar[int] = 400


class SecretUnreadable(Exception):
    """A stored secret was encrypted by another installation or for another clinic."""


@dataclass(frozen=True, slots=True)
class Passphrase:
    """A passphrase to encrypt or decrypt with."""

    words: str = field(repr=False)

    @classmethod
    def checked(cls, words: str, *, again: str) -> "Passphrase":
        """Return a passphrase to encrypt with.

        :raises InvalidInput: it is too short, or the repetition differs
        """
        if len(words) < _MIN_PASSPHRASE_LENGTH:
            raise InvalidInput(errors={"passphrase": [_("Enter a passphrase of at least 12 characters.")]})
        if words != again:
            raise InvalidInput(errors={"passphrase_again": [_("The passphrases do not match.")]})
        return cls(words)

    def key(self, salt: bytes) -> pyrage.x25519.Identity:
        """Return the age key derived from this passphrase."""
        derived = hashlib.scrypt(self.words.encode("utf-8", "surrogatepass"), salt=salt, **_SCRYPT_PARAMETERS)
        return pyrage.x25519.Identity.from_str(_bech32("age-secret-key-", derived).upper())


@dataclass(frozen=True, slots=True)
class PublicKey:
    """An age recipient, `age1…`, to encrypt for. Only the matching secret key decrypts the file."""

    recipient: str

    @classmethod
    def checked(cls, recipient: str) -> "PublicKey":
        """Return a public key to encrypt for.

        :raises InvalidInput: it is not one
        """
        try:
            pyrage.x25519.Recipient.from_str(recipient.strip())
        except (pyrage.RecipientError, UnicodeError) as error:
            raise InvalidInput(
                errors={"recipient": [_("Enter an age public key. It begins with “age1”.")]}
            ) from error
        return cls(recipient.strip())


@dataclass(frozen=True, slots=True)
class SecretKey:
    """An age identity, `AGE-SECRET-KEY-1…`, to decrypt with."""

    identity: str = field(repr=False)


def encrypt(plain: Any, file: IO[bytes], *, key: Passphrase | PublicKey) -> None:
    """Read `plain` (any object with `read(size)`) to its end and write it encrypted into a file."""
    if isinstance(key, Passphrase):
        salt = secrets.token_bytes(_SALT_BYTES)
        file.write(_HEADER + salt.hex().encode() + b"\n")
        recipient = key.key(salt).to_public()
    else:
        recipient = pyrage.x25519.Recipient.from_str(key.recipient)
    pyrage.encrypt_io(plain, file, [recipient])


@contextmanager
def decrypted(file: IO[bytes], *, key: Passphrase | SecretKey) -> Iterator[BufferedReader]:
    """Decrypt a file as a stream. The content is authentic only if the `with` block ends without an error.

    :raises ExportUnreadable: the key is wrong, or the file is damaged or incomplete
    """
    identity = _identity_for(file, key)
    read_end, write_end = os.pipe()
    errors: list[Exception] = []

    def decrypt() -> None:
        try:
            with os.fdopen(write_end, "wb") as sink:
                pyrage.decrypt_io(file, sink, [identity])
        except Exception as error:  # raised again in the reading thread
            errors.append(error)

    # age pushes decrypted data and tar pulls it, so a thread and a pipe (64 kB) connect them.
    worker = threading.Thread(target=decrypt, daemon=True)
    with os.fdopen(read_end, "rb") as plain:
        worker.start()
        try:
            yield plain
            while plain.read(65536):
                pass
        finally:
            plain.close()
            worker.join()
    if errors:
        raise ExportUnreadable from errors[0]


def encrypt_secret(secret: str) -> str:
    """Return a secret of the current clinic encrypted, as text to store."""
    recipient = _installation_key(settings.SECRET_KEY).to_public()
    return base64.b64encode(pyrage.encrypt(secret.encode(), [recipient])).decode()


def decrypt_secret(stored: str) -> str:
    """Return a secret that `encrypt_secret` encrypted. It also tries the former values of SECRET_KEY.

    :raises SecretUnreadable: it was encrypted by another installation or for another clinic
    """
    keys = [_installation_key(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    try:
        plain: bytes = pyrage.decrypt(base64.b64decode(stored, validate=True), keys)
    except (pyrage.DecryptError, ValueError) as error:
        raise SecretUnreadable from error
    return plain.decode()


def _installation_key(secret_key: str) -> pyrage.x25519.Identity:
    """Return the age key with which this installation encrypts secrets of the current clinic."""
    derived = hmac.digest(secret_key.encode(), f"secrets of {current_clinic().pk}".encode(), "sha256")
    return pyrage.x25519.Identity.from_str(_bech32("age-secret-key-", derived).upper())


def _identity_for(file: IO[bytes], key: Passphrase | SecretKey) -> pyrage.x25519.Identity:
    if isinstance(key, SecretKey):
        with suppress(pyrage.IdentityError, UnicodeError):
            return pyrage.x25519.Identity.from_str(key.identity.strip())
        raise ExportUnreadable
    line = file.read(len(_HEADER) + 2 * _SALT_BYTES + 1)
    # The cost is fixed, so a crafted file cannot make us spend more memory.
    if not (line.startswith(_HEADER) and line.endswith(b"\n")):
        raise ExportUnreadable
    try:
        return key.key(bytes.fromhex(line[len(_HEADER) : -1].decode("ascii")))
    except ValueError as error:
        raise ExportUnreadable from error


def _bech32(prefix: str, raw: bytes) -> str:
    """Encode bytes as Bech32 (BIP 173), the format of age's keys."""
    bits, count, words = 0, 0, []
    for byte in raw:
        bits, count = bits << 8 | byte, count + 8
        while count >= 5:  # noqa: PLR2004
            count -= 5
            words.append(bits >> count & 31)
    if count:
        words.append(bits << (5 - count) & 31)
    expanded = [ord(letter) >> 5 for letter in prefix] + [0] + [ord(letter) & 31 for letter in prefix]
    check = _polymod([*expanded, *words, 0, 0, 0, 0, 0, 0]) ^ 1
    words += [check >> 5 * (5 - place) & 31 for place in range(6)]
    return prefix + "1" + "".join(_BECH32_LETTERS[word] for word in words)


def _polymod(values: list[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for place, factor in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= factor if top >> place & 1 else 0
    return check
