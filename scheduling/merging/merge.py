"""Merge two records of one patient, so that one of them has everything and the other leads to it."""

import uuid
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from clinics.models import Care, Patient, PatientMerge
from clinics.services.patient_changes import record_patient_change
from scheduling.availability.booking_rules import own_holds_of
from scheduling.availability.next_open_slot import tracking_changes
from scheduling.bookings.release_holds import on_holds_released, release_holds
from scheduling.merging.changes import Changes, references_to_patients
from scheduling.merging.errors import (
    AlreadyMerged,
    AppointmentsOverlap,
    OtherHasAccount,
    SamePatient,
    StaffAccount,
    TwoAccounts,
)
from scheduling.merging.fields import merged_values
from scheduling.merging.selectors import overlapping_bookings
from tenants.accounts.audit.changes import field_names
from tenants.accounts.audit.services import AuditAction, write_audit_entries
from tenants.accounts.credentials.services import change_access
from tenants.accounts.models import User
from tenants.base.constraints import violated_constraint
from tenants.base.errors import NotFound
from tenants.base.retry import retry_conflicts


@retry_conflicts
def merge_patients(
    *,
    kept_id: uuid.UUID,
    merged_id: uuid.UUID,
    from_merged: Collection[str] = (),
    closes_account: bool = False,
    by: User,
    now: datetime,
) -> PatientMerge:
    """Move everything of one record to another, in one transaction. The merged record becomes a pointer.

    Bookings, series, waiting-list entries and whatever else refers to the record move. Its dependants get the
    kept record as their carer. Its own carers see the kept record only if that has no account: whoever signs
    in for themselves is not opened to the people who booked for a second record. An account of the merged
    record is switched off and its sessions end.

    :param from_merged: fields in which the value of the merged record is chosen (`MERGED_FIELDS`)
    :param closes_account: whether the account of the merged record may be switched off
    :raises SamePatient: both ids are the same
    :raises NotFound: one of them does not exist or is erased
    :raises AlreadyMerged: one of them was merged into another record
    :raises OtherHasAccount: only the record to be merged has an account
    :raises TwoAccounts: both have one, and `closes_account` is not set
    :raises StaffAccount: the account to be switched off belongs to a member of staff
    :raises AppointmentsOverlap: they have bookings at the same time
    """
    if kept_id == merged_id:
        raise SamePatient
    with transaction.atomic(), tracking_changes():
        kept, merged = _lock(kept_id, merged_id)
        _check_accounts(kept, merged, closes_account=closes_account)
        on_holds_released(release_holds(own_holds_of(merged), by=by, now=now), now=now)
        if pairs := overlapping_bookings(kept=kept, merged=merged):
            raise AppointmentsOverlap({"pairs": pairs})
        changes = Changes()
        _change_fields(kept, merged, from_merged, changes)
        _move_cares(kept, merged, changes)
        _move_rows(kept, merged, changes)
        if merged.user is not None and merged.user.is_active:
            change_access(user=merged.user, is_active=False, by=by, now=now)
            changes.closed_account = str(merged.user_id)
        Patient.objects.filter(pk=merged.pk).update(merged_into=kept)
        merge: PatientMerge = PatientMerge.objects.create(
            kept=kept, merged=merged, by=by, moved=changes.as_json(), created_at=now
        )
        write_audit_entries(
            what=AuditAction.MERGED, by=by, about=[kept, merged], changes=field_names(changes.fields)
        )
        record_patient_change(kept)
        record_patient_change(merged)
    return merge


def _lock(kept_id: uuid.UUID, merged_id: uuid.UUID) -> tuple[Patient, Patient]:
    """Lock both records, in the order of their ids, and return them.

    No booking can be made for them meanwhile, and of two merges of the same records one sees the other.

    :raises NotFound: one of them does not exist or is erased
    :raises AlreadyMerged: one of them was merged into another record
    """
    records = Patient.objects.select_for_update(of=("self",)).select_related("user")
    locked = {
        patient.pk: patient
        for patient in records.filter(pk__in=[kept_id, merged_id], erased_at=None).order_by("pk")
    }
    if len(locked) != len({kept_id, merged_id}):
        raise NotFound
    if any(patient.merged_into_id for patient in locked.values()):
        raise AlreadyMerged
    return locked[kept_id], locked[merged_id]


def _check_accounts(kept: Patient, merged: Patient, *, closes_account: bool) -> None:
    if merged.user is None:
        return
    if kept.user is None:
        raise OtherHasAccount
    if merged.user.role != User.Role.PATIENT:
        raise StaffAccount
    if merged.user.is_active and not closes_account:
        raise TwoAccounts


def _change_fields(kept: Patient, merged: Patient, from_merged: Collection[str], changes: Changes) -> None:
    values = merged_values(kept=kept, merged=merged, from_merged=from_merged)
    for name, value in values.items():
        field: Any = Patient._meta.get_field(name)
        changes.fields[name] = [field.value_to_string(kept) if getattr(kept, name) else "", ""]
        setattr(kept, name, value)
        changes.fields[name][1] = field.value_to_string(kept)
    if values:
        kept.save(update_fields=list(values))


def _move_cares(kept: Patient, merged: Patient, changes: Changes) -> None:
    """Move the dependants, and the carers if the kept record has no account. Remove what would be double."""
    dependants = set(Care.objects.filter(carer=kept).values_list("dependant", flat=True)) | {kept.pk}
    carers = set(Care.objects.filter(dependant=kept).values_list("carer", flat=True)) | {kept.pk}
    for care in Care.objects.filter(carer=merged).order_by("pk"):
        moves = care.dependant_id not in dependants and kept.user_id is not None
        _move_care(care, "carer", kept if moves else None, changes)
    for care in Care.objects.filter(dependant=merged).order_by("pk"):
        moves = care.carer_id not in carers and kept.user_id is None
        _move_care(care, "dependant", kept if moves else None, changes)


def _move_care(care: Care, name: str, kept: Patient | None, changes: Changes) -> None:
    """Give the care to the kept record; without one, remove it."""
    if kept is not None:
        changes.cares[str(care.pk)] = name
        Care.objects.filter(pk=care.pk).update(**{name: kept})
        return
    changes.removed_cares.append(
        {
            "id": str(care.pk),
            "carer": str(care.carer_id),
            "dependant": str(care.dependant_id),
            "created_at": care.created_at.isoformat(),
        }
    )
    care.delete()


def _move_rows(kept: Patient, merged: Patient, changes: Changes) -> None:
    """Let every row that refers to the merged record refer to the kept one.

    :raises AppointmentsOverlap: a booking of the kept record was made at the same time
    """
    for key, model, name in references_to_patients():
        rows = model._base_manager.filter(**{name: merged})
        if ids := [str(pk) for pk in rows.values_list("pk", flat=True)]:
            changes.rows[key] = ids
            try:
                with transaction.atomic():
                    rows.update(**{name: kept})
            except IntegrityError as error:
                if violated_constraint(error) != "booking_patient_is_in_one_place":
                    raise
                pairs = overlapping_bookings(kept=kept, merged=merged)
                raise AppointmentsOverlap({"pairs": pairs}) from error
