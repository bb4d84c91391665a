"""Periodic tasks for sign-ups."""

from celery import shared_task

from console.sign_up import delete_expired_sign_ups
from console.sign_up_emails import send_due_emails
from tenants.base.clock import now
from tenants.queue.clinic_task import ClinicTask


@shared_task(name="console.send_sign_up_letters", base=ClinicTask, public=True)
def send_sign_up_letters() -> int:
    """Send the emails that are due. Return how many were sent."""
    return send_due_emails(now=now())


@shared_task(name="console.forget_sign_ups", base=ClinicTask, public=True)
def forget_sign_ups() -> int:
    """Delete sign-ups that have expired. Return how many."""
    return delete_expired_sign_ups(now=now())
