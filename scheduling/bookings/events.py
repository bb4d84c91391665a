"""Write the events of a booking."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from scheduling.models import Booking, BookingEvent
from tenants.accounts.models import User
from tenants.queue.jobs import enqueue


def record_event(
    booking: Booking,
    kind: BookingEvent.Kind,
    *,
    by: User | None,
    note: str = "",
    private_note: str = "",
    details: Mapping[str, Any] | None = None,
    due_at: datetime | None = None,
    now: datetime,
) -> BookingEvent:
    """Write an event of a booking, and enqueue the job that plans the messages about it.

    :param due_at: when the job is due; None: now
    """
    event = BookingEvent.objects.create(
        booking=booking,
        kind=kind,
        by=by,
        note=note,
        private_note=private_note,
        details=dict(details or {}),
        created_at=now,
    )
    enqueue(kind="booking_event", row_id=event.pk, due_at=due_at or now)
    return event
