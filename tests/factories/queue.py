"""The job queue as a worker sees it: from the public schema, since a clinic can only add jobs."""

import math
import uuid
from datetime import datetime, timedelta
from typing import Any

import time_machine

from tenants.base.clock import now as clock_now
from tenants.current import enter_public
from tenants.models import QueueLine
from tenants.queue.claims import Claim, claim_jobs
from tenants.queue.jobs import Lane
from tenants.queue.runner import run_claim
from tenants.queue.runner import run_due_jobs as run_lane

_BESIDES = [
    "next_open", "patient_changed", "patient_erased", "waitlist_changed", "waitlist_deleted",
    "message_failed",
]  # fmt: skip
"""Jobs that follow from many changes besides what a test is about: the next open slot, webhooks, notices."""


def queued_jobs(**filters: Any) -> list[QueueLine]:
    """Return the queued jobs with these values, in the order in which they were added.

    Jobs that refresh a doctor's next open slot, or report a patient or a failed message, are left out unless
    `kind` is given.
    """
    left_out = {} if "kind" in filters else {"kind__in": _BESIDES}
    with enter_public():
        jobs = QueueLine.objects.filter(**filters).order_by("id")
        return list(jobs.exclude(**left_out) if left_out else jobs)


def queued_job_kinds(**filters: Any) -> list[str]:
    """Return the kinds of the queued jobs with these values."""
    return [job.kind for job in queued_jobs(**filters)]


def is_done(clinic_id: uuid.UUID) -> bool:
    """Return whether no job of a clinic is due or being run. Those for later, such as reminders, may wait."""
    return not queued_jobs(clinic_id=clinic_id, due_at__lte=clock_now() + timedelta(minutes=2))


def delete_queued_jobs(*, clinic_id: uuid.UUID) -> None:
    """Delete a clinic's jobs. Dropping the clinic does not delete them, and the next run would find them."""
    with enter_public():
        QueueLine.objects.filter(clinic_id=clinic_id).delete()


def claim_at(now: datetime, *, limit: int = 100, lane: Lane = Lane.WORK) -> Claim:
    """Claim due jobs at that time."""
    with time_machine.travel(now, tick=False):
        return claim_jobs(lane=lane, limit=limit)


def run_claimed(claim: Claim) -> int:
    """Run claimed jobs, however long that takes; return the number of those that are done."""
    return run_claim(claim, until=math.inf)


def run_due_jobs() -> int:
    """Run the due jobs of all lanes, and what follows from them, as workers do; return their number."""
    done = 0
    with enter_public():
        while count := run_lane(Lane.WORK) + run_lane(Lane.DELIVERY):
            done += count
    return done
