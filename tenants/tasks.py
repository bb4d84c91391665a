"""The Celery tasks that run the jobs in the queue, and start each clinic's nightly maintenance."""

from celery import shared_task

from tenants.models import Heartbeat
from tenants.queue import clock
from tenants.queue.clinic_task import ClinicTask
from tenants.queue.jobs import Lane
from tenants.queue.nights import start_due_nights
from tenants.queue.runner import run_due_jobs


@shared_task(base=ClinicTask, name="tenants.sweep_queue", public=True)
def sweep_queue() -> int:
    """Run due jobs of the installation itself, such as slots, holds and offers, for about 20 seconds.

    Several workers may run it at once: a job is claimed only once.

    :return: the number of jobs done
    """
    return run_due_jobs(Lane.WORK)


@shared_task(base=ClinicTask, name="tenants.sweep_deliveries", public=True)
def sweep_deliveries() -> int:
    """Run due jobs that wait for other servers, such as emails, for about 20 seconds.

    :return: the number of jobs done
    """
    return run_due_jobs(Lane.DELIVERY)


@shared_task(base=ClinicTask, name="tenants.sweep_feeds", public=True)
def sweep_feeds() -> int:
    """Read due outside calendars for about three seconds, so that deliveries never wait for longer.

    :return: the number of jobs done
    """
    return run_due_jobs(Lane.FEEDS, seconds=3)


HEARTBEATS = {"work": "heartbeat of the workers", "delivery": "heartbeat of the delivery workers"}
"""The name of the periodic task that makes the workers of a lane give a sign of life."""


@shared_task(base=ClinicTask, name="tenants.record_heartbeat", public=True, expires=120)
def record_heartbeat(lane: str) -> None:
    """Record that a worker of `lane` is running. Beat sends it each minute."""
    Heartbeat.objects.update_or_create(name=lane, defaults={"seen_at": clock.queue_now()})


@shared_task(base=ClinicTask, name="tenants.start_nightly_maintenance", public=True)
def start_nightly_maintenance() -> int:
    """Start the nightly maintenance of every clinic whose local night it is, or whose night was missed.

    :return: the number of clinics
    """
    return start_due_nights(now=clock.queue_now())
