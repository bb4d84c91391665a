"""Verifies the chain of the audit log, and deletes old entries in a way that the chain allows."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import transaction

from tenants.accounts.audit.chain import (
    advance_sequence,
    append,
    digest_of_batch,
    digest_of_entries,
    entries_between,
    is_sealed,
    last_batch,
    lower_bound,
)
from tenants.accounts.models.audit_batch import AuditBatch
from tenants.accounts.models.audit_entry import AuditEntry
from tenants.services.restore import after_restore

MAX_DELAY = timedelta(hours=1)
"""How old an entry may be that is in no batch yet. The worker closes batches every ten minutes."""


class Fault(StrEnum):
    """Why a batch is broken."""

    MISSING = "it is missing"
    CHANGED = "its row was changed, or the one before it"
    SEAL = "it was not sealed with this installation's key"
    ENTRIES = "its entries were changed, removed or added"
    NOT_DELETED = "it has entries, although all of them were deleted"


@dataclass(frozen=True, slots=True)
class Verification:
    """The result. The log is intact if there is no fault and no entry is overdue."""

    batches: int
    entries: int
    """The number of entries in the batches, up to the broken one."""
    fault: Fault | None = None
    broken_batch: int | None = None
    overdue: int = 0
    """The number of entries that are in no batch although they are old: the worker does not run."""
    waiting: int = 0
    """The number of entries that are in no batch yet."""
    accepted_through: int = 0
    """The last batch that was sealed elsewhere and accepted."""
    deleted_through: int = 0
    """The last batch whose entries were deleted because of their age."""
    last_digest: str = ""

    @property
    def is_intact(self) -> bool:
        """Whether nothing is wrong."""
        return self.fault is None and not self.overdue


@dataclass(slots=True)
class _Chain:
    """What the rows of the chain say, before the entries are read."""

    batches: list[AuditBatch] = field(default_factory=list)
    unsealed: int | None = None
    """The first batch whose seal is not ours and was not accepted."""
    accepted_through: int = 0
    deleted_through: int = 0


def verify_log(*, now: datetime) -> Verification:
    """Verify the log of the current schema: the chain first, then the entries of each batch."""
    try:
        chain = _read_chain()
    except _BrokenError as broken:
        return Verification(
            batches=broken.number - 1, entries=0, fault=broken.fault, broken_batch=broken.number
        )
    batches, entries = chain.batches, 0
    fault: Fault | None = None
    broken_batch: int | None = None
    if chain.unsealed is not None:
        fault, broken_batch = Fault.SEAL, chain.unsealed
    for batch in batches[: None if broken_batch is None else broken_batch - 1]:
        if (found := _entries_fault(batch, deleted=batch.number <= chain.deleted_through)) is not None:
            fault, broken_batch = found, batch.number
            break
        entries += batch.count if batch.number > chain.deleted_through else 0
    last = batches[-1] if batches else None
    later = AuditEntry.objects.filter(id__gt=last.last_id if last else 0)
    return Verification(
        batches=len(batches),
        entries=entries,
        fault=fault,
        broken_batch=broken_batch,
        overdue=later.filter(created_at__lt=now - MAX_DELAY).count(),
        waiting=later.count(),
        accepted_through=chain.accepted_through,
        deleted_through=chain.deleted_through,
        last_digest=last.digest if last else "",
    )


def accept_earlier_seals(*, now: datetime) -> bool:
    """Accept batches that were sealed with another key, such as before a restore or a change of SECRET_KEY.

    Their digests are checked, but not their seals. This is recorded in the chain.

    :return: whether all seals are accepted; False if the chain is broken and nothing was done
    """
    verification = verify_log(now=now)
    if verification.fault is Fault.SEAL:
        if any(_entries_fault(batch, deleted=False) for batch in _batches_with_entries(verification)):
            return False
        return append(AuditBatch.Kind.ACCEPTED, now=now) is not None
    return verification.fault is None


@transaction.atomic
def delete_old_entries(*, before: datetime, now: datetime) -> int:
    """Delete the entries of all batches that were closed before `before`. Needs the login of the owner.

    The batches stay and the deletion becomes part of the chain, so the rest of the log can be verified.

    :return: the number of entries
    """
    old = (
        AuditBatch.objects.filter(closed_at__lt=before, kind=AuditBatch.Kind.ENTRIES)
        .order_by("-number")
        .first()
    )
    if old is None or append(AuditBatch.Kind.DELETED, deleted_through=old.number, now=now) is None:
        return 0
    return AuditEntry.objects.filter(id__lte=old.last_id).delete()[0]


@after_restore
def _accept_seals_after_restore(now: datetime) -> None:
    """Accept the seals of a restored clinic: they were made with another key, or for another id."""
    advance_sequence()  # entries of old batches may have been deleted
    last = last_batch()
    if last is not None and not is_sealed(last):
        accept_earlier_seals(now=now)


class _BrokenError(Exception):
    def __init__(self, number: int, fault: Fault) -> None:
        super().__init__(number)
        self.number = number
        self.fault = fault


def _read_chain() -> _Chain:
    """Check each row of the chain against the one before it.

    :raises _BrokenError: a row is missing or was changed
    """
    chain = _Chain()
    digest, last_id = "", 0
    for expected, batch in enumerate(AuditBatch.objects.order_by("number").iterator(), start=1):
        if batch.number != expected:
            raise _BrokenError(expected, Fault.MISSING)
        if batch.after_id != last_id or batch.digest != digest_of_batch(batch, previous=digest):
            raise _BrokenError(expected, Fault.CHANGED)
        if not is_sealed(batch):
            chain.unsealed = chain.unsealed or expected
        elif batch.kind == AuditBatch.Kind.ACCEPTED:
            chain.unsealed, chain.accepted_through = None, expected - 1
        if batch.kind == AuditBatch.Kind.DELETED:
            chain.deleted_through = max(chain.deleted_through, batch.deleted_through or 0)
        chain.batches.append(batch)
        digest, last_id = batch.digest, batch.last_id
    return chain


def _entries_fault(batch: AuditBatch, *, deleted: bool) -> Fault | None:
    if batch.kind != AuditBatch.Kind.ENTRIES:
        return None
    # One more than expected is enough to see that there are too many.
    entries = list(entries_between(lower_bound(batch), batch.last_id)[: batch.count + 1])
    if deleted:
        return Fault.NOT_DELETED if entries else None
    if len(entries) != batch.count or digest_of_entries(entries) != batch.rows_digest:
        return Fault.ENTRIES
    return None


def _batches_with_entries(verification: Verification) -> Iterable[AuditBatch]:
    """Return the batches whose entries `verify_log` did not check, because of a seal."""
    return AuditBatch.objects.filter(number__gt=verification.deleted_through).order_by("number")
