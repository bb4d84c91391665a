"""What the clinic's people do with a booking: approve it, check the patient in, finish, say who did not come.

Every step is a compare-and-swap: of two who press different buttons at once, one is told that it is over.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from scheduling.errors import BookingOver, SlotTaken, TooEarly
from scheduling.models import Booking, BookingEvent
from scheduling.services.next_open import time_changes, time_was_freed, time_was_taken
from tenants.accounts.audit import What, record
from tenants.accounts.models import User
from tenants.base.constraints import constraint_of
from tenants.queue import enqueue
from tenants.retrying import retry_conflicts

_Status = Booking.Status
_CHECK_IN_OPENS = timedelta(hours=4)
"""How long before the start a patient may be checked in: who is earlier has come on the wrong day."""


def confirm_booking(*, booking: Booking, by: User, now: datetime) -> Booking:
    """Approve a booking that waits for it.

    :raises BookingOver: it does not, or has begun
    """
    if booking.starts_at <= now:
        raise BookingOver
    return _change_status(
        booking, [_Status.PENDING], _Status.CONFIRMED, BookingEvent.Kind.CONFIRMED, by=by, now=now
    )


def check_in(*, booking: Booking, by: User, now: datetime) -> Booking:
    """The patient is here. Who was thought not to come may still, if nobody has got the time meanwhile.

    :raises TooEarly: the visit is hours away
    :raises BookingOver: it is cancelled, done, or waits for approval
    :raises SlotTaken: the patient was thought not to come, and the time was given to somebody else
    """
    if booking.starts_at - _CHECK_IN_OPENS > now:
        raise TooEarly
    before = [_Status.CONFIRMED, _Status.NO_SHOW]
    return _change_status(booking, before, _Status.CHECKED_IN, BookingEvent.Kind.CHECKED_IN, by=by, now=now)


def complete_booking(*, booking: Booking, by: User, now: datetime) -> Booking:
    """The visit has taken place.

    :raises TooEarly: it has not begun
    :raises BookingOver: it is cancelled, done, or waits for approval
    """
    before = [_Status.CHECKED_IN]
    if booking.starts_at <= now:
        before.append(_Status.CONFIRMED)
    elif booking.status != _Status.CHECKED_IN:
        raise TooEarly
    return _change_status(booking, before, _Status.COMPLETED, BookingEvent.Kind.COMPLETED, by=by, now=now)


def mark_no_show(*, booking: Booking, by: User, now: datetime) -> Booking:
    """The patient did not come. What is left of the time can be booked by others.

    :raises TooEarly: the visit has not begun
    :raises BookingOver: the patient is here, or the booking is cancelled or done
    """
    if booking.starts_at > now:
        raise TooEarly
    return _change_status(
        booking, [_Status.CONFIRMED], _Status.NO_SHOW, BookingEvent.Kind.NO_SHOW, by=by, now=now
    )


@retry_conflicts
def _change_status(
    booking: Booking,
    before: Sequence[str],
    after: Booking.Status,
    kind: BookingEvent.Kind,
    *,
    by: User,
    now: datetime,
) -> Booking:
    with transaction.atomic(), time_changes():
        try:
            with transaction.atomic():
                changed = Booking.objects.filter(pk=booking.pk, status__in=before).update(status=after)
        except IntegrityError as error:
            if not constraint_of(error).startswith("booking_"):
                raise
            raise SlotTaken({"alternatives": []}) from error
        if not changed:
            raise BookingOver
        event = BookingEvent.objects.create(booking=booking, kind=kind, by=by, created_at=now)
        enqueue(kind="booking_event", row_id=event.pk, due_at=now)
        record(what=What(kind.value), by=by, about=[booking, booking.patient])
        if after == _Status.NO_SHOW:
            time_was_freed(doctor_id=booking.doctor_id, slot_id=booking.slot_id, now=now)
        elif booking.status == _Status.NO_SHOW:
            time_was_taken(doctor_id=booking.doctor_id, starts_at=booking.starts_at, now=now)
    return Booking.objects.shown().get(pk=booking.pk)
