"""The clinic as the sender of emails: its brand and host, and the header fields of its emails."""

from dataclasses import dataclass
from email.utils import formataddr
from typing import Any
from unicodedata import category

from django.conf import settings

from clinics.models import ClinicSettings
from clinics.selectors import clinic_settings
from notifications.models import EmailSender
from tenants.base.batch_cache import cached_in_batch
from tenants.base.clock import now
from tenants.base.email_addresses import NotMailable, smtp_address
from tenants.current import current_clinic
from tenants.models import Clinic
from tenants.routing.public_urls import clinic_url

_CONTROL_CATEGORIES = {"Cc", "Zl", "Zp"}


@dataclass(frozen=True, slots=True)
class Sender:
    """The clinic that sends an email."""

    clinic: Clinic
    brand: ClinicSettings
    home: str
    """Scheme and host of the clinic's own domain, without a slash at the end."""

    def url(self, path: str) -> str:
        """Return the absolute URL of a path at the clinic's own domain."""
        return self.home + path


def clinic_sender() -> Sender:
    """Return the current clinic as a sender. It reads settings and domain once for a whole email."""
    clinic = current_clinic()
    return Sender(clinic=clinic, brand=clinic_settings(), home=clinic_url(clinic, ""))


def envelope_fields(clinic: Clinic, brand: ClinicSettings, *, name: str, email: str) -> dict[str, Any]:
    """Return sender, recipient and reply address of an email from the clinic, as arguments of Django's."""
    sender = active_sender() or EmailSender()
    address = sender.address if sender.is_verified(now=now()) else settings.DEFAULT_FROM_EMAIL
    return {
        "from_email": formataddr((header_safe(sender.name or clinic.name), address)),
        "to": _addressed(name, email),
        "reply_to": _addressed("", sender.reply_to or brand.email),
    }


@cached_in_batch
def active_sender() -> EmailSender | None:
    """Return what the clinic has chosen as the sender of its emails; None if it has chosen nothing."""
    return EmailSender.objects.first()


def _addressed(name: str, email: str) -> list[str]:
    """Return the address for a header, with an encoded domain; nothing if no server would accept it."""
    try:
        return [formataddr((header_safe(name), smtp_address(email)))]
    except NotMailable:
        return []


def header_safe(name: str) -> str:
    """Return a name that is safe in a header: line ends and control characters become spaces."""
    characters = (" " if category(char) in _CONTROL_CATEGORIES else char for char in name)
    return " ".join("".join(characters).split())
