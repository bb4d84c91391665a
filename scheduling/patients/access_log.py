"""Look up a patient's record for a user, and record reads and refusals in the audit log."""

import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from clinics.models import Patient
from clinics.services.dependants import record_refused_access
from scheduling.patients.selectors import visible_patients
from tenants.accounts.audit.services import AuditAction, write_audit_entries
from tenants.accounts.models import AuditEntry, User
from tenants.base.errors import NotFound

_ON_SCREEN = timedelta(hours=1)
"""How long one entry stands for a patient who stays on a screen that reloads by itself."""


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

    :raises NotFound: it does not exist, or `by` may not see it
    """
    patient: Patient | None = visible_patients(by).filter(pk=patient_id).first()
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


def record_patients_on_screen(*, patients: Iterable[Patient], by: User, now: datetime) -> None:
    """Record in the audit log that a page which reloads by itself shows these patients to `by`.

    One entry per patient and hour: a board that is open all day would otherwise write thousands.
    """
    shown = {str(patient.pk): patient for patient in patients}
    recorded = AuditEntry.objects.filter(
        kind=Patient._meta.label_lower, record_id__in=list(shown), by=by, what=AuditAction.LISTED
    ).filter(at__gt=now - _ON_SCREEN, at__lte=now)
    for record_id in recorded.values_list("record_id", flat=True):
        shown.pop(record_id, None)
    record_patients_listed(patients=shown.values(), by=by)
