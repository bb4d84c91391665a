"""Makes changes of the audit log evident: a worker closes batches of entries, whose digests form a chain.

Each batch has a SHA-256 digest of its entries, and one of itself and the previous batch's digest. So a
changed, removed or inserted entry contradicts its batch, and a changed batch contradicts the next one. The
digest is also sealed: authenticated (HMAC) with a key derived from SECRET_KEY. Somebody who can write to the
database only can therefore not compute a new chain. The last digest is logged, so that a copy exists outside
of the database: it shows whether the end of the chain was cut off.

A batch ends with an id, not with a time: an entry may be committed late, with an earlier time than entries
that are already in a batch. It must not have an id of a closed batch. A transaction locks the table (ROW
EXCLUSIVE) before it takes the first id and until it ends. So `_final_id` first reads the last id that the
sequence has given, then the transactions that hold the lock. Once all of these have ended, every entry up to
that id is committed and visible, or will never exist. Unlike a delay, this holds however long a transaction
lasts. Nothing is locked, so no request waits.
"""

import hashlib
import json
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import structlog
from django.conf import settings
from django.db import connection
from django.utils.crypto import constant_time_compare, salted_hmac

from tenants.accounts.models.audit_batch import AuditBatch
from tenants.accounts.models.audit_entry import AuditEntry
from tenants.current import current_clinic_or_none

MAX_ENTRIES = 1000
"""The number of entries in a batch."""
_WAIT_SECONDS = 2.0
"""How long to wait for transactions in progress. They are tried again in the next run."""
_FIELDS = (
    "id", "at", "by_id", "what", "kind", "record_id", "address", "note", "changes",
    "created_at", "updated_at",
)  # fmt: skip
"""The fields in the digest of an entry, in this order. A new field needs a new version of `_FORMAT`."""
_FORMAT = "audit batch 1"

# The last id that the sequence has given, by any transaction.
_LAST_ID = """
SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence('accounts_auditentry', 'id')::regclass), 0)
"""
_ADVANCE_SEQUENCE = """
SELECT setval(
    pg_get_serial_sequence('accounts_auditentry', 'id'),
    greatest(%s, (SELECT coalesce(max(id), 0) + 1 FROM accounts_auditentry)),
    false
)
"""
# The transactions that have written to the log and have not ended, except our own.
_WRITERS = """
SELECT virtualtransaction FROM pg_locks
WHERE locktype = 'relation' AND relation = 'accounts_auditentry'::regclass
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND mode = 'RowExclusiveLock' AND granted AND pid <> pg_backend_pid()
"""

log = structlog.get_logger(__name__)


class ChainBroken(Exception):
    """The last batch is not sealed with this installation's key, so no batch is added to it."""


def close_batches(*, now: datetime, wait_seconds: float = _WAIT_SECONDS) -> int:
    """Close all complete batches of the current schema's log. Other workers may do so at the same time.

    :return: the number of entries in them
    :raises ChainBroken: the last batch has another seal: `manage.py verify_audit_log` says more
    """
    last = last_batch()
    if last is not None and not is_sealed(last):
        raise ChainBroken(str(last))
    before = last.last_id if last else 0
    final_id = _final_id(wait_seconds) if _last_id() > before else None
    closed = 0
    while final_id is not None and (batch := _next_batch(last, final_id, now)) is not None:
        if not _store(batch):
            break  # another worker closed it
        closed += batch.count
        last = batch
    return closed


def last_batch() -> AuditBatch | None:
    """Return the end of the chain."""
    return AuditBatch.objects.order_by("-number").first()


def append(kind: AuditBatch.Kind, *, now: datetime, deleted_through: int | None = None) -> AuditBatch | None:
    """Append a remark to the chain. Do nothing if there is no chain yet.

    :return: the row; None if there is no chain, or another worker has added a batch meanwhile
    """
    last = last_batch()
    if last is None:
        return None
    batch = _sealed(
        last,
        kind=kind,
        last_id=last.last_id,
        count=0,
        rows_digest=digest_of_entries([]),
        deleted_through=deleted_through,
        now=now,
    )
    return batch if _store(batch) else None


def advance_sequence() -> None:
    """Let no further entry have an id of a closed batch, after sequences were reset."""
    last = last_batch()
    with connection.cursor() as cursor:
        cursor.execute(_ADVANCE_SEQUENCE, [last.last_id + 1 if last else 1])


