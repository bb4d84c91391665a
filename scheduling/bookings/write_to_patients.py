"""Write to the patients of some bookings: the same short text, as an event of each booking."""

import uuid
from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from scheduling.models import Booking, BookingEvent
from tenants.accounts.audit.services import AuditAction, write_audit_entries
from tenants.accounts.models import User
from tenants.base.retry import retry_conflicts
from tenants.queue.jobs import enqueue_all


@retry_conflicts
@transaction.atomic
def write_to_patients(
    *, bookings: Collection[uuid.UUID], text: str, by: User, now: datetime
) -> list[Booking]:
    """Send `text` to the patients of these bookings. It is an event, from which a message follows.

    Bookings that are over, cancelled or only held are left out.

    :return: the bookings about which messages are sent, soonest first
    """
    upcoming = Booking.objects.upcoming(now=now).booked().filter(pk__in=bookings)
    chosen = list(upcoming.select_related("patient").order_by("starts_at", "id"))
    events = BookingEvent.objects.bulk_create(
        BookingEvent(booking=booking, kind=BookingEvent.Kind.WRITTEN_TO, by=by, note=text, created_at=now)
        for booking in chosen
    )
    enqueue_all(kind="booking_event", rows=[(event.pk, now) for event in events])
    write_audit_entries(what=AuditAction.CHANGED, by=by, about=chosen, note="message to the patient")
    return chosen
