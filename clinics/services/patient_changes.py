"""Record that a patient's record was created or changed, for other systems of the clinic."""

from clinics.models import Patient
from tenants.base.clock import now
from tenants.queue.jobs import enqueue


def record_patient_change(patient: Patient) -> None:
    """Enqueue the news that `patient` was created or changed, in the transaction of the change."""
    enqueue(kind="patient_changed", row_id=patient.pk, due_at=now())
