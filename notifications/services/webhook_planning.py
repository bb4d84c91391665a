"""Plan the deliveries of webhooks: one for each event and each endpoint that wants it."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max

from clinics.models import Patient
from notifications.models import WebhookDelivery, WebhookEndpoint
from notifications.webhook_events import (
    Fact,
    booking_facts,
    patient_erased,
    patient_facts,
    waitlist_ended,
    waitlist_facts,
)
from scheduling.models import Booking, WaitlistEntry
from tenants.queue.jobs import enqueue_all

RETENTION = timedelta(days=30)
"""How long deliveries are stored."""
_OLDEST = timedelta(days=25)
"""Older events are not planned. It is shorter than the retention, so that none is planned again after it."""


def plan_booking_webhooks(booking: Booking, *, now: datetime) -> None:
    """Plan the deliveries of a booking's events that are not planned yet, in their order.

    All of them, because the jobs of two events of one booking may run in the wrong order.
    """
    if _has_endpoints():
        plan_deliveries(booking_facts(booking), now=now)


def plan_patient_webhooks(*, patient_id: uuid.UUID, now: datetime) -> None:
    """Plan the deliveries of a patient's events. Without a row, the record was deleted."""
    if _has_endpoints():
        patient = Patient.objects.filter(pk=patient_id).first()
        plan_deliveries(patient_facts(patient) if patient else [patient_erased(patient_id, at=now)], now=now)


def plan_waitlist_webhooks(*, entry_id: uuid.UUID, now: datetime) -> None:
    """Plan the deliveries of a waiting-list entry's events. Without a row, the entry was deleted."""
    if _has_endpoints():
        entry = WaitlistEntry.objects.filter(pk=entry_id).first()
        plan_deliveries(waitlist_facts(entry) if entry else [waitlist_ended(entry_id, at=now)], now=now)


def _has_endpoints() -> bool:
    return WebhookEndpoint.objects.filter(is_active=True).exists()


@transaction.atomic
def plan_deliveries(facts: Iterable[Fact], *, now: datetime) -> list[WebhookDelivery]:
    """Store a delivery of each fact for each active endpoint that wants it, with its job.

    Calling it again adds nothing. The endpoints are locked, so that no delivery is added while another one
    of the same stream is being completed (`webhook_delivery.complete`).
    """
    recent = [fact for fact in facts if fact.happened_at > now - _OLDEST]
    endpoints = WebhookEndpoint.objects.filter(is_active=True).order_by("pk")
    planned: list[WebhookDelivery] = []
    for endpoint in endpoints.select_for_update(no_key=True):
        wanted = [
            fact
            for fact in recent
            if fact.type in endpoint.event_types and fact.happened_at >= endpoint.active_since
        ]
        planned += store_deliveries(endpoint, wanted, now=now)
    return planned


def store_deliveries(endpoint: WebhookEndpoint, facts: list[Fact], *, now: datetime) -> list[WebhookDelivery]:
    """Store the deliveries of facts of one stream that the endpoint does not have. The endpoint is locked."""
    if not facts:
        return []
    stored = WebhookDelivery.objects.filter(endpoint=endpoint, stream=facts[0].stream)
    known = set(stored.values_list("event_id", flat=True))
    last = stored.aggregate(last=Max("sequence"))["last"] or 0
    missing = [fact for fact in facts if fact.id not in known]
    new = WebhookDelivery.objects.bulk_create(
        WebhookDelivery(
            endpoint=endpoint,
            event_type=fact.type,
            event_id=fact.id,
            stream=fact.stream,
            sequence=last + place,
            body=fact.body,
            happened_at=fact.happened_at,
            next_attempt_at=now,
        )
        for place, fact in enumerate(missing, start=1)
    )
    enqueue_all(kind="webhook_delivery", rows=[(delivery.pk, now) for delivery in new])
    return new


def delete_old_deliveries(*, now: datetime) -> None:
    """Delete the deliveries of old events, whatever their status."""
    WebhookDelivery.objects.filter(happened_at__lt=now - RETENTION).delete()
