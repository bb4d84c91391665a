"""Warn a clinic's admins that the monthly limit of text messages is near."""

import uuid

from django.core.mail import EmailMultiAlternatives
from django.utils.formats import date_format
from django.utils.translation import gettext_noop

from clinics.selectors import sms_settings
from notifications.account_email_text import account_email
from notifications.models import SmsMonth
from notifications.services.job_emails import send_in_job
from notifications.services.sms_limit import month_to_warn_about
from notifications.visit_context import recipient_name
from tenants.accounts.models import User
from tenants.current import current_clinic
from tenants.routing.public_urls import clinic_url


def send_limit_warning(*, month_id: uuid.UUID) -> int:
    """Email every active admin. If it fails half-way, the repetition uses the same Message-IDs.

    :return: the number of emails
    :raises RetryLater: the mail server refuses one for now, or cannot be reached
    """
    month = month_to_warn_about(month_id)
    if month is None:
        return 0
    admins = User.objects.filter(role=User.Role.ADMIN, is_active=True).order_by("pk")
    return sum(send_in_job(_email(month, admin), about=month.pk) for admin in admins)


def _email(month: SmsMonth, admin: User) -> EmailMultiAlternatives:
    return account_email(
        "sms_limit",
        subject=gettext_noop("Text messages: the monthly limit is near"),
        about=f"{month.pk} {admin.pk}",
        to=(recipient_name(admin), admin.email),
        user=admin,
        month=date_format(month.month, "YEAR_MONTH_FORMAT"),
        used=month.segments,
        limit=sms_settings().monthly_limit,
        url=clinic_url(current_clinic(), "/admin/clinics/smssettings/"),
    )
