"""Finds the audit entries about a patient, also those about their account."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from clinics.models import Patient
from tenants.accounts.audit.records import as_uuid, patient_records
from tenants.accounts.models import User


def patients_matching(text: str) -> QuerySet[Patient]:
    """Return the patients that an audit search means: by id, or by the words that their record contains."""
    if (patient_id := as_uuid(text)) is not None:
        return Patient.objects.filter(Q(pk=patient_id) | Q(user=patient_id))
    return Patient.objects.known().containing(text)


@patient_records
def _patients_and_accounts(text: str) -> Iterable[tuple[str, QuerySet[Any]]]:
    patients = patients_matching(text)
    yield "clinics.patient", patients
    yield "accounts.user", User.objects.filter(patient__in=patients)
