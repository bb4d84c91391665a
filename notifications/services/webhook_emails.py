"""Tell the clinic's admins that a webhook was switched off."""

import uuid
from urllib.parse import urlsplit

from django.core.mail import EmailMultiAlternatives
from django.utils.translation import gettext as _

from notifications.envelope import clinic_sender
from notifications.errors import PermanentFailure
from notifications.models import WebhookEndpoint
from notifications.services.delivery import deliver, log_refusal, mail_session
from notifications.staff_emails import staff_email
from tenants.accounts.models import User
from tenants.routing.public_urls import message_id


def send_webhook_off(*, endpoint_id: uuid.UUID) -> int:
    """Email every active admin that an endpoint was switched off, unless it is on again.

    If it fails half-way, the repetition uses the same Message-IDs.

    :return: the number of emails
    :raises TemporaryFailure: the server refused one for now
    :raises OSError: the mail server cannot be reached
    """
    endpoint = WebhookEndpoint.objects.filter(pk=endpoint_id, is_active=False).first()
    if endpoint is None:
        return 0
    admins = User.objects.filter(role=User.Role.ADMIN, is_active=True).order_by("pk")
    with mail_session():
        return sum(_send(_email(endpoint, admin), about=str(endpoint.pk)) for admin in admins)


def _send(email: EmailMultiAlternatives, *, about: str) -> bool:
    try:
        deliver(email, on_accepted=lambda _provider_id: None)
    except PermanentFailure as failure:
        log_refusal(failure, about=about)
        return False
    return True


def _email(endpoint: WebhookEndpoint, admin: User) -> EmailMultiAlternatives:
    sender = clinic_sender()
    context = {
        "subject": _("A webhook was switched off"),
        "host": urlsplit(endpoint.url).hostname,
        "reason": WebhookEndpoint.Off(endpoint.off_because).label,
        "url": sender.url(f"/admin/notifications/webhookendpoint/{endpoint.pk}/change/"),
    }
    about = message_id(f"{endpoint.pk} {endpoint.active_since.isoformat()} {admin.pk}")
    return staff_email("webhook_off", context, recipient=admin, about=about, sender=sender)
