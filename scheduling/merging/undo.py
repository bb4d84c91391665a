"""Undo a merge within a day, and forget afterwards what it changed."""

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction

from clinics.models import Care, Patient, PatientMerge
from clinics.services.patient_changes import record_patient_change
from scheduling.merging.changes import model_and_field
from scheduling.merging.errors import MergeOver
from scheduling.merging.selectors import UNDO_PERIOD, undoable_merge
from tenants.accounts.audit.changes import field_names
from tenants.accounts.audit.services import AuditAction, write_audit_entries
from tenants.accounts.credentials.services import change_access
from tenants.accounts.models import User
from tenants.base.retry import retry_conflicts


@retry_conflicts
def undo_merge(*, kept_id: uuid.UUID, by: User, now: datetime) -> PatientMerge:
    """Undo the latest merge into a record: what it moved goes back, and both records are as they were.

    What came later stays: bookings made since belong to the kept record, and a field that was changed since
    keeps its new value. The account that was switched off can be used again; its owner signs in anew.

    :raises MergeOver: it is more than a day old or was undone, or a record was merged again or erased since
    """
    with transaction.atomic():
        merge = _locked_merge(kept_id, now=now)
        kept, merged = merge.kept, merge.merged
        Patient.objects.filter(pk=merged.pk).update(merged_into=None)
        for key, ids in merge.moved["rows"].items():
            model, name = model_and_field(key)
            model._base_manager.filter(pk__in=ids, **{name: kept}).update(**{name: merged})
        _restore_cares(merge)
        restored = _restore_fields(kept, merge.moved["fields"])
        if merge.moved["closed_account"]:
            user = User.objects.get(pk=merge.moved["closed_account"])
            change_access(user=user, is_active=True, by=by, now=now)
        PatientMerge.objects.filter(pk=merge.pk).update(undone_at=now, moved={})
        write_audit_entries(
            what=AuditAction.MERGE_UNDONE, by=by, about=[kept, merged], changes=field_names(restored)
        )
        record_patient_change(kept)
        record_patient_change(merged)
    merge.refresh_from_db()
    return merge


def _locked_merge(kept_id: uuid.UUID, *, now: datetime) -> PatientMerge:
    """Lock the record, and the one that was merged into it last. Return the merge.

    :raises MergeOver: there is none that can be undone
    """
    kept = Patient.objects.known().select_for_update().filter(pk=kept_id).first()
    merge = undoable_merge(kept, now=now) if kept is not None else None
    if merge is None or not Patient.objects.select_for_update().filter(pk=merge.merged_id, erased_at=None):
        raise MergeOver
    return merge


def _restore_cares(merge: PatientMerge) -> None:
    for care_id, name in merge.moved["cares"].items():
        Care.objects.filter(pk=care_id, **{name: merge.kept}).update(**{name: merge.merged})
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


def _restore_fields(kept: Patient, fields: dict[str, list[str]]) -> list[str]:
    """Give the fields their earlier values, unless they were changed since. Return their names."""
    restored = []
    for name, (before, after) in fields.items():
        field: Any = Patient._meta.get_field(name)
        if field.value_to_string(kept) == after:
            setattr(kept, name, field.to_python(before) if before else field.get_default())
            restored.append(name)
    if restored:
        kept.save(update_fields=restored)
    return restored


def forget_old_merges(*, now: datetime) -> int:
    """Delete what merges changed that can no longer be undone. Return how many there were."""
    return PatientMerge.objects.filter(created_at__lte=now - UNDO_PERIOD).exclude(moved={}).update(moved={})
