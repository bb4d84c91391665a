"""Turns the events of all mail services, as django-anymail reads them, into reports."""

import hashlib
import uuid
from datetime import UTC, datetime
from typing import Any

from anymail.signals import AnymailTrackingEvent, EventType, RejectReason

from notifications.models import EmailReport
from notifications.services.email_reports import Report

Kind = EmailReport.Kind
_FINAL_REASONS = {RejectReason.BOUNCED, RejectReason.INVALID}
_TRANSIENT_POSTMARK = {"SoftBounce", "Transient", "DnsError", "VirusNotification"}


def clinic_id_of(event: AnymailTrackingEvent) -> uuid.UUID | None:
    """Return the id of the clinic that sent the email, which was sent along as metadata."""
    return _uuid(_metadata(event).get("clinic"))


def report_of(event: AnymailTrackingEvent, *, service: str, now: datetime) -> Report | None:
    """Return the report in an event; None if nothing follows from it, as from a delivery.

    :param service: the name of the mail service
    """
    kind = _kind(event)
    if kind is None or not isinstance(event.recipient, str):
        return None
    happened_at = event.timestamp if isinstance(event.timestamp, datetime) else now
    if happened_at.tzinfo is None:
        happened_at = happened_at.replace(tzinfo=UTC)
    identity = (service, event.event_id, event.message_id, kind, event.timestamp, event.recipient.lower())
    return Report(
        kind=kind,
        email=_storable(event.recipient),
        message_id=_uuid(_metadata(event).get("message")),
        provider_id=_storable(event.message_id)[:200],
        answer=_storable(event.mta_response or event.description),
        happened_at=min(happened_at, now),
        digest=hashlib.sha256(repr(identity).encode("utf-8", "replace")).hexdigest(),
    )


def _kind(event: AnymailTrackingEvent) -> EmailReport.Kind | None:
    """Return what happened to the email; None if nothing follows from it."""
    if event.event_type == EventType.COMPLAINED or event.reject_reason == RejectReason.SPAM:
        return Kind.COMPLAINT
    if event.event_type == EventType.UNSUBSCRIBED:
        return Kind.UNSUBSCRIBED
    if event.event_type == EventType.DEFERRED:
        return Kind.DELAYED
    if event.event_type in {EventType.BOUNCED, EventType.REJECTED, EventType.FAILED}:
        is_final = event.reject_reason in _FINAL_REASONS and not _is_transient(event.esp_event)
        return Kind.BOUNCED if is_final else Kind.DELAYED
    return None


def _is_transient(raw: Any) -> bool:
    """Return whether the mail service calls a bounce transient. django-anymail does not distinguish these."""
    if not isinstance(raw, dict):
        return False
    amazon = raw.get("bounce")
    if isinstance(amazon, dict) and "bounceType" in amazon:
        return amazon["bounceType"] != "Permanent"
    return raw.get("RecordType") == "Bounce" and raw.get("Type") in _TRANSIENT_POSTMARK


def _metadata(event: AnymailTrackingEvent) -> dict[str, Any]:
    return event.metadata if isinstance(event.metadata, dict) else {}


def _uuid(value: Any) -> uuid.UUID | None:
    try:
        return uuid.UUID(value)
    except (ValueError, TypeError, AttributeError):
        return None


def _storable(text: Any) -> str:
    """Return text that Postgres can store."""
    return str(text or "").replace("\0", "").encode("utf-8", "replace").decode()
