"""Periodic tasks for sign-ups, and the check of the installation."""

from celery import shared_task

from console.alarms import watch
from console.sign_up import delete_expired_sign_ups
from console.sign_up_emails import send_due_emails
from tenants.base.clock import now
from tenants.queue.clinic_task import ClinicTask
from tenants.queue.failure_counts import delete_old_counts


@shared_task(name="console.send_sign_up_letters", base=ClinicTask, public=True)
def send_sign_up_letters() -> int:
    """Send the emails that are due. Return how many were sent."""
    return send_due_emails(now=now())


@shared_task(name="console.watch", base=ClinicTask, public=True, expires=60)
def watch_installation() -> bool:
    """Check the installation and tell operators of problems. The web processes do so too."""
    moment = now()
    delete_old_counts(now=moment)
    return watch(now=moment)


@shared_task(name="console.forget_sign_ups", base=ClinicTask, public=True)
def forget_sign_ups() -> int:
    """Delete sign-ups that have expired. Return how many."""
    return delete_expired_sign_ups(now=now())
