"""Restores a clinic from an exported file, as a new clinic that is suspended until an operator resumes it."""

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
from tenants.base.locales import Language
from tenants.current import enter_clinic
from tenants.domains.services import MAX_CLAIMS, DomainTaken, claim_domain
from tenants.models import Clinic
from tenants.services.encryption import ExportUnreadable, Passphrase, SecretKey, decrypted
from tenants.services.export import EXPORT_FORMAT, MANIFEST
from tenants.services.provisioning import provision_clinic
from tenants.services.tables import (
    Table,
    check_constraints_now,
    copy_in,
    delete_all_rows,
    digest_table,
    migration_list,
    reset_sequences,
    set_copy_format,
    tables,
)

_MAX_MANIFEST_BYTES = 4 * 1024 * 1024
_CHUNK_BYTES = 64 * 1024

_CleanUp = Callable[[datetime], None]
_clean_ups: list[_CleanUp] = []


class ExportVersionMismatch(DomainError):
    """The file was exported by another version, whose tables differ from those of this version."""

    code: ClassVar[str] = "export_of_other_version"
    message: ClassVar[Text] = gettext_lazy(
        "This file is from another version. Restore it with that version, migrate, and export it again."
    )
    status: ClassVar[int] = 409


class ChecksumMismatch(DomainError):
    """The loaded data differs from the exported data."""

    code: ClassVar[str] = "checksum_wrong"
    message: ClassVar[Text] = gettext_lazy("The loaded data differs from the export. Nothing was restored.")
    status: ClassVar[int] = 422


@dataclass(frozen=True, slots=True)
class RestoreResult:
    """The new clinic, and the number of tables and rows whose checksums were compared."""

    clinic: Clinic
    tables: int
    rows: int
    same_id: bool
    """Whether the clinic kept its id. It gets a new one if a clinic with that id exists here."""


@dataclass(frozen=True, slots=True)
class _Manifest:
    clinic_id: uuid.UUID
    name: str
    slug: str
    time_zone: str
    locale: str | None
    """None in a file that was exported before clinics had a locale."""
    patient_languages: list[str]
    default_language: str
    """English only in a file that was exported before clinics had languages for patients."""
    domains: list[str]
    migrations: list[list[str]]
    tables: dict[str, dict[str, Any]]


def after_restore(clean_up: _CleanUp) -> _CleanUp:
    """Register a function to call inside each restored clinic, in the transaction of the restore.

    It removes data that must not be active in two copies of a clinic, such as sessions and unsent emails, or
    raises a `DomainError` if the data is invalid.
    """
    _clean_ups.append(clean_up)
    return clean_up


@transaction.atomic
def restore_clinic(
    *, file: IO[bytes], key: Passphrase | SecretKey, slug: str | None = None, now: datetime
) -> RestoreResult:
    """Create a suspended clinic from an exported file, in one transaction.

    Its queue is not restored and nothing is sent. The clinic keeps its id unless it is in use here.

    :param slug: its address; None for the exported one
    :raises ExportUnreadable: the file cannot be decrypted, or is damaged or incomplete
    :raises ExportVersionMismatch: it was exported by another version
    :raises ChecksumMismatch: the loaded data differs from the exported data
    :raises InvalidInput: the address is invalid
    :raises SlugTaken: the address is in use
    """
    try:
        with decrypted(file, key=key) as plain, tarfile.open(fileobj=plain, mode="r|") as archive:
            manifest = _read_manifest(archive)
            clinic, same_id = _new_clinic(manifest, slug)
            with enter_clinic(clinic):
                set_copy_format()
                schema_tables = _matching_tables(manifest)
                _load(archive, schema_tables)
    except (tarfile.TarError, DataError, IntegrityError, UnicodeError, EOFError) as error:
        raise ExportUnreadable from error
    # At this point the whole file has been read and authenticated.
    with enter_clinic(clinic):
        rows = _compare(manifest, schema_tables)
        for clean_up in _clean_ups:
            clean_up(now)
        check_constraints_now()
    return RestoreResult(clinic=clinic, tables=len(schema_tables), rows=rows, same_id=same_id)


