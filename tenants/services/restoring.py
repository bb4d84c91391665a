"""A clinic from its exported file: a new clinic, closed until an operator opens it."""

import json
import tarfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any, ClassVar

from django.db import DataError, IntegrityError, connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenants.base.errors import DomainError, InvalidInput, Text
from tenants.door import enter_clinic
from tenants.models import Clinic
from tenants.services.domains import MOST_CLAIMS, DomainTaken, claim_domain
from tenants.services.exporting import FORMAT, MANIFEST
from tenants.services.provisioning import provision_clinic
from tenants.services.sealing import Passphrase, SecretKey, Unreadable, unsealed
from tenants.services.tables import (
    Table,
    check_references,
    copy_in,
    empty,
    measure,
    migrations,
    set_counters,
    spell_values_alike,
    tables,
)

LARGEST_MANIFEST = 4 * 1024 * 1024
PIECE = 64 * 1024

Settling = Callable[[datetime], None]
_settlings: list[Settling] = []


class OtherVersion(DomainError):
    """The file was made by another version, whose tables are not those of this one."""

    code: ClassVar[str] = "export_of_other_version"
    message: ClassVar[Text] = gettext_lazy(
        "This file was exported by another version. Restore it with that version, update, and export again."
    )
    status: ClassVar[int] = 409


class ChecksumWrong(DomainError):
    """What is in the database after loading is not what was exported."""

    code: ClassVar[str] = "checksum_wrong"
    message: ClassVar[Text] = gettext_lazy("The restored data does not match the file. Nothing was restored.")
    status: ClassVar[int] = 422


@dataclass(frozen=True, slots=True)
class Restored:
    """The new clinic, and what was compared."""

    clinic: Clinic
    tables: int
    rows: int
    same_id: bool
    """Whether the clinic kept its id; not where one with that id is here already."""


@dataclass(frozen=True, slots=True)
class _Manifest:
    clinic_id: uuid.UUID
    name: str
    slug: str
    time_zone: str
    locale: str | None
    """None in a file that was exported before clinics had a locale."""
    domains: list[str]
    migrations: list[list[str]]
    tables: dict[str, dict[str, Any]]


def after_restore(settling: Settling) -> Settling:
    """Register what is to be done inside a restored clinic, in the restore's transaction.

    It takes away what must not go on in a second copy: sessions, mail that waits.
    """
    _settlings.append(settling)
    return settling


@transaction.atomic
def restore_clinic(
    *, file: IO[bytes], key: Passphrase | SecretKey, slug: str | None = None, now: datetime
) -> Restored:
    """Make a clinic of what `file` holds, suspended; all of it, or nothing.

    Nothing of the queue comes along and nothing is sent. The clinic keeps its id unless it is taken here.

    :param slug: its address; None for the one it had
    :raises Unreadable: the file cannot be read to its end
    :raises OtherVersion: it is from another version
    :raises ChecksumWrong: what was loaded differs from what was exported
    :raises InvalidInput: the address is none
    :raises SlugTaken: the address is in use
    """
    try:
        with unsealed(file, key=key) as plain, tarfile.open(fileobj=plain, mode="r|") as archive:
            manifest = _read_manifest(archive)
            clinic, same_id = _new_clinic(manifest, slug)
            with enter_clinic(clinic):
                spell_values_alike()
                found = _tables_like(manifest)
                _load(archive, found)
    except (tarfile.TarError, DataError, IntegrityError, UnicodeError, EOFError) as error:
        raise Unreadable from error
    # Only here is it certain that the file was read to its end and that nobody had changed a byte of it.
    with enter_clinic(clinic):
        rows = _compare(manifest, found)
        for settling in _settlings:
            settling(now)
        check_references()
    return Restored(clinic=clinic, tables=len(found), rows=rows, same_id=same_id)


