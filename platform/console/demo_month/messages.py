"""Record the past messages of a demo clinic in the ledger, without sending them.

The demo does what the worker would have done then: it plans the messages of each event, renders those that
were due and records them as sent. Of the last hours nothing is recorded, so the worker really sends that.
"""

import uuid
from datetime import datetime, timedelta

from notifications.models import Message
from notifications.rendering import email_of
from notifications.services.ledger import mark_sent, park, start_sending_all
from notifications.services.planning import plan_messages
from notifications.services.sending import messages_to_send
from scheduling.models import Booking, BookingEvent
from tenants.current import current_clinic, enter_public
from tenants.models import QueueLine

_LEFT_TO_THE_WORKER = timedelta(hours=2)
_WITH_TEXT = timedelta(days=2)
"""How old messages may be to be stored with their text. Rendering them all would take half a minute."""


class Ledger:
    """Plans the messages of bookings, and records those that are past."""

    def __init__(self, *, now: datetime) -> None:
        self._until = now - _LEFT_TO_THE_WORKER
        self._text_since = now - _WITH_TEXT

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
        if not ids:
            return
        recent = Message.objects.filter(pk__in=ids, due_at__gte=self._text_since)
        rendered = {
            message.pk: message for message in messages_to_send(list(recent.values_list("pk", flat=True)))
        }
        for message in rendered.values():
            email_of(message)
        for message in Message.objects.filter(pk__in=ids).select_related("recipient"):
            start_sending_all([message], now=message.due_at)
            held_since = message.recipient.email_undeliverable_at
            if held_since and held_since <= message.due_at:
                park(message, because=Message.Parked.UNDELIVERABLE, now=message.due_at)
            else:
                mark_sent(rendered.get(message.pk, message), now=message.due_at)
