"""Tell the clinic's admins that a webhook was switched off."""

import uuid
from urllib.parse import urlsplit

from django.core.mail import EmailMultiAlternatives
from django.utils.translation import gettext_noop

from notifications.account_email_text import account_email
from notifications.models import WebhookEndpoint
from notifications.services.job_emails import send_in_job
from notifications.visit_context import recipient_name
from tenants.accounts.models import User
from tenants.current import current_clinic
from tenants.routing.public_urls import clinic_url


def send_webhook_off(*, endpoint_id: uuid.UUID) -> int:
    """Email every active admin that an endpoint was switched off, unless it is on again.

    If it fails half-way, the repetition uses the same Message-IDs.

    :return: the number of emails
    :raises RetryLater: the mail server refuses one for now, or cannot be reached
    """
    endpoint = WebhookEndpoint.objects.filter(pk=endpoint_id, is_active=False).first()
    if endpoint is None:
        return 0
    admins = User.objects.filter(role=User.Role.ADMIN, is_active=True).order_by("pk")
    return sum(send_in_job(_email(endpoint, admin), about=endpoint.pk) for admin in admins)


def _email(endpoint: WebhookEndpoint, admin: User) -> EmailMultiAlternatives:
    return account_email(
        "webhook_off",
        subject=gettext_noop("A webhook was switched off"),
        about=f"{endpoint.pk} {endpoint.active_since.isoformat()} {admin.pk}",
        to=(recipient_name(admin), admin.email),
        user=admin,
        host=urlsplit(endpoint.url).hostname,
        reason=WebhookEndpoint.Off(endpoint.off_because).label,
        url=clinic_url(current_clinic(), f"/admin/notifications/webhookendpoint/{endpoint.pk}/change/"),
    )