def _read_manifest(archive: tarfile.TarFile) -> _Manifest:
    member = archive.next()
    if member is None or member.name != MANIFEST or not 0 < member.size <= LARGEST_MANIFEST:
        raise Unreadable
    file = archive.extractfile(member)
    try:
        told = json.loads(file.read() if file else b"")
        if told["format"] != FORMAT:
            raise OtherVersion
        about = told["clinic"]
        return _Manifest(
            clinic_id=uuid.UUID(about["id"]),
            name=str(about["name"]),
            slug=str(about["slug"]),
            time_zone=str(about["time_zone"]),
            locale=str(about["locale"]) if "locale" in about else None,
            domains=[str(each["domain"]) for each in about["domains"]],
            migrations=[list(each) for each in told["migrations"]],
            tables={str(table["name"]): dict(table) for table in told["tables"]},
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Unreadable from error


def _new_clinic(manifest: _Manifest, slug: str | None) -> tuple[Clinic, bool]:
    with connection.cursor() as cursor:
        # One restore at a time, so that of two with one file the second sees the first one's id.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('restore_clinic'))")
    taken = Clinic.objects.filter(pk=manifest.clinic_id).exists()
    clinic = provision_clinic(
        name=manifest.name,
        slug=slug or manifest.slug,
        time_zone=manifest.time_zone,
        locale=manifest.locale,
        clinic_id=None if taken else manifest.clinic_id,
        status=Clinic.Status.SUSPENDED,
    )
    for domain in manifest.domains[:MOST_CLAIMS]:
        # They lead here only once it is proven again that they are to. Those in use here are left alone.
        with suppress(DomainTaken, InvalidInput):
            claim_domain(clinic=clinic, domain=domain)
    return clinic, not taken


def _tables_like(manifest: _Manifest) -> list[Table]:
    """This version's tables, if they are the file's.

    :raises OtherVersion: they are not
    """
    found = tables()
    ours, theirs = {tuple(each) for each in migrations()}, {tuple(each) for each in manifest.migrations}
    if ours != theirs:
        raise OtherVersion(errors={"file": [_differences(missing=theirs - ours, new=ours - theirs)]})
    if {table.name: list(table.columns) for table in found} != {
        name: about.get("columns") for name, about in manifest.tables.items()
    }:
        raise OtherVersion
    return found


def _differences(*, missing: set[Any], new: set[Any]) -> str:
    words = _(
        "This file was exported by a different version. "
        "Migrations missing here: %(missing)s. Migrations missing in the file: %(new)s."
    )
    return words % {"missing": _few(missing), "new": _few(new)}


def _few(steps: set[Any], most: int = 5) -> str:
    named = [".".join(map(str, step))[:80] for step in sorted(steps, key=str)]
    return ", ".join([*named[:most], *(["…"] if len(named) > most else [])]) or "-"


def _load(archive: tarfile.TarFile, found: list[Table]) -> None:
    check_references()  # what the migrations have put in may wait to be checked, and could not be taken out
    empty(found)
    expected = {f"{table.name}.copy": table for table in found}
    while member := archive.next():
        table = expected.pop(member.name, None)
        if table is None or not member.isreg():
            raise Unreadable
        copy_in(table, _pieces(archive, member))
    if expected:
        raise Unreadable
    check_references()
    set_counters()


def _pieces(archive: tarfile.TarFile, member: tarfile.TarInfo) -> Iterator[bytes]:
    file = archive.extractfile(member)
    while piece := file.read(PIECE) if file else b"":
        yield piece


def _compare(manifest: _Manifest, found: list[Table]) -> int:
    rows = 0
    for table in found:
        now_there, told = measure(table), manifest.tables[table.name]
        if now_there.as_json() != {name: told.get(name) for name in ("rows", "bytes", "sha256")}:
            raise ChecksumWrong(
                errors={
                    "file": [
                        _("The data of table %(table)s does not match its checksum.") % {"table": table.name}
                    ]
                }
            )
        rows += now_there.rows
    return rows
