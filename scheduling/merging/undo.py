"""Undo a merge within a day. Afterwards the stored changes are deleted."""

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction

from clinics.models import Care, Patient, PatientMerge
from clinics.services.patient_changes import record_patient_change
from scheduling.merging.changes import model_and_field
from scheduling.merging.errors import MergeOver
from scheduling.merging.selectors import UNDO_PERIOD, undoable_merge
from scheduling.models import Booking
from tenants.accounts.audit.changes import field_names
from tenants.accounts.audit.services import AuditAction, write_audit_entries
from tenants.accounts.credentials.services import change_access
from tenants.accounts.models import User
from tenants.base.errors import NotFound
from tenants.base.retry import retry_conflicts


@retry_conflicts
def undo_merge(*, survivor_id: uuid.UUID, by: User, now: datetime) -> PatientMerge:
    """Undo the latest merge into a record: move all rows back and restore both records.

    Later changes are not affected: bookings made since the merge belong to the surviving record, and fields
    edited since then have their new values. The deactivated account is activated; its owner has to sign in.

    :raises NotFound: the record does not exist or is erased
    :raises MergeOver: it is more than a day old or was undone, or the merged record was erased
    """
    with transaction.atomic():
        merge = _locked_merge(survivor_id, now=now)
        survivor, merged = merge.survivor, merge.merged
        Patient.objects.filter(pk=merged.pk).update(merged_into=None)
        for key, ids in merge.moved["rows"].items():
            model, name = model_and_field(key)
            model._base_manager.filter(pk__in=ids, **{name: survivor}).update(**{name: merged})
        Booking.objects.filter(
            pk__in=merge.moved.get("past_overlaps", []), patient__in=[survivor, merged]
        ).update(past_overlap=False)
        _restore_cares(merge)
        restored = _restore_fields(survivor, merge.moved["fields"])
        if merge.moved["closed_account"]:
            user = User.objects.get(pk=merge.moved["closed_account"])
            change_access(user=user, is_active=True, by=by, now=now)
        PatientMerge.objects.filter(pk=merge.pk).update(undone_at=now, moved={})
        write_audit_entries(
            what=AuditAction.MERGE_UNDONE, by=by, about=[survivor, merged], changes=field_names(restored)
        )
        record_patient_change(survivor)
        record_patient_change(merged)
    merge.refresh_from_db()
    return merge


def _locked_merge(survivor_id: uuid.UUID, *, now: datetime) -> PatientMerge:
    """Lock the record and the one that was merged into it last. Return the merge.

    :raises NotFound: the record does not exist or is erased
    :raises MergeOver: no merge can be undone
    """
    survivor = Patient.objects.filter(erased_at=None).select_for_update().filter(pk=survivor_id).first()
    if survivor is None:
        raise NotFound
    merge = undoable_merge(survivor, now=now)
    if merge is None or not Patient.objects.select_for_update().filter(pk=merge.merged_id, erased_at=None):
        raise MergeOver
    return merge


def _restore_cares(merge: PatientMerge) -> None:
    for care_id, name in merge.moved["cares"].items():
        Care.objects.filter(pk=care_id, **{name: merge.survivor}).update(**{name: merge.merged})
    removed = merge.moved["removed_cares"]
    named = [care[name] for care in removed for name in ("carer", "dependant")]
    present = {str(pk) for pk in Patient.objects.known().filter(pk__in=named).values_list("pk", flat=True)}
    Care.objects.bulk_create(
        [
            Care(
                pk=care["id"],
                carer_id=care["carer"],
                dependant_id=care["dependant"],
                created_at=datetime.fromisoformat(care["created_at"]),
            )
            for care in removed
            if {care["carer"], care["dependant"]} <= present
        ],
        ignore_conflicts=True,  # the carer was added again since
    )


def _restore_fields(survivor: Patient, fields: dict[str, list[str]]) -> list[str]:
    """Restore the previous values of the fields that were not edited since the merge. Return their names."""
    restored = []
    for name, (before, after) in fields.items():
        field: Any = Patient._meta.get_field(name)
        if field.value_to_string(survivor) == after:
            setattr(survivor, name, field.to_python(before) if before else field.get_default())
            restored.append(name)
    if restored:
        survivor.save(update_fields=restored)
    return restored


def forget_old_merges(*, now: datetime) -> int:
    """Delete the stored changes of merges that can no longer be undone. Return the number of merges."""
    return PatientMerge.objects.filter(created_at__lte=now - UNDO_PERIOD).exclude(moved={}).update(moved={})
