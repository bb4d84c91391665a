"""Exports a clinic as one encrypted file.

The encrypted content is a tar file: `manifest.json`, then `<table>.copy` for each table in the format of
COPY. It can be read with the tools age, tar and Postgres alone.
"""

import json
import tarfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any, ClassVar

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from tenants.base.errors import DomainError, Text
from tenants.current import enter_clinic
from tenants.models import Clinic, Domain
from tenants.services.encryption import Passphrase, PublicKey, encrypt
from tenants.services.tables import (
    Table,
    TableDigest,
    copy_out,
    digest_table,
    migration_list,
    set_copy_format,
    tables,
)

EXPORT_FORMAT = 1
MANIFEST = "manifest.json"


class NothingToExport(DomainError):
    """The clinic has no tables: its schema was never created, or was dropped."""

    code: ClassVar[str] = "clinic_empty"
    message: ClassVar[Text] = _("This clinic has no data to export.")
    status: ClassVar[int] = 409


@dataclass(frozen=True, slots=True)
class ExportResult:
    """The number of exported tables and rows."""

    tables: int
    rows: int


def write_export(
    *, clinic: Clinic, file: IO[bytes], key: Passphrase | PublicKey, now: datetime
) -> ExportResult:
    """Write all data of `clinic` into an encrypted file, as a consistent snapshot, with bounded memory.

    Call it outside any transaction, because it starts one with the isolation level REPEATABLE READ.

    :raises NothingToExport: the clinic has no data
    """
    with enter_clinic(clinic), _snapshot():
        set_copy_format()
        digests = {table: digest_table(table) for table in tables()}
        if not digests:
            raise NothingToExport
        manifest = _manifest(clinic, digests, now)
        encrypt(_ChunkReader(_tar(manifest, digests, now)), file, key=key)
    return ExportResult(tables=len(digests), rows=sum(digest.rows for digest in digests.values()))


def _manifest(clinic: Clinic, digests: dict[Table, TableDigest], now: datetime) -> bytes:
    domains = Domain.objects.filter(tenant=clinic).order_by("domain")
    content: dict[str, Any] = {
        "format": EXPORT_FORMAT,
        "exported_at": now.isoformat(),
        "clinic": {
            "id": str(clinic.pk),
            "name": clinic.name,
            "slug": clinic.slug,
            "time_zone": clinic.time_zone,
            "locale": clinic.locale,
            "patient_languages": clinic.patient_languages,
            "default_language": clinic.default_language,
            "status": clinic.status,
            "created_at": clinic.created_at.isoformat(),
            "domains": [{"domain": domain.domain, "is_primary": domain.is_primary} for domain in domains],
        },
        "migrations": migration_list(),
        "tables": [
            {"name": table.name, "columns": table.columns, "key": table.key, **digest.as_json()}
            for table, digest in digests.items()
        ],
    }
    return json.dumps(content, indent=1).encode()


def _tar(manifest: bytes, digests: dict[Table, TableDigest], now: datetime) -> Iterator[bytes]:
    yield from _member(MANIFEST, len(manifest), iter([manifest]), now)
    for table, digest in digests.items():
        yield from _member(f"{table.name}.copy", digest.bytes, copy_out(table), now)
    yield tarfile.NUL * (2 * tarfile.BLOCKSIZE)


def _member(name: str, size: int, chunks: Iterator[bytes], now: datetime) -> Iterator[bytes]:
    header = tarfile.TarInfo(name)
    header.size, header.mtime, header.mode = size, int(now.timestamp()), 0o600
    yield header.tobuf(tarfile.PAX_FORMAT)
    yield from chunks
    yield tarfile.NUL * (-size % tarfile.BLOCKSIZE)


class _ChunkReader:
    """A file-like object that reads from an iterator of chunks of any size."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = b""

    def read(self, size: int) -> bytes:
        """Return up to `size` bytes; none at the end."""
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return b""
            self._rest = chunk
        result, self._rest = self._rest[:size], self._rest[size:]
        return result


@contextmanager
def _snapshot() -> Generator[None]:
    # Set before the transaction begins. Inside it would be too late: setting the search path is a query.
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_isolation TO 'repeatable read'")
    try:
        with transaction.atomic(durable=True):
            yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET default_transaction_isolation")