def digest_of_entries(entries: Iterable[dict[str, Any]]) -> str:
    """Return the SHA-256 digest of entries, each as one line of JSON."""
    digest = hashlib.sha256()
    for entry in entries:
        values = [_plain(entry[name]) for name in _FIELDS]
        line = json.dumps(values, ensure_ascii=True, separators=(",", ":"), sort_keys=True)
        digest.update(f"{line}\n".encode())
    return digest.hexdigest()


def digest_of_batch(batch: AuditBatch, *, previous: str) -> str:
    """Return the SHA-256 digest of a batch.

    :param previous: the digest of the batch before it; empty for the first
    """
    values = [
        _FORMAT,
        previous,
        batch.number,
        batch.kind,
        batch.after_id,
        batch.last_id,
        batch.count,
        batch.deleted_through,
        _plain(batch.closed_at),
        batch.rows_digest,
    ]
    return hashlib.sha256(json.dumps(values, separators=(",", ":")).encode()).hexdigest()


def is_sealed(batch: AuditBatch) -> bool:
    """Return whether the digest was sealed with a key of this installation, for this clinic."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(constant_time_compare(batch.seal, _seal(batch.digest, key)) for key in keys)


def entries_between(after_id: int | None, last_id: int) -> Any:
    """Return the values of the entries with an id above `after_id` and up to `last_id`, by id."""
    entries = AuditEntry.objects.filter(id__lte=last_id).order_by("id")
    return (entries if after_id is None else entries.filter(id__gt=after_id)).values(*_FIELDS)


def lower_bound(batch: AuditBatch) -> int | None:
    """Return `after_id`, or None for the first batch, to which entries with any lower id belong."""
    return None if batch.number == 1 else batch.after_id


def _next_batch(last: AuditBatch | None, final_id: int, now: datetime) -> AuditBatch | None:
    after = last.last_id if last else None
    entries = list(entries_between(after, final_id)[:MAX_ENTRIES])
    if not entries:
        return None
    return _sealed(
        last,
        kind=AuditBatch.Kind.ENTRIES,
        last_id=entries[-1]["id"],
        count=len(entries),
        rows_digest=digest_of_entries(entries),
        deleted_through=None,
        now=now,
    )


def _sealed(last: AuditBatch | None, *, now: datetime, **fields: Any) -> AuditBatch:
    batch = AuditBatch(
        number=last.number + 1 if last else 1, after_id=last.last_id if last else 0, closed_at=now, **fields
    )
    batch.digest = digest_of_batch(batch, previous=last.digest if last else "")
    batch.seal = _seal(batch.digest, settings.SECRET_KEY)
    return batch


def _store(batch: AuditBatch) -> bool:
    """Insert the batch. Return whether it is stored: not if another worker has used its number."""
    AuditBatch.objects.bulk_create([batch], ignore_conflicts=True)
    stored = AuditBatch.objects.filter(number=batch.number, digest=batch.digest).exists()
    if stored:
        clinic = current_clinic_or_none()
        log.info(
            "audit_batch_closed",
            clinic=str(clinic.pk) if clinic else None,
            number=batch.number,
            digest=batch.digest,
        )
    return stored


def _seal(digest: str, key: str) -> str:
    clinic = current_clinic_or_none()
    salt = f"audit chain of {clinic.pk if clinic else 'the platform'}"
    return salted_hmac(salt, digest, secret=key, algorithm="sha256").hexdigest()


def _final_id(wait_seconds: float) -> int | None:
    """Return an id up to which no further entry can appear; None if transactions take too long."""
    last_id = _last_id()
    writers = _writers()
    until = time.monotonic() + wait_seconds
    while writers and time.monotonic() < until:
        time.sleep(0.05)
        writers &= _writers()
    return None if writers else last_id


def _last_id() -> int:
    with connection.cursor() as cursor:
        cursor.execute(_LAST_ID)
        return int(cursor.fetchone()[0])


def _writers() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(_WRITERS)
        return {row[0] for row in cursor.fetchall()}


def _plain(value: Any) -> Any:
    """Return a value of an entry as JSON has it: times in UTC, with microseconds."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value if value is None or isinstance(value, int | str | list | dict) else str(value)
