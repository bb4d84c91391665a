"""What is added to every email before it is sent."""

import json
import uuid
from collections.abc import Callable, Mapping

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from notifications.services.senders import sign
from tenants.base.clock import now
from tenants.current import current_clinic_or_none

_SMTP_METADATA: dict[str, Callable[[Mapping[str, str]], dict[str, str]]] = {
    "amazon_ses": lambda data: {"X-Metadata": json.dumps(data)},
    "mailgun": lambda data: {"X-Mailgun-Variables": json.dumps(data)},
    "postmark": lambda data: {f"X-PM-Metadata-{name}": value for name, value in data.items()},
}
"""The headers in which mail services that are used over SMTP take the metadata of an email."""


def prepare(email: EmailMultiAlternatives, *, about: uuid.UUID | None) -> None:
    """Sign the email, and add the ids by which a report about it is assigned to its clinic and message.

    :param about: the id of the row that the email is about
    """
    clinic = current_clinic_or_none()
    if clinic is None:
        return
    sign(email, now=now())
    if not settings.EMAIL_REPORTS_FROM:
        return
    metadata = {"clinic": str(clinic.pk), "message": str(about or "")}
    if settings.EMAIL_BACKEND.startswith("anymail."):
        email.metadata = metadata  # type: ignore[attr-defined]  # read by django-anymail
    elif headers := _SMTP_METADATA.get(settings.EMAIL_REPORTS_FROM):
        email.extra_headers |= headers(metadata)
