"""A clinic as one encrypted file.

Inside the encryption it is a tar: `manifest.json`, then `<table>.copy` for each table, as COPY writes it. So
age, tar and Postgres are all that is needed to read it.
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
from tenants.door import enter_clinic
from tenants.models import Clinic, Domain
from tenants.services.sealing import Passphrase, PublicKey, seal
from tenants.services.tables import Measure, Table, copy_out, measure, migrations, spell_values_alike, tables

FORMAT = 1
MANIFEST = "manifest.json"


class TableMissing(DomainError):
    """The clinic has no tables: its schema was never filled, or is gone."""

    code: ClassVar[str] = "clinic_empty"
    message: ClassVar[Text] = _("This clinic has no data to export.")
    status: ClassVar[int] = 409


@dataclass(frozen=True, slots=True)
class Exported:
    """What went into the file."""

    tables: int
    rows: int


def write_export(*, clinic: Clinic, into: IO[bytes], lock: Passphrase | PublicKey, now: datetime) -> Exported:
    """Write everything `clinic` has `into` a file, encrypted, as it was at one moment. Memory stays bounded.

    Must be called outside any transaction: it needs one that sees a single moment.

    :raises TableMissing: there is nothing to export
    """
    with enter_clinic(clinic), _one_moment():
        spell_values_alike()
        measured = {table: measure(table) for table in tables()}
        if not measured:
            raise TableMissing
        manifest = _manifest(clinic, measured, now)
        seal(_Pieces(_tar(manifest, measured, now)), into, lock=lock)
    return Exported(tables=len(measured), rows=sum(each.rows for each in measured.values()))


def _manifest(clinic: Clinic, measured: dict[Table, Measure], now: datetime) -> bytes:
    own = Domain.objects.filter(tenant=clinic).order_by("domain")
    told: dict[str, Any] = {
        "format": FORMAT,
        "exported_at": now.isoformat(),
        "clinic": {
            "id": str(clinic.pk),
            "name": clinic.name,
            "slug": clinic.slug,
            "time_zone": clinic.time_zone,
            "locale": clinic.locale,
            "status": clinic.status,
            "created_at": clinic.created_at.isoformat(),
            "domains": [{"domain": each.domain, "is_primary": each.is_primary} for each in own],
        },
        "migrations": migrations(),
        "tables": [
            {"name": table.name, "columns": table.columns, "key": table.key, **found.as_json()}
            for table, found in measured.items()
        ],
    }
    return json.dumps(told, indent=1).encode()


def _tar(manifest: bytes, measured: dict[Table, Measure], now: datetime) -> Iterator[bytes]:
    yield from _member(MANIFEST, len(manifest), iter([manifest]), now)
    for table, found in measured.items():
        yield from _member(f"{table.name}.copy", found.bytes, copy_out(table), now)
    yield tarfile.NUL * (2 * tarfile.BLOCKSIZE)


def _member(name: str, size: int, pieces: Iterator[bytes], now: datetime) -> Iterator[bytes]:
    about = tarfile.TarInfo(name)
    about.size, about.mtime, about.mode = size, int(now.timestamp()), 0o600
    yield about.tobuf(tarfile.PAX_FORMAT)
    yield from pieces
    yield tarfile.NUL * (-size % tarfile.BLOCKSIZE)


class _Pieces:
    """Pieces of any size, to be read in those that are asked for."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._left = b""

    def read(self, size: int) -> bytes:
        """Up to `size` bytes; none at the end."""
        while not self._left:
            piece = next(self._pieces, None)
            if piece is None:
                return b""
            self._left = piece
        given, self._left = self._left[:size], self._left[size:]
        return given


@contextmanager
def _one_moment() -> Generator[None]:
    # Said before the transaction begins: inside, it would come too late once the search path was asked for.
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_isolation TO 'repeatable read'")
    try:
        with transaction.atomic(durable=True):
            yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET default_transaction_isolation")
