"""Tell a doctor that one of their outside calendars cannot be read."""

import uuid

from django.utils.translation import gettext_noop

from notifications.account_email_text import account_email
from notifications.services.job_emails import send_in_job
from notifications.visit_context import recipient_name
from scheduling.models import OutsideCalendar
from tenants.current import current_clinic
from tenants.routing.public_urls import clinic_url


def send_calendar_failing(*, calendar_id: uuid.UUID) -> bool:
    """Email the doctor, unless the calendar can be read again, was removed, or the doctor has no account.

    :return: whether the server accepted the email
    :raises RetryLater: the mail server refuses it for now, or cannot be reached
    """
    calendars = OutsideCalendar.objects.select_related("doctor__user")
    calendar = calendars.filter(pk=calendar_id, failing_since__isnull=False).first()
    user = calendar.doctor.user if calendar else None
    if calendar is None or user is None or not user.is_active:
        return False
    email = account_email(
        "outside_calendar_failing",
        subject=gettext_noop("One of your calendars cannot be read"),
        about=f"{calendar.pk} {calendar.failing_since} {user.pk}",
        to=(recipient_name(user), user.email),
        user=user,
        # Its name is the doctor's own text and may say anything, so the email names the provider only.
        host=calendar.host,
        url=clinic_url(current_clinic(), "/portal/outside-calendars"),
    )
    return send_in_job(email, about=calendar.pk)
