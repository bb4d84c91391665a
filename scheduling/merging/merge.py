"""Merge two records of one patient: one gets all data, the other becomes a pointer to it."""

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
from scheduling.merging.selectors import ended_overlapping_bookings, overlapping_bookings
from scheduling.models import Booking
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
    survivor_id: uuid.UUID,
    merged_id: uuid.UUID,
    from_merged: Collection[str] = (),
    closes_account: bool = False,
    by: User,
    now: datetime,
) -> PatientMerge:
    """Move all data of one record to another, in one transaction, and replace the merged one by a pointer.

    All rows that refer to the merged record move, such as bookings and waiting-list entries. Its dependants
    get the surviving record as their carer. Its carers get access to the surviving record only if that record
    has no account: a patient who signs in must not become visible to carers of another record. The account of
    the merged record is deactivated and its sessions end.

    :param from_merged: fields for which the value of the merged record is used (`MERGED_FIELDS`)
    :param closes_account: whether the account of the merged record may be deactivated
    :raises SamePatient: both ids are the same
    :raises NotFound: a record does not exist or is erased
    :raises AlreadyMerged: a record has been merged into another one
    :raises OtherHasAccount: only the record to be merged has an account
    :raises TwoAccounts: both have one, and `closes_account` is not set
    :raises StaffAccount: the account to be deactivated belongs to a member of staff
    :raises AppointmentsOverlap: they have upcoming bookings at the same time
    """
    if survivor_id == merged_id:
        raise SamePatient
    with transaction.atomic(), tracking_changes():
        survivor, merged = _lock(survivor_id, merged_id)
        _check_accounts(survivor, merged, closes_account=closes_account)
        on_holds_released(release_holds(own_holds_of(merged), by=by, now=now), now=now)
        if pairs := overlapping_bookings(survivor=survivor, merged=merged, now=now):
            raise AppointmentsOverlap({"pairs": pairs})
        changes = Changes()
        _exempt_ended_bookings(survivor, merged, changes, now=now)
        _change_fields(survivor, merged, from_merged, changes)
        _move_cares(survivor, merged, changes)
        _move_rows(survivor, merged, changes, now=now)
        _close_account(merged, changes, by=by, now=now)
        Patient.objects.filter(pk=merged.pk).update(merged_into=survivor)
        merge: PatientMerge = PatientMerge.objects.create(
            survivor=survivor, merged=merged, by=by, moved=changes.as_json(), created_at=now
        )
        write_audit_entries(
            what=AuditAction.MERGED, by=by, about=[survivor, merged], changes=field_names(changes.fields)
        )
        record_patient_change(survivor)
        record_patient_change(merged)
    return merge


def _lock(survivor_id: uuid.UUID, merged_id: uuid.UUID) -> tuple[Patient, Patient]:
    """Lock both records in the order of their ids, so that concurrent merges and bookings wait. Return them.

    :raises NotFound: a record does not exist or is erased
    :raises AlreadyMerged: a record has been merged into another one
    """
    records = Patient.objects.select_for_update(of=("self",)).select_related("user")
    locked = {
        patient.pk: patient
        for patient in records.filter(pk__in=[survivor_id, merged_id], erased_at=None).order_by("pk")
    }
    if len(locked) != len({survivor_id, merged_id}):
        raise NotFound
    if any(patient.merged_into_id for patient in locked.values()):
        raise AlreadyMerged
    return locked[survivor_id], locked[merged_id]


def _check_accounts(survivor: Patient, merged: Patient, *, closes_account: bool) -> None:
    if merged.user is None:
        return
    if survivor.user is None:
        raise OtherHasAccount
    if merged.user.role != User.Role.PATIENT:
        raise StaffAccount
    if merged.user.is_active and not closes_account:
        raise TwoAccounts


def _close_account(merged: Patient, changes: Changes, *, by: User, now: datetime) -> None:
    if merged.user is not None and merged.user.is_active:
        change_access(user=merged.user, is_active=False, by=by, now=now)
        changes.closed_account = str(merged.user_id)


def _change_fields(
    survivor: Patient, merged: Patient, from_merged: Collection[str], changes: Changes
) -> None:
    values = merged_values(survivor=survivor, merged=merged, from_merged=from_merged)
    for name, value in values.items():
        field: Any = Patient._meta.get_field(name)
        changes.fields[name] = [field.value_to_string(survivor) if getattr(survivor, name) else "", ""]
        setattr(survivor, name, value)
        changes.fields[name][1] = field.value_to_string(survivor)
    if values:
        survivor.save(update_fields=list(values))


def _move_cares(survivor: Patient, merged: Patient, changes: Changes) -> None:
    """Move the dependants, and the carers if the surviving record has no account. Delete duplicate links."""
    dependants = set(Care.objects.filter(carer=survivor).values_list("dependant", flat=True)) | {survivor.pk}
    carers = set(Care.objects.filter(dependant=survivor).values_list("carer", flat=True)) | {survivor.pk}
    for care in Care.objects.filter(carer=merged).order_by("pk"):
        moves = care.dependant_id not in dependants and survivor.user_id is not None
        _move_care(care, "carer", survivor if moves else None, changes)
    for care in Care.objects.filter(dependant=merged).order_by("pk"):
        moves = care.carer_id not in carers and survivor.user_id is None
        _move_care(care, "dependant", survivor if moves else None, changes)


def _move_care(care: Care, name: str, survivor: Patient | None, changes: Changes) -> None:
    """Move the link to the surviving record, or delete it if `survivor` is None."""
    if survivor is not None:
        changes.cares[str(care.pk)] = name
        Care.objects.filter(pk=care.pk).update(**{name: survivor})
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


def _exempt_ended_bookings(survivor: Patient, merged: Patient, changes: Changes, *, now: datetime) -> None:
    """Let one patient have both of two bookings at the same time if one of them has ended."""
    ended = ended_overlapping_bookings(survivor=survivor, merged=merged, now=now)
    ids = list(ended.filter(past_overlap=False).values_list("pk", flat=True))
    Booking.objects.filter(pk__in=ids).update(past_overlap=True)
    changes.past_overlaps = [str(pk) for pk in ids]


def _move_rows(survivor: Patient, merged: Patient, changes: Changes, *, now: datetime) -> None:
    """Change every foreign key to the merged record, except those of `Care`, to the surviving record.

    :raises AppointmentsOverlap: an overlapping booking was made after the check
    """
    for key, model, name in references_to_patients():
        rows = model._base_manager.filter(**{name: merged})
        if ids := [str(pk) for pk in rows.values_list("pk", flat=True)]:
            changes.rows[key] = ids
            try:
                with transaction.atomic():
                    rows.update(**{name: survivor})
            except IntegrityError as error:
                if violated_constraint(error) != "booking_patient_is_in_one_place":
                    raise
                pairs = overlapping_bookings(survivor=survivor, merged=merged, now=now)
                raise AppointmentsOverlap({"pairs": pairs}) from error
