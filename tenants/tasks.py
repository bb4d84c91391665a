"""The Celery tasks that run the jobs in the queue, and start each clinic's nightly maintenance."""

from datetime import timedelta

from celery import shared_task

from tenants.base.clock import now as clock_now
from tenants.current import recycle_connection
from tenants.queue.clinic_task import ClinicTask
from tenants.queue.jobs import claim_jobs, release_jobs, run_job
from tenants.queue.nights import start_due_nights

_BATCH_SIZE = 32
_MAX_RUN_TIME = timedelta(seconds=20)
"""How long one run lasts. It is well below the lease, so no other worker can claim the same jobs."""


@shared_task(base=ClinicTask, name="tenants.sweep_queue", public=True, expires=5)
def sweep_queue() -> int:
    """Run due jobs for at most 20 seconds. Several workers may run it at once: a job is claimed only once.

    :return: the number of jobs done
    """
    done = 0
    until = clock_now() + _MAX_RUN_TIME
    while clock_now() < until:
        jobs = claim_jobs(now=clock_now(), limit=_BATCH_SIZE)
        if not jobs:
            break
        for index, job in enumerate(jobs):
            if clock_now() >= until:
                release_jobs(jobs[index:], now=clock_now())
                break
            done += run_job(job)
            recycle_connection()
    return done


@shared_task(base=ClinicTask, name="tenants.start_nightly_maintenance", public=True, expires=240)
def start_nightly_maintenance() -> int:
    """Start the nightly maintenance of every clinic whose local night it is, or whose night was missed.

    :return: the number of clinics
    """
    return start_due_nights(now=clock_now())
