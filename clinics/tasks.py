"""Periodic tasks for clinics, and steps of their nightly maintenance."""

import uuid
from datetime import datetime

import structlog
from celery import shared_task

from clinics.services.lifecycle import drop_clinic
from clinics.services.phone_numbers import normalise_phone_numbers
from tenants.base.clock import now as clock_now
from tenants.models import Clinic
from tenants.queue.clinic_task import ClinicTask
from tenants.queue.nights import nightly_step
from tenants.services.lifecycle import NotDueForDeletion

log = structlog.get_logger(__name__)


@shared_task(name="clinics.drop_closed_clinics", base=ClinicTask, public=True)
def drop_closed_clinics() -> int:
    """Delete every closed clinic whose grace period has ended. A failure is retried the next day.

    :return: how many clinics were deleted
    """
    now = clock_now()
    dropped = 0
    for clinic in Clinic.objects.filter(status=Clinic.Status.CLOSING, drop_after__lte=now).order_by("pk"):
        try:
            drop_clinic(clinic=clinic, by=None, now=now)
        except NotDueForDeletion:
            continue  # it was reopened meanwhile
        except Exception:
            log.exception("clinic_not_dropped", clinic=str(clinic.pk))
            continue
        dropped += 1
    return dropped


@nightly_step("phone_numbers")
def normalise_clinic_phone_numbers(_clinic_id: uuid.UUID, _now: datetime) -> None:
    """Store old telephone numbers as E.164, also those of a clinic that was restored from an old export."""
    if changed := normalise_phone_numbers():
        log.info("phone_numbers_normalised", changed=changed)
