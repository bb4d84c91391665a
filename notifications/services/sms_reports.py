"""What a provider of text messages reports: deliveries, failures, and answers such as STOP."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import structlog
from django.db import transaction

from clinics.services.text_messages import (
    mark_phone_undeliverable,
    resume_text_messages,
    stop_text_messages,
)
from notifications.models import InboundText, TextMessage
from notifications.services.ledger import note_failed_delivery
from tenants.base.errors import NotFound

_STOP = {
    "stop", "stopall", "stop all", "unsubscribe", "optout", "opt out", "revoke", "quit", "stopp", "arret",
    "arrêt", "parar", "alto", "baja",
}  # fmt: skip
"""Answers that stop text messages, in the languages of the countries where carriers require it."""
_STOP_AT_TWILIO = _STOP | {"cancel", "end"}
"""Twilio blocks the sender after these too, so no further message would arrive."""
_START = {"start", "unstop"}

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """A report about one text."""

    is_delivered: bool
    is_failed: bool
    is_for_good: bool = False
    """Whether no text can reach the number, so that no further one is sent to it."""
    error: str = ""
    price: Decimal | None = None
    """For all its segments."""
    currency: str = ""


@transaction.atomic
def record_delivery(*, text: TextMessage, report: DeliveryReport, now: datetime) -> None:
    """Record whether a text was delivered. A repeated report, or one after a final one, changes nothing.

    :param text: as `find_text` returns it
    """
    row = (
        TextMessage.objects.select_for_update(of=("self",))
        .select_related("message__recipient")
        .get(pk=text.pk)
    )
    if report.price is not None and row.price is None:
        row.price, row.currency = report.price, report.currency
    is_first = row.delivered_at is None and row.failed_at is None
    if is_first and report.is_delivered:
        row.delivered_at = now
    elif is_first and report.is_failed:
        row.failed_at, row.error = now, report.error
    row.save()
    if row.failed_at != now or row.message is None:
        return
    note_failed_delivery(row.message, error=report.error, now=now)
    patient = getattr(row.message.recipient, "patient", None)
    if report.is_for_good and patient is not None:
        mark_phone_undeliverable(patient=patient, digest=row.number_digest)
    log.info("text_not_delivered", message=str(row.message.pk), error=report.error)


def find_text(*, reference: str = "", provider_id: str = "") -> TextMessage:
    """Return the text that a report is about.

    :param reference: the id that we gave it; else the provider's id counts
    :raises NotFound: there is none
    """
    texts = TextMessage.objects.all()
    found = texts.filter(pk=reference) if reference else texts.filter(provider_id=provider_id or None)
    text: TextMessage | None = found.first()
    if text is None:
        raise NotFound
    return text


@transaction.atomic
def receive_text(*, provider_id: str, number: str, text: str, at_twilio: bool, now: datetime) -> str:
    """Act on a text that a patient sent to the clinic: STOP and START. A repeated one changes nothing.

    :param number: the sender (E.164)
    :param text: the whole text, or the word for it that the provider recognised
    :return: `stop`, `start`, or empty if it is anything else; it is not stored
    """
    new = InboundText(provider_id=provider_id)
    InboundText.objects.bulk_create([new], ignore_conflicts=True)
    if not InboundText.objects.filter(pk=new.pk).exists():
        return ""
    word = " ".join(text.casefold().split()).strip(".!\"' ")
    if word in (_STOP_AT_TWILIO if at_twilio else _STOP):
        accounts = stop_text_messages(number=number)
        log.info("text_messages_stopped", accounts=accounts)
        return "stop"
    if word in _START:
        accounts = resume_text_messages(number=number, now=now)
        log.info("text_messages_started", accounts=accounts)
        return "start"
    return ""
