"""Periodic tasks of the accounts app."""

from contextlib import nullcontext

import structlog
from celery import shared_task

from tenants.accounts.audit.chain import ChainBroken, close_batches
from tenants.base.clock import now as clock_now
from tenants.current import enter_clinic
from tenants.models import Clinic
from tenants.queue.clinic_task import ClinicTask

log = structlog.get_logger(__name__)


@shared_task(name="accounts.chain_audit_logs", base=ClinicTask, public=True)
def chain_audit_logs() -> int:
    """Close batches in the audit logs of all clinics, also suspended ones, and of the platform.

    A failure at one clinic does not stop the others, and is tried again in the next run.

    :return: the number of entries in the new batches
    """
    closed = 0
    for clinic in (None, *Clinic.objects.order_by("pk")):
        try:
            with enter_clinic(clinic) if clinic else nullcontext():
                closed += close_batches(now=clock_now())
        except ChainBroken:
            log.error("audit_chain_broken", clinic=str(clinic.pk) if clinic else None)
        except Exception:
            log.exception("audit_chain_failed", clinic=str(clinic.pk) if clinic else None)
    return closed
