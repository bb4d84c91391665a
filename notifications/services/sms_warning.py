"""Warn a clinic's admins that the monthly limit of text messages is near."""

import uuid

from clinics.selectors import sms_settings
from notifications.account_email_text import sms_limit_email
from notifications.services.delivery import deliver
from notifications.services.sms_limit import month_to_warn_about
from tenants.accounts.models import User


def send_limit_warning(*, month_id: uuid.UUID) -> int:
    """Email every active admin. After a failure all are tried again: the emails keep their Message-IDs.

    :return: how many emails were sent
    :raises OSError: the mail server cannot be reached, or refuses temporarily
    """
    month, limit = month_to_warn_about(month_id), sms_settings().monthly_limit
    if month is None:
        return 0
    admins = User.objects.filter(role=User.Role.ADMIN, is_active=True).order_by("pk")
    emails = [sms_limit_email(month, limit=limit, to=admin) for admin in admins]
    return sum(deliver(email, about=str(month_id), on_accepted=lambda: None) for email in emails)
