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
from tenants.accounts.audit.services import AuditAction, entries_since, write_audit_entries
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

    With the id of a record that was merged into another one, it returns that one.

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


def record_patients_listed_hourly(*, patients: Iterable[Patient], by: User, now: datetime) -> None:
    """Record that `by` has seen these patients in a list that reloads often: one entry per patient and hour.

    The calendar reloads at every change, and a search at every letter. With an entry for each, the other
    entries would be hard to find.
    """
    shown = {str(patient.pk): patient for patient in patients}
    since = now.replace(minute=0, second=0, microsecond=0)
    entries = entries_since(since, what=AuditAction.LISTED, kind=Patient._meta.label_lower, by=by)
    # Two lists that were read at the same moment may both have recorded a patient.
    recorded = set(entries.filter(record_id__in=shown).values_list("record_id", flat=True))
    new = [patient for pk, patient in shown.items() if pk not in recorded]
    write_audit_entries(what=AuditAction.LISTED, by=by, about=new)