def _read_manifest(archive: tarfile.TarFile) -> _Manifest:
    member = archive.next()
    if member is None or member.name != MANIFEST or not 0 < member.size <= _MAX_MANIFEST_BYTES:
        raise ExportUnreadable
    file = archive.extractfile(member)
    try:
        content = json.loads(file.read() if file else b"")
        if content["format"] != EXPORT_FORMAT:
            raise ExportVersionMismatch
        clinic = content["clinic"]
        return _Manifest(
            clinic_id=uuid.UUID(clinic["id"]),
            name=str(clinic["name"]),
            slug=str(clinic["slug"]),
            time_zone=str(clinic["time_zone"]),
            locale=str(clinic["locale"]) if "locale" in clinic else None,
            patient_languages=[str(code) for code in clinic.get("patient_languages", [Language.ENGLISH])],
            default_language=str(clinic.get("default_language", Language.ENGLISH)),
            domains=[str(domain["domain"]) for domain in clinic["domains"]],
            migrations=[list(migration) for migration in content["migrations"]],
            tables={str(table["name"]): dict(table) for table in content["tables"]},
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ExportUnreadable from error


def _new_clinic(manifest: _Manifest, slug: str | None) -> tuple[Clinic, bool]:
    with connection.cursor() as cursor:
        # Only one restore at a time, so that of two restores of one file the second sees the id of the first.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('restore_clinic'))")
    id_in_use = Clinic.objects.filter(pk=manifest.clinic_id).exists()
    clinic = provision_clinic(
        name=manifest.name,
        slug=slug or manifest.slug,
        time_zone=manifest.time_zone,
        locale=manifest.locale,
        patient_languages=manifest.patient_languages,
        default_language=manifest.default_language,
        clinic_id=None if id_in_use else manifest.clinic_id,
        status=Clinic.Status.SUSPENDED,
    )
    for domain in manifest.domains[:MAX_CLAIMS]:
        # The domains route here only after they have been verified again. Skip those in use here.
        with suppress(DomainTaken, InvalidInput):
            claim_domain(clinic=clinic, domain=domain)
    return clinic, not id_in_use


def _matching_tables(manifest: _Manifest) -> list[Table]:
    """Return the tables of this version.

    :raises ExportVersionMismatch: they differ from the tables in the file
    """
    schema_tables = tables()
    here, in_file = {tuple(pair) for pair in migration_list()}, {tuple(pair) for pair in manifest.migrations}
    if here != in_file:
        raise ExportVersionMismatch(
            errors={"file": [_differences(missing=in_file - here, new=here - in_file)]}
        )
    if {table.name: list(table.columns) for table in schema_tables} != {
        name: table.get("columns") for name, table in manifest.tables.items()
    }:
        raise ExportVersionMismatch
    return schema_tables


def _differences(*, missing: set[Any], new: set[Any]) -> str:
    message = _(
        "This file was exported by a different version. "
        "Migrations missing here: %(missing)s. Migrations missing in the file: %(new)s."
    )
    return message % {"missing": _summary(missing), "new": _summary(new)}


def _summary(migrations: set[Any], limit: int = 5) -> str:
    names = [".".join(map(str, migration))[:80] for migration in sorted(migrations, key=str)]
    return ", ".join([*names[:limit], *(["…"] if len(names) > limit else [])]) or "-"


def _load(archive: tarfile.TarFile, schema_tables: list[Table]) -> None:
    # Rows that the migrations inserted may have pending checks, which would block DELETE.
    check_constraints_now()
    delete_all_rows(schema_tables)
    expected = {f"{table.name}.copy": table for table in schema_tables}
    while member := archive.next():
        table = expected.pop(member.name, None)
        if table is None or not member.isreg():
            raise ExportUnreadable
        copy_in(table, _chunks(archive, member))
    if expected:
        raise ExportUnreadable
    check_constraints_now()
    reset_sequences()


def _chunks(archive: tarfile.TarFile, member: tarfile.TarInfo) -> Iterator[bytes]:
    file = archive.extractfile(member)
    while chunk := file.read(_CHUNK_BYTES) if file else b"":
        yield chunk


def _compare(manifest: _Manifest, schema_tables: list[Table]) -> int:
    rows = 0
    for table in schema_tables:
        loaded, content = digest_table(table), manifest.tables[table.name]
        if loaded.as_json() != {name: content.get(name) for name in ("rows", "bytes", "sha256")}:
            raise ChecksumMismatch(
                errors={
                    "file": [
                        _("The data of table %(table)s does not match its checksum.") % {"table": table.name}
                    ]
                }
            )
        rows += loaded.rows
    return rows
