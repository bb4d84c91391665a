"""Export files that are read, built or damaged without the code of the product."""

import io
import json
import tarfile
from typing import Any

import pyrage

from tenants.base.errors import DomainError
from tenants.services.encryption import ExportUnreadable, PublicKey, SecretKey, encrypt
from tenants.services.restore import ChecksumMismatch, ExportVersionMismatch

_IDENTITY = pyrage.x25519.Identity.generate()
PUBLIC_KEY, SECRET_KEY = PublicKey(str(_IDENTITY.to_public())), SecretKey(str(_IDENTITY))


def members(file: io.BytesIO) -> dict[str, bytes]:
    """Return the content of each member of an export file, read with age and tar alone."""
    with tarfile.open(fileobj=io.BytesIO(pyrage.decrypt(file.getvalue(), [_IDENTITY]))) as archive:
        return {member.name: archive.extractfile(member).read() for member in archive.getmembers()}  # type: ignore[union-attr]


def rebuild(parts: dict[str, bytes]) -> io.BytesIO:
    """Return an export file with these members, encrypted for `PUBLIC_KEY`."""
    plain, into = io.BytesIO(), io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w") as archive:
        for name, content in parts.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    plain.seek(0)
    encrypt(plain, into, key=PUBLIC_KEY)
    into.seek(0)
    return into


def changed_manifest(manifest: dict[str, Any], **changes: Any) -> bytes:
    """Return the manifest with these changes."""
    return json.dumps({**manifest, **changes}).encode()


def hostile_files(parts: dict[str, bytes]) -> dict[str, tuple[io.BytesIO, type[DomainError]]]:
    """Return files that anybody with the public key can make, each with the error that refuses it."""
    manifest = json.loads(parts["manifest.json"])
    users = parts["accounts_user.copy"]
    steps = manifest["migrations"]
    table = manifest["tables"][0]
    evil = {**table, "name": 'x"; DROP SCHEMA public CASCADE; --'}

    def changed(**contents: bytes | None) -> io.BytesIO:
        named = {name.replace("__", "."): content for name, content in contents.items()}
        merged: dict[str, bytes | None] = {**parts, **named}
        return rebuild({name: content for name, content in merged.items() if content is not None})

    first_line = users.split(b"\n")[0] + b"\n"
    return {
        "no tar": (_encrypted(b"hello" * 1000), ExportUnreadable),
        "nothing": (_encrypted(b""), ExportUnreadable),
        "no manifest": (changed(manifest__json=None), ExportUnreadable),
        "manifest is no JSON": (changed(manifest__json=b"{"), ExportUnreadable),
        "manifest is a list": (changed(manifest__json=b"[]"), ExportUnreadable),
        "manifest is deep": (changed(manifest__json=b"[" * 100_000), ExportUnreadable),
        "manifest is huge": (changed(manifest__json=b" " * 5_000_000), ExportUnreadable),
        "other format": (changed(manifest__json=changed_manifest(manifest, format=2)), ExportVersionMismatch),
        "older": (
            changed(manifest__json=changed_manifest(manifest, migrations=steps[:-1])),
            ExportVersionMismatch,
        ),
        "newer": (
            changed(manifest__json=changed_manifest(manifest, migrations=[*steps, ["x", "0099"]])),
            ExportVersionMismatch,
        ),
        "hostile table": (
            changed(manifest__json=changed_manifest(manifest, tables=[evil])),
            ExportVersionMismatch,
        ),
        "a table missing": (changed(accounts_user__copy=None), ExportUnreadable),
        "a table too many": (changed(evil__copy=b"1\n"), ExportUnreadable),
        "a row missing": (changed(django_session__copy=b"", accounts_auditentry__copy=b""), ChecksumMismatch),
        "a row twice": (changed(accounts_user__copy=users + first_line), ExportUnreadable),
        "rows of others": (changed(accounts_user__copy=b"1\t2\n"), ExportUnreadable),
        "users gone": (changed(accounts_user__copy=b""), ExportUnreadable),
        "a word changed": (changed(accounts_user__copy=users.replace(b"Ada", b"Eve", 1)), ChecksumMismatch),
        "not UTF-8": (changed(accounts_user__copy=users.replace(b"Ada", b"\xff\xfe", 1)), ExportUnreadable),
    }


def _encrypted(plain: bytes) -> io.BytesIO:
    """Return `plain`, encrypted for `PUBLIC_KEY`."""
    into = io.BytesIO()
    encrypt(io.BytesIO(plain), into, key=PUBLIC_KEY)
    into.seek(0)
    return into
