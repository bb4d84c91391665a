"""Erase a patient's personal data."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import models, transaction

from clinics.models import Care, Patient, PatientMerge
from tenants.accounts.erase_user import erase_admin_history
from tenants.queue.jobs import enqueue_all

Eraser = Callable[[Sequence[Patient]], object]
_erasers: list[Eraser] = []
_BLANK_TEXTS = {
    field.name: ""
    for field in Patient._meta.concrete_fields
    if isinstance(field, models.CharField | models.TextField)
}
"""An empty value for every text field of a patient, including fields that are added later."""


def erases_with_patients(function: Eraser) -> Eraser:
    """Register a function of an app above that erases its data about patients, in the same transaction."""
    _erasers.append(function)
    return function


def lock_records_to_erase(own_record: Patient) -> list[Patient]:
    """Lock and return the records to erase with a patient's.

    These are the patient's own record, the dependants who have no other carer and no account, and the records
    that were merged into any of these. The locks prevent bookings for them, and changes of their carers,
    until the transaction ends.
    """
    dependants = Patient.objects.known().filter(cared_for_by__carer=own_record)
    keys = [own_record.pk, *dependants.values_list("pk", flat=True)]
    locked = list(Patient.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    other_cares = (
        Care.objects.filter(dependant__in=keys).exclude(carer=own_record).values_list("dependant", flat=True)
    )
    with_other_carers = set(other_cares) - {own_record.pk}
    erased = [
        patient
        for patient in locked
        if patient.pk == own_record.pk or (patient.pk not in with_other_carers and patient.user_id is None)
    ]
    return [*erased, *_lock_merged_records(erased)]


def _lock_merged_records(patients: Sequence[Patient]) -> list[Patient]:
    """Lock and return the records that were merged into these, or into one that was."""
    merged, latest = [], [patient.pk for patient in patients]
    while latest:
        records = Patient.objects.select_for_update().filter(merged_into__in=latest, erased_at=None)
        rows = list(records.order_by("pk"))
        merged += rows
        latest = [row.pk for row in rows]
    return merged


@transaction.atomic
def erase_patients(*, patients: Sequence[Patient], now: datetime) -> None:
    """Blank the records. The rows stay, because bookings refer to them."""
    for erase in _erasers:
        erase(patients)
    keys = [patient.pk for patient in patients]
    PatientMerge.objects.filter(models.Q(survivor__in=keys) | models.Q(merged__in=keys)).update(moved={})
    Care.objects.filter(models.Q(carer__in=keys) | models.Q(dependant__in=keys)).delete()
    Patient.objects.filter(pk__in=keys).update(
        **_BLANK_TEXTS, date_of_birth=None, sms_consent_at=None, erased_at=now
    )
    enqueue_all(kind="patient_erased", rows=[(key, now) for key in keys])
    erase_admin_history(patients)
