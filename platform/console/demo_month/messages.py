"""Record the past messages of a demo clinic in the ledger, without sending them.

The demo does what the worker would have done then: it plans the messages of each event, renders those that
were due and records them as sent. Of the last hours nothing is recorded, so the worker really sends that.
"""

import uuid
from datetime import datetime, timedelta

from notifications.models import Message
from notifications.rendering import email_of
from notifications.services.ledger import mark_sent, start_sending_all
from notifications.services.planning import plan_messages
from notifications.services.sending import messages_to_send
from scheduling.models import Booking, BookingEvent
from tenants.current import current_clinic, enter_public
from tenants.models import QueueLine

_LEFT_TO_THE_WORKER = timedelta(hours=2)


class Ledger:
    """Plans the messages of bookings, and records those that are past."""

    def __init__(self, *, now: datetime) -> None:
        self._until = now - _LEFT_TO_THE_WORKER
        self._planned: set[uuid.UUID] = set()

    def plan(self, booking: Booking, *, at: datetime) -> None:
        """Plan the messages of the booking's latest event, and record those that are due at once."""
        if at > self._until:
            return
        event = (
            BookingEvent.objects.select_related(
                "booking__patient__user", "booking__place", "booking__visit_type"
            )
            .filter(booking=booking)
            .latest("created_at", "id")
        )
        self._planned.add(event.pk)
        plan_messages(event=event, now=at)
        self.send_due(booking, until=at)

    def send_due(self, booking: Booking, *, until: datetime) -> None:
        """Record that the messages that were due until then were sent when they were due."""
        due = Message.objects.waiting().filter(booking=booking, due_at__lte=min(until, self._until))
        self._record(list(due.values_list("pk", flat=True)))

    def finish(self) -> None:
        """Record all messages that are past, and remove their jobs from the queue."""
        rest = Message.objects.waiting().filter(due_at__lte=self._until, booking__isnull=False)
        self._record(list(rest.values_list("pk", flat=True)))
        over = set(Message.objects.exclude(pk__in=Message.objects.waiting()).values_list("pk", flat=True))
        events = set(BookingEvent.objects.filter(created_at__lte=self._until).values_list("pk", flat=True))
        clinic_id = current_clinic().pk
        with enter_public():
            jobs = QueueLine.objects.filter(clinic_id=clinic_id)
            jobs.filter(kind="booking_event", row_id__in=events).delete()
            jobs.filter(kind="message", row_id__in=over).delete()

    def _record(self, ids: list[uuid.UUID]) -> None:
        for message in messages_to_send(ids):
            email_of(message)
            start_sending_all([message], now=message.due_at)
            mark_sent(message, now=message.due_at)
