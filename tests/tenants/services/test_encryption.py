"""Encrypted files: the right key reads them, and any damage is detected."""

import io
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyrage
import pytest

from tenants.base.errors import InvalidInput
from tenants.current import enter_clinic
from tenants.models import Clinic
from tenants.services.encryption import (
    ExportUnreadable,
    Passphrase,
    PublicKey,
    SecretKey,
    SecretUnreadable,
    decrypt_secret,
    decrypted,
    encrypt,
    encrypt_secret,
)

PASSPHRASE = Passphrase("a passphrase of some length")
PLAIN = bytes(range(256)) * 1000


@pytest.fixture(scope="module")
def encrypted() -> bytes:
    """Encrypt a file with a passphrase."""
    into = io.BytesIO()
    encrypt(io.BytesIO(PLAIN), into, key=PASSPHRASE)
    return into.getvalue()


def decrypt(file: bytes, key: Passphrase | SecretKey = PASSPHRASE) -> bytes:
    """Decrypt a file."""
    with decrypted(io.BytesIO(file), key=key) as plain:
        return plain.read()


def test_a_passphrase_decrypts_its_own_file(encrypted: bytes) -> None:
    assert decrypt(encrypted) == PLAIN


def test_a_passphrase_file_is_an_age_file_after_a_line_with_the_scrypt_parameters(encrypted: bytes) -> None:
    line, _end, rest = encrypted.partition(b"\n")

    assert line.split()[:-1] == b"clinic-export v1 scrypt 131072 8 1".split()
    assert pyrage.decrypt(rest, [PASSPHRASE.key(bytes.fromhex(line.split()[-1].decode()))]) == PLAIN


def test_a_file_for_a_public_key_is_a_plain_age_file() -> None:
    identity, into = pyrage.x25519.Identity.generate(), io.BytesIO()

    encrypt(io.BytesIO(PLAIN), into, key=PublicKey.checked(f" {identity.to_public()}\n"))

    assert pyrage.decrypt(into.getvalue(), [identity]) == PLAIN
    assert decrypt(into.getvalue(), SecretKey(str(identity))) == PLAIN


def damaged(encrypted: bytes) -> Iterator[Any]:
    """Yield the file with different kinds of damage."""
    middle = len(encrypted) // 2
    yield encrypted[:middle]
    yield encrypted[:-1]
    yield encrypted[:10]
    yield b""
    yield encrypted[:middle] + bytes([encrypted[middle] ^ 1]) + encrypted[middle + 1 :]
    yield encrypted + b"more"
    yield encrypted.replace(b"131072", b"999999", 1)
    yield b"\x00" * 500
    yield encrypted[encrypted.index(b"\n") + 1 :]
    yield b"clinic-export v1 scrypt 131072 8 1 " + b"zz" * 16 + encrypted[encrypted.index(b"\n") :]


@pytest.mark.parametrize("index", range(10))
def test_a_damaged_file_is_refused(encrypted: bytes, index: int) -> None:
    with pytest.raises(ExportUnreadable):
        decrypt(list(damaged(encrypted))[index])


def test_another_passphrase_is_refused(encrypted: bytes) -> None:
    with pytest.raises(ExportUnreadable):
        decrypt(encrypted, Passphrase("a passphrase of some length "))


@pytest.mark.parametrize("identity", ["", "AGE-SECRET-KEY-1", "\ud800", "another's"])
def test_another_key_is_refused(identity: str) -> None:
    into, another = io.BytesIO(), str(pyrage.x25519.Identity.generate())
    encrypt(io.BytesIO(PLAIN), into, key=PublicKey(str(pyrage.x25519.Identity.generate().to_public())))

    with pytest.raises(ExportUnreadable):
        decrypt(into.getvalue(), SecretKey(identity.replace("another's", another)))


@pytest.mark.parametrize(
    ("passphrase", "again"), [("too short", "too short"), ("long enough it is", "long enough")]
)
def test_a_short_or_mistyped_passphrase_is_refused(passphrase: str, again: str) -> None:
    with pytest.raises(InvalidInput):
        Passphrase.checked(passphrase, again=again)


@pytest.mark.parametrize("recipient", ["", "age1", "ssh-ed25519 AAAA", "\ud800", "x" * 10_000])
def test_an_invalid_public_key_is_refused(recipient: str) -> None:
    with pytest.raises(InvalidInput):
        PublicKey.checked(recipient)


def test_passphrases_and_keys_are_not_in_the_repr() -> None:
    assert "passphrase" not in repr(PASSPHRASE).partition("(")[2]
    assert "AGE" not in repr(SecretKey("AGE-SECRET-KEY-1"))


def test_a_missing_end_is_detected_even_if_only_a_part_is_read(encrypted: bytes) -> None:
    with pytest.raises(ExportUnreadable), decrypted(io.BytesIO(encrypted[:-1]), key=PASSPHRASE) as plain:
        assert plain.read(10) == PLAIN[:10]


def test_an_error_of_the_reader_is_raised(encrypted: bytes) -> None:
    with pytest.raises(ZeroDivisionError), decrypted(io.BytesIO(encrypted), key=PASSPHRASE):
        raise ZeroDivisionError


def test_a_large_file_is_processed_with_bounded_memory(tmp_path: Any) -> None:
    path = tmp_path / "large"

    class Zeros:
        left = 64 * 1024 * 1024
        maximum = 0

        def read(self, size: int) -> bytes:
            self.maximum = max(self.maximum, size)
            count = min(size, self.left)
            self.left -= count
            return bytes(count)

    zeros = Zeros()
    with path.open("wb") as file:
        encrypt(zeros, file, key=PASSPHRASE)
    with (
        path.open("rb") as file,
        decrypted(file, key=PASSPHRASE) as plain,
        Path("/dev/null").open("wb") as sink,
    ):
        shutil.copyfileobj(plain, sink)

    assert zeros.maximum <= 64 * 1024


def test_a_stored_secret_can_be_read_with_a_former_key_and_by_no_other_clinic(
    clinics: tuple[Clinic, Clinic], db: None, settings: Any
) -> None:
    with enter_clinic(clinics[0]):
        stored = encrypt_secret("whsec_word")
        settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "the next key"
        assert decrypt_secret(stored) == "whsec_word"
        settings.SECRET_KEY_FALLBACKS = []
        with pytest.raises(SecretUnreadable):
            decrypt_secret(stored)
    with enter_clinic(clinics[1]), pytest.raises(SecretUnreadable):
        decrypt_secret(stored)
