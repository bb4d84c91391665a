"""Finds patients for the audit log's search, also by their account."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from clinics.models import Patient
from tenants.accounts.audit.records import as_uuid, patient_records
from tenants.accounts.models import User


def patients_matching(text: str) -> QuerySet[Patient]:
    """Return the patients whose name, telephone number or email address contains every word, or by id."""
    if (patient_id := as_uuid(text)) is not None:
        return Patient.objects.filter(Q(pk=patient_id) | Q(user=patient_id))
    found: QuerySet[Patient] = Patient.objects.known()
    for word in text.split():
        found = found.filter(
            Q(first_name__icontains=word)
            | Q(last_name__icontains=word)
            | Q(phone__written=word)
            | Q(user__email__icontains=word)
        )
    return found


@patient_records
def _patients_and_accounts(text: str) -> Iterable[tuple[str, QuerySet[Any]]]:
    patients = patients_matching(text)
    yield "clinics.patient", patients
    yield "accounts.user", User.objects.filter(patient__in=patients)
