"""What webhooks report: the events of a booking, patient or waiting-list entry, derived from its rows."""

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from clinics.models import Patient
from notifications.models.webhooks import TEST_EVENT, WebhookEvent
from scheduling.bookings.history import statuses_after
from scheduling.bookings.unannounced_moves import unannounced_since
from scheduling.models import Booking, BookingEvent, WaitlistEntry, WaitlistOffer
from tenants.current import current_clinic

_BOOKING_TYPES = {
    "booked": WebhookEvent.BOOKING_CREATED,
    "confirmed": WebhookEvent.BOOKING_CONFIRMED,
    "attendance_confirmed": WebhookEvent.BOOKING_ATTENDANCE_CONFIRMED,
    "rescheduled": WebhookEvent.BOOKING_RESCHEDULED,
    "details_changed": WebhookEvent.BOOKING_DETAILS_CHANGED,
    "cancelled": WebhookEvent.BOOKING_CANCELLED,
    "checked_in": WebhookEvent.BOOKING_CHECKED_IN,
    "started": WebhookEvent.BOOKING_STARTED,
    "completed": WebhookEvent.BOOKING_COMPLETED,
    "no_show": WebhookEvent.BOOKING_NO_SHOW,
    "reopened": WebhookEvent.BOOKING_REOPENED,
}
"""The type by the kind of `BookingEvent`. Holds are no bookings: those for offers are reported as offers."""
_SAME_INSERT = 0.25
"""Seconds by which `updated_at` of a new row can differ from `created_at`."""
_MOVED_FIELDS = ("starts_at", "ends_at", "doctor", "visit_type")


@dataclass(frozen=True, slots=True)
class Fact:
    """An event to report. Its body has ids, times and a status; the receiver reads the rest by the API."""

    id: uuid.UUID
    type: str
    stream: uuid.UUID
    happened_at: datetime
    data: dict[str, Any]

    @property
    def body(self) -> str:
        """The JSON to send. It never changes, so each attempt sends the same bytes."""
        content = {"type": self.type, "timestamp": in_utc(self.happened_at), "data": self.data}
        return json.dumps(content, separators=(",", ":"))


def in_utc(instant: datetime) -> str:
    """Return a time as the API writes it: ISO 8601, with Z."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def booking_facts(booking: Booking) -> Iterator[Fact]:
    """Yield the events of a booking in order, each with the time, doctor and status that it led to.

    A move by staff is left out until it is announced, with all that followed it, and for good if it is
    undone.
    """
    events = list(booking.events.order_by("created_at", "id"))
    unannounced = unannounced_since(booking)
    for index, (event, status) in enumerate(statuses_after(events)):
        kind = str(event.kind)
        if unannounced and event.details.get("unannounced_since") == unannounced:
            return
        if kind not in _BOOKING_TYPES or "undone" in event.details or "undoes" in event.details:
            continue
        data = {
            "id": str(booking.pk),
            "status": status,
            **_values_after(booking, events[index + 1 :]),
            "time_zone": (booking.place or current_clinic()).time_zone,
            "patient": str(booking.patient_id),
            "series": _text(booking.series_id),
        }
        yield Fact(event.pk, _BOOKING_TYPES[kind], booking.pk, event.created_at, data)


def _values_after(booking: Booking, later: list[BookingEvent]) -> dict[str, str | None]:
    """Return time, doctor and visit type before the `later` events: a reschedule stores the previous ones."""
    moved = next((event for event in later if event.kind == BookingEvent.Kind.RESCHEDULED), None)
    if moved is not None:
        previous = {name: moved.details.get(name) or None for name in _MOVED_FIELDS}
        times = {name: in_utc(datetime.fromisoformat(moved.details[name])) for name in _MOVED_FIELDS[:2]}
        return {**previous, **times}
    return {
        "starts_at": in_utc(booking.starts_at),
        "ends_at": in_utc(booking.ends_at),
        "doctor": str(booking.doctor_id),
        "visit_type": _text(booking.visit_type_id),
    }


def patient_facts(patient: Patient) -> Iterator[Fact]:
    """Yield the events of a patient's record in order: created, last changed, erased."""
    data = {"id": str(patient.pk)}
    yield _fact(patient.pk, WebhookEvent.PATIENT_CREATED, patient.created_at, data)
    if patient.erased_at is not None:
        yield patient_erased(patient.pk, at=patient.erased_at)
    elif (patient.updated_at - patient.created_at).total_seconds() >= _SAME_INSERT:
        at = patient.updated_at
        yield _fact(patient.pk, WebhookEvent.PATIENT_UPDATED, at, data, detail=at.isoformat())


def patient_erased(patient_id: uuid.UUID, *, at: datetime) -> Fact:
    """Return the event that a patient's record was erased or deleted."""
    return _fact(patient_id, WebhookEvent.PATIENT_ERASED, at, {"id": str(patient_id)})


def waitlist_facts(entry: WaitlistEntry) -> Iterator[Fact]:
    """Yield the events of a waiting-list entry in order."""
    about = {
        "id": str(entry.pk),
        "patient": str(entry.patient_id),
        "doctor": _text(entry.doctor_id),
        "specialty": _text(entry.specialty_id),
        "visit_type": _text(entry.visit_type_id),
        "from": entry.first_on.isoformat(),
        "to": entry.last_on.isoformat(),
    }
    yield _fact(entry.pk, WebhookEvent.WAITLIST_JOINED, entry.created_at, about)
    for offer in entry.offers.order_by("created_at", "id"):
        yield from _offer_facts(offer, about)
    if entry.status == WaitlistEntry.Status.ENDED:
        yield waitlist_ended(entry.pk, at=entry.updated_at)


def _offer_facts(offer: WaitlistOffer, about: dict[str, Any]) -> Iterator[Fact]:
    """Yield the events of an offer: it was made, and how it ended."""
    data = {**about, "booking": str(offer.booking_id), "offer_ends_at": in_utc(offer.ends_at)}
    name = str(offer.pk)
    yield _fact(offer.entry_id, WebhookEvent.WAITLIST_OFFERED, offer.created_at, data, detail=name)
    if offer.answered_at is None:
        return
    taken = offer.outcome == WaitlistOffer.Outcome.TAKEN
    kind = WebhookEvent.WAITLIST_BOOKED if taken else WebhookEvent.WAITLIST_OFFER_ENDED
    data = {**data, "outcome": WaitlistOffer.Outcome(offer.outcome).name.lower()}
    yield _fact(offer.entry_id, kind, offer.answered_at, data, detail=name)


def waitlist_ended(entry_id: uuid.UUID, *, at: datetime) -> Fact:
    """Return the event that a waiting-list entry ended or was deleted."""
    return _fact(entry_id, WebhookEvent.WAITLIST_ENDED, at, {"id": str(entry_id)})


def probe(event_id: uuid.UUID, *, at: datetime) -> Fact:
    """Return the event that the test button sends."""
    return Fact(event_id, TEST_EVENT, event_id, at, {"id": str(event_id), "clinic": str(current_clinic().pk)})


def _fact(stream: uuid.UUID, kind: str, at: datetime, data: dict[str, Any], *, detail: str = "") -> Fact:
    """Return an event whose id follows from its stream, type and detail, so that it is planned once."""
    return Fact(uuid.uuid5(stream, f"{kind} {detail}"), kind, stream, at, data)


def _text(row_id: uuid.UUID | None) -> str | None:
    return None if row_id is None else str(row_id)
