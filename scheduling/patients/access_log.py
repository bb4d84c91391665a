"""Look up a patient's record for a user, and record reads and refusals in the audit log."""

import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from clinics.models import Patient
from clinics.selectors import current_record_id
from clinics.services.dependants import record_refused_access
from scheduling.patients.selectors import visible_patients
from tenants.accounts.audit.services import AuditAction, records_since, write_audit_entries
from tenants.accounts.models import User
from tenants.base.errors import NotFound


@contextmanager
def recording_refusals(rows: QuerySet[Any], *, by: User) -> Iterator[None]:
    """Record in the audit log that `by` was refused access to `rows`, if the block raises `NotFound`."""
    try:
        yield
    except NotFound:
        write_audit_entries(what=AuditAction.REFUSED, by=by, about=rows)
        raise


def open_patient(*, patient_id: uuid.UUID, by: User) -> Patient:
    """The patient's record, for staff to read. The read is recorded.

    The id of a record that was merged into another one leads to that one.

    :raises NotFound: it does not exist, or `by` may not see it
    """
    visible = visible_patients(by)
    patient: Patient | None = (
        visible.filter(pk=patient_id).first() or visible.filter(pk=current_record_id(patient_id)).first()
    )
    if patient is None:
        record_refused_access(patient_id=patient_id, by=by)
        raise NotFound
    write_audit_entries(what=AuditAction.READ, by=by, about=[patient])
    return patient


def record_patients_listed(*, patients: Iterable[Patient], by: User) -> None:
    """Record in the audit log that a list showed these patients to `by`. One entry per patient."""
    write_audit_entries(
        what=AuditAction.LISTED, by=by, about={patient.pk: patient for patient in patients}.values()
    )


def record_patients_watched(*, patients: Iterable[Patient], by: User, now: datetime) -> None:
    """Record that `by` is shown these patients again and again: one entry per patient and hour.

    The calendar is read again at every change, and a search with every letter. An entry for each would bury
    the others.
    """
    shown = {str(patient.pk): patient for patient in patients}
    since = now.replace(minute=0, second=0, microsecond=0)
    recorded = records_since(since, what=AuditAction.LISTED, kind=Patient._meta.label_lower, by=by)
    for pk in recorded.filter(record_id__in=shown).values_list("record_id", flat=True).distinct():
        del shown[pk]
    write_audit_entries(what=AuditAction.LISTED, by=by, about=shown.values())
