"""Plan the messages that are missing: after a change of the settings, a restore, or a lost row."""

from datetime import datetime, timedelta
from itertools import chain
from uuid import UUID

from notifications.models import Message
from notifications.recipients import with_recipients
from notifications.services.ledger import plan_again, plan_all
from notifications.services.timed_messages import follow_up_messages, upcoming_messages
from notifications.services.timing import TIMED
from scheduling.models import Booking, BookingQuerySet
from tenants.base.batch_cache import batch_cache

_BATCH = 500
_LONGEST_FOLLOW_UP = timedelta(days=366)


def repair_messages(*, now: datetime) -> int:
    """Plan the reminders, questions and follow-up messages of the clinic that are missing and still to come.

    Each batch is one `INSERT … ON CONFLICT DO NOTHING`; running it again adds nothing.

    :return: how many were planned
    """
    planned, last = _plan_restored(now=now), None
    while batch := _next_batch(last, now=now):
        with batch_cache():
            planned += _plan_missing(batch, now=now)
        last = batch[-1].pk
    return planned


def _plan_restored(*, now: datetime) -> int:
    """Plan the messages that the restore of the clinic dropped, if their time is still to come.

    A restored clinic is suspended, and nothing runs in it. An operator who resumes it makes it the one that
    serves the patients, so from then on it also reminds them.
    """
    return plan_again(
        Message.objects.filter(kind__in=TIMED, due_at__gt=now), because=Message.NotSent.RESTORED
    )


def _next_batch(last: UUID | None, *, now: datetime) -> list[Booking]:
    """Return the next bookings after the one with the id `last` that can have messages still to come."""
    of_interest: BookingQuerySet = Booking.objects.filter(
        status=Booking.Status.CONFIRMED, starts_at__gt=now
    ) | Booking.objects.filter(
        status=Booking.Status.COMPLETED,
        visit_type__follow_up_days__isnull=False,
        ends_at__gt=now - _LONGEST_FOLLOW_UP,
    )
    later = of_interest.filter(pk__gt=last) if last else of_interest
    ordered: BookingQuerySet = later.select_related("place", "visit_type").order_by("pk")
    return list(with_recipients(ordered).prefetch_related("visit_type__questions")[:_BATCH])


def _plan_missing(bookings: list[Booking], *, now: datetime) -> int:
    """Plan the missing messages of some bookings. Return how many there were."""
    wanted = chain.from_iterable(
        chain(upcoming_messages(booking, since=now), follow_up_messages(booking, since=now))
        for booking in bookings
    )
    fields = ("booking_id", "version", "kind", "offset_minutes", "recipient_id", "channel")
    existing = set(Message.objects.filter(booking__in=bookings, kind__in=TIMED).values_list(*fields))
    missing = [
        message for message in wanted if tuple(getattr(message, name) for name in fields) not in existing
    ]
    return len(plan_all(missing)) if missing else 0
