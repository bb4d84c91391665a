"""Exported files as somebody else might read, make or spoil them."""

import io
import json
import tarfile
from typing import Any

import pyrage

from tenants.base.errors import DomainError
from tenants.services.encryption import ExportUnreadable, PublicKey, SecretKey, encrypt
from tenants.services.restore import ChecksumMismatch, ExportVersionMismatch

IDEMPOTENCY_KEY = pyrage.x25519.Identity.generate()
LOCK, OPENER = PublicKey(str(IDEMPOTENCY_KEY.to_public())), SecretKey(str(IDEMPOTENCY_KEY))


def members(file: io.BytesIO) -> dict[str, bytes]:
    """What is in a file, read with age and tar alone."""
    with tarfile.open(fileobj=io.BytesIO(pyrage.decrypt(file.getvalue(), [IDEMPOTENCY_KEY]))) as archive:
        return {each.name: archive.extractfile(each).read() for each in archive.getmembers()}  # type: ignore[union-attr]


def rebuilt(parts: dict[str, bytes]) -> io.BytesIO:
    """A file of these parts, as somebody else might make it."""
    plain, into = io.BytesIO(), io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w") as archive:
        for name, content in parts.items():
            about = tarfile.TarInfo(name)
            about.size = len(content)
            archive.addfile(about, io.BytesIO(content))
    plain.seek(0)
    encrypt(plain, into, key=LOCK)
    into.seek(0)
    return into


def with_(manifest: dict[str, Any], **changes: Any) -> bytes:
    """The manifest, changed."""
    return json.dumps({**manifest, **changes}).encode()


def spoiled(parts: dict[str, bytes]) -> dict[str, tuple[io.BytesIO, type[DomainError]]]:
    """Files that somebody with the public key might make, and how each is refused."""
    manifest = json.loads(parts["manifest.json"])
    users = parts["accounts_user.copy"]
    steps = manifest["migrations"]
    table = manifest["tables"][0]
    evil = {**table, "name": 'x"; DROP SCHEMA public CASCADE; --'}

    def changed(**new: bytes | None) -> io.BytesIO:
        named = {name.replace("__", "."): content for name, content in new.items()}
        merged: dict[str, bytes | None] = {**parts, **named}
        return rebuilt({name: content for name, content in merged.items() if content is not None})

    first_line = users.split(b"\n")[0] + b"\n"
    return {
        "no tar": (_sealed(b"hello" * 1000), ExportUnreadable),
        "nothing": (_sealed(b""), ExportUnreadable),
        "no manifest": (changed(manifest__json=None), ExportUnreadable),
        "manifest is no JSON": (changed(manifest__json=b"{"), ExportUnreadable),
        "manifest is a list": (changed(manifest__json=b"[]"), ExportUnreadable),
        "manifest is deep": (changed(manifest__json=b"[" * 100_000), ExportUnreadable),
        "manifest is huge": (changed(manifest__json=b" " * 5_000_000), ExportUnreadable),
        "other format": (changed(manifest__json=with_(manifest, format=2)), ExportVersionMismatch),
        "older": (changed(manifest__json=with_(manifest, migrations=steps[:-1])), ExportVersionMismatch),
        "newer": (
            changed(manifest__json=with_(manifest, migrations=[*steps, ["x", "0099"]])),
            ExportVersionMismatch,
        ),
        "hostile table": (changed(manifest__json=with_(manifest, tables=[evil])), ExportVersionMismatch),
        "a table missing": (changed(accounts_user__copy=None), ExportUnreadable),
        "a table too many": (changed(evil__copy=b"1\n"), ExportUnreadable),
        "a row missing": (changed(django_session__copy=b"", accounts_auditentry__copy=b""), ChecksumMismatch),
        "a row twice": (changed(accounts_user__copy=users + first_line), ExportUnreadable),
        "rows of others": (changed(accounts_user__copy=b"1\t2\n"), ExportUnreadable),
        "users gone": (changed(accounts_user__copy=b""), ExportUnreadable),
        "a word changed": (changed(accounts_user__copy=users.replace(b"Ada", b"Eve", 1)), ChecksumMismatch),
        "not UTF-8": (changed(accounts_user__copy=users.replace(b"Ada", b"\xff\xfe", 1)), ExportUnreadable),
    }


def _sealed(plain: bytes) -> io.BytesIO:
    """A file that says anything."""
    into = io.BytesIO()
    encrypt(io.BytesIO(plain), into, key=LOCK)
    into.seek(0)
    return into
