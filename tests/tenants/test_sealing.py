"""Encrypted files: whoever has the key reads what was written, and nobody is fooled by less."""

import io
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyrage
import pytest

from tenants.base.errors import InvalidInput
from tenants.services.sealing import Passphrase, PublicKey, SecretKey, Unreadable, seal, unsealed

WORDS = Passphrase("a passphrase of some length")
PLAIN = bytes(range(256)) * 1000


@pytest.fixture(scope="module")
def sealed() -> bytes:
    """A file closed with a passphrase."""
    into = io.BytesIO()
    seal(io.BytesIO(PLAIN), into, lock=WORDS)
    return into.getvalue()


def opened(file: bytes, key: Passphrase | SecretKey = WORDS) -> bytes:
    """What a file says."""
    with unsealed(io.BytesIO(file), key=key) as plain:
        return plain.read()


def test_a_passphrase_opens_what_it_closed(sealed: bytes) -> None:
    assert opened(sealed) == PLAIN


def test_the_file_is_one_of_age_behind_a_line_that_says_how_the_key_is_made(sealed: bytes) -> None:
    line, _end, rest = sealed.partition(b"\n")

    assert line.split()[:-1] == b"clinic-export v1 scrypt 131072 8 1".split()
    assert pyrage.decrypt(rest, [WORDS.key(bytes.fromhex(line.split()[-1].decode()))]) == PLAIN


def test_a_file_for_a_public_key_is_a_file_of_age_and_nothing_else() -> None:
    mine, into = pyrage.x25519.Identity.generate(), io.BytesIO()

    seal(io.BytesIO(PLAIN), into, lock=PublicKey.checked(f" {mine.to_public()}\n"))

    assert pyrage.decrypt(into.getvalue(), [mine]) == PLAIN
    assert opened(into.getvalue(), SecretKey(str(mine))) == PLAIN


def damaged(sealed: bytes) -> Iterator[Any]:
    """The file, spoiled in every way we know."""
    middle = len(sealed) // 2
    yield sealed[:middle]
    yield sealed[:-1]
    yield sealed[:10]
    yield b""
    yield sealed[:middle] + bytes([sealed[middle] ^ 1]) + sealed[middle + 1 :]
    yield sealed + b"more"
    yield sealed.replace(b"131072", b"999999", 1)
    yield b"\x00" * 500
    yield sealed[sealed.index(b"\n") + 1 :]
    yield b"clinic-export v1 scrypt 131072 8 1 " + b"zz" * 16 + sealed[sealed.index(b"\n") :]


@pytest.mark.parametrize("which", range(10))
def test_a_damaged_file_is_refused(sealed: bytes, which: int) -> None:
    with pytest.raises(Unreadable):
        opened(list(damaged(sealed))[which])


def test_another_passphrase_is_refused(sealed: bytes) -> None:
    with pytest.raises(Unreadable):
        opened(sealed, Passphrase("a passphrase of some length "))


@pytest.mark.parametrize("identity", ["", "AGE-SECRET-KEY-1", "\ud800", "another's"])
def test_another_key_is_refused(identity: str) -> None:
    into, another = io.BytesIO(), str(pyrage.x25519.Identity.generate())
    seal(io.BytesIO(PLAIN), into, lock=PublicKey(str(pyrage.x25519.Identity.generate().to_public())))

    with pytest.raises(Unreadable):
        opened(into.getvalue(), SecretKey(identity.replace("another's", another)))


@pytest.mark.parametrize(
    ("words", "again"), [("too short", "too short"), ("long enough it is", "long enough")]
)
def test_a_weak_or_mistyped_passphrase_closes_nothing(words: str, again: str) -> None:
    with pytest.raises(InvalidInput):
        Passphrase.checked(words, again=again)


@pytest.mark.parametrize("recipient", ["", "age1", "ssh-ed25519 AAAA", "\ud800", "x" * 10_000])
def test_what_is_no_public_key_is_refused(recipient: str) -> None:
    with pytest.raises(InvalidInput):
        PublicKey.checked(recipient)


def test_neither_words_nor_keys_are_shown() -> None:
    assert "passphrase" not in repr(WORDS).partition("(")[2]
    assert "AGE" not in repr(SecretKey("AGE-SECRET-KEY-1"))


def test_reading_less_than_all_of_it_still_finds_the_end_missing(sealed: bytes) -> None:
    with pytest.raises(Unreadable), unsealed(io.BytesIO(sealed[:-1]), key=WORDS) as plain:
        assert plain.read(10) == PLAIN[:10]


def test_the_readers_own_error_comes_through(sealed: bytes) -> None:
    with pytest.raises(ZeroDivisionError), unsealed(io.BytesIO(sealed), key=WORDS):
        raise ZeroDivisionError


def test_a_file_larger_than_memory_should_hold_passes_in_pieces(tmp_path: Any) -> None:
    path = tmp_path / "large"

    class Zeros:
        left = 64 * 1024 * 1024
        most = 0

        def read(self, size: int) -> bytes:
            self.most = max(self.most, size)
            given = min(size, self.left)
            self.left -= given
            return bytes(given)

    zeros = Zeros()
    with path.open("wb") as file:
        seal(zeros, file, lock=WORDS)
    with path.open("rb") as file, unsealed(file, key=WORDS) as plain, Path("/dev/null").open("wb") as away:
        shutil.copyfileobj(plain, away)

    assert zeros.most <= 64 * 1024
