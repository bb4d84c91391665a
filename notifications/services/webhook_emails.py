"""Tell the clinic's admins that a webhook was switched off."""

import uuid
from urllib.parse import urlsplit

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from clinics.selectors import clinic_settings
from notifications.booking_emails import envelope_fields
from notifications.email_context import greeting, recipient_name
from notifications.models import WebhookEndpoint
from notifications.services.delivery import deliver
from tenants.accounts.models import User
from tenants.current import current_clinic
from tenants.routing.public_urls import clinic_url, message_id


def send_webhook_off(*, endpoint_id: uuid.UUID) -> int:
    """Email every active admin that an endpoint was switched off, unless it is on again.

    If it fails half-way, the repetition uses the same Message-IDs.

    :return: the number of emails
    :raises OSError: the mail server cannot be reached, or refuses temporarily
    """
    endpoint = WebhookEndpoint.objects.filter(pk=endpoint_id, is_active=False).first()
    if endpoint is None:
        return 0
    admins = User.objects.filter(role=User.Role.ADMIN, is_active=True).order_by("pk")
    return sum(
        deliver(_email(endpoint, admin), about=str(endpoint.pk), on_accepted=lambda: None) for admin in admins
    )


def _email(endpoint: WebhookEndpoint, admin: User) -> EmailMultiAlternatives:
    clinic, brand = current_clinic(), clinic_settings()
    context = {
        "clinic": clinic,
        "brand": brand,
        "greeting": greeting(admin),
        "host": urlsplit(endpoint.url).hostname,
        "reason": WebhookEndpoint.Off(endpoint.off_because).label,
        "url": clinic_url(clinic, f"/admin/notifications/webhookendpoint/{endpoint.pk}/change/"),
    }
    about = f"{endpoint.pk} {endpoint.active_since.isoformat()} {admin.pk}"
    email = EmailMultiAlternatives(
        subject=_("A webhook was switched off"),
        body=render_to_string("notifications/webhook_off.txt", context),
        headers={"Message-ID": message_id(about), "Auto-Submitted": "auto-generated"},
        **envelope_fields(clinic, brand, name=recipient_name(admin), email=admin.email),
    )
    email.attach_alternative(render_to_string("notifications/webhook_off.html", context), "text/html")
    return email
