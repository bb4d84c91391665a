"""Actions around a visit: the patient will come; staff approve, check in, start, complete, mark as a no-show.

Each action is one conditional UPDATE. If two conflicting actions run at the same time, one of them raises
`BookingNotChangeable`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from scheduling.availability.next_open_slot import on_booked, tracking_changes
from scheduling.bookings.events import record_event
from scheduling.bookings.release_time import release_time
from scheduling.errors import BookingNotChangeable, SlotTaken, TooEarly
from scheduling.models import Booking, BookingEvent
from scheduling.models.booking_states import TIME_TAKING_STATES
from tenants.accounts.audit.services import AuditAction, write_audit_entries
from tenants.accounts.models import User
from tenants.base.constraints import violated_constraint
from tenants.base.retry import retry_conflicts

_Status, _Kind = Booking.Status, BookingEvent.Kind
_CHECK_IN_OPENS = timedelta(hours=4)
"""How long before the start a patient may be checked in. Earlier, it is probably for another day."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step that staff can take, and when they may."""

    kind: BookingEvent.Kind
    status: Booking.Status
    """The status that it leads to."""
    allowed: tuple[str, ...] = ()
    """The statuses from which it is allowed at any time."""
    allowed_once_open: tuple[str, ...] = ()
    """The statuses from which it is allowed only from `opens_before` the start on."""
    opens_before: timedelta = timedelta(0)
    until_start: bool = False
    """Whether it is refused once the visit should have started."""


CONFIRM = Step(_Kind.CONFIRMED, _Status.CONFIRMED, allowed=(_Status.PENDING,), until_start=True)
CHECK_IN = Step(
    _Kind.CHECKED_IN,
    _Status.CHECKED_IN,
    allowed_once_open=(_Status.CONFIRMED, _Status.NO_SHOW),
    opens_before=_CHECK_IN_OPENS,
)
START = Step(
    _Kind.STARTED,
    _Status.IN_PROGRESS,
    allowed=(_Status.CHECKED_IN,),
    allowed_once_open=(_Status.CONFIRMED,),
)
COMPLETE = Step(
    _Kind.COMPLETED,
    _Status.COMPLETED,
    allowed=(_Status.CHECKED_IN, _Status.IN_PROGRESS),
    allowed_once_open=(_Status.CONFIRMED,),
)
NO_SHOW = Step(_Kind.NO_SHOW, _Status.NO_SHOW, allowed_once_open=(_Status.CONFIRMED,))


def confirm_attendance(*, booking: Booking, by: User, now: datetime) -> Booking:
    """Record that the patient will come at the booked time. Repeating it changes nothing.

    :raises BookingNotChangeable: it has started, is not confirmed by the clinic, or was changed after it was
        read, so that the patient may have seen another time
    """
    if booking.starts_at <= now:
        raise BookingNotChangeable
    with transaction.atomic():
        rows = Booking.objects.filter(pk=booking.pk, status=_Status.CONFIRMED, version=booking.version)
        if rows.filter(attendance_confirmed_at=None).update(attendance_confirmed_at=now):
            record_event(booking, _Kind.ATTENDANCE_CONFIRMED, by=by, now=now)
        elif not rows.exists():
            raise BookingNotChangeable
    return Booking.objects.shown().get(pk=booking.pk)


def confirm_booking(*, booking: Booking, by: User, now: datetime) -> Booking:
    """Approve a booking that awaits approval.

    :raises BookingNotChangeable: it does not await approval, or has started
    """
    return _take(CONFIRM, booking, by=by, now=now)


def check_in(*, booking: Booking, by: User, now: datetime) -> Booking:
    """Check the patient in. A no-show can still be checked in, unless the time was booked by somebody else.

    :raises TooEarly: the visit starts in more than four hours
    :raises BookingNotChangeable: it is cancelled, in progress, completed or awaits approval
    :raises SlotTaken: the patient was marked as a no-show and somebody else has booked the time
    """
    return _take(CHECK_IN, booking, by=by, now=now)


def start_visit(*, booking: Booking, by: User, now: datetime) -> Booking:
    """Record that the visit is in progress, from its start on or once the patient is checked in.

    :raises TooEarly: it has not started and the patient is not checked in
    :raises BookingNotChangeable: it is cancelled, in progress, completed or awaits approval
    """
    return _take(START, booking, by=by, now=now)


def complete_booking(*, booking: Booking, by: User, now: datetime) -> Booking:
    """Mark the visit as completed.

    :raises TooEarly: it has not started and the patient is not checked in
    :raises BookingNotChangeable: it is cancelled, completed or awaits approval
    """
    return _take(COMPLETE, booking, by=by, now=now)


def mark_no_show(*, booking: Booking, by: User, now: datetime) -> Booking:
    """Mark the patient as a no-show, from the start of the visit on. Others can book the rest of the time.

    :raises TooEarly: the visit has not started
    :raises BookingNotChangeable: the patient is checked in, or the booking is cancelled or completed
    """
    return _take(NO_SHOW, booking, by=by, now=now)


def check_step(step: Step, booking: Booking, *, now: datetime) -> None:
    """Check that staff may take a step now, as far as the booking says it.

    :raises BookingNotChangeable: its status does not allow it
    :raises TooEarly: it is allowed later; see `opens_at`
    """
    if booking.status not in (*step.allowed, *step.allowed_once_open):
        raise BookingNotChangeable
    if step.until_start and booking.starts_at <= now:
        raise BookingNotChangeable
    if booking.status in step.allowed_once_open and opens_at(step, booking) > now:
        raise TooEarly


def opens_at(step: Step, booking: Booking) -> datetime:
    """The first instant at which the step is allowed for statuses of `allowed_once_open`."""
    return booking.starts_at - step.opens_before


def _take(step: Step, booking: Booking, *, by: User, now: datetime) -> Booking:
    """Take a step. The errors are those of `check_step` and `change_status`."""
    check_step(step, booking, now=now)
    # The row may have changed since it was read: the UPDATE names the statuses from which it is allowed now.
    is_open = opens_at(step, booking) <= now
    allowed = [*step.allowed, *(step.allowed_once_open if is_open else ())]
    return change_status(
        booking, allowed, step.status, step.kind, what=AuditAction(step.kind.value), by=by, now=now
    )


@retry_conflicts
def change_status(
    booking: Booking,
    allowed: Sequence[str],
    new_status: str,
    kind: BookingEvent.Kind,
    *,
    what: AuditAction,
    details: dict[str, str] | None = None,
    by: User,
    now: datetime,
) -> Booking:
    """Change the status if it is one of `allowed`, and record the change.

    :param what: the action for the audit log
    :param details: `BookingEvent.details` of the event
    :raises BookingNotChangeable: it is not, or no longer, or the booking was moved after it was read
    :raises SlotTaken: the booking takes its time again, and another booking has it
    """
    with transaction.atomic(), tracking_changes():
        try:
            with transaction.atomic():
                rows = Booking.objects.filter(pk=booking.pk, status__in=allowed, version=booking.version)
                # A booking without a slot cannot take time again. The constraint would say so too, and the
                # whole row would be in Postgres' log.
                if new_status in TIME_TAKING_STATES and rows.filter(slot=None, hand_placed=False).exists():
                    raise SlotTaken({"alternatives": []})
                changed = rows.update(status=new_status)
        except IntegrityError as error:
            if not violated_constraint(error).startswith("booking_"):
                raise
            raise SlotTaken({"alternatives": []}) from error
        if not changed:
            raise BookingNotChangeable
        record_event(booking, kind, by=by, details=details, now=now)
        write_audit_entries(what=what, by=by, about=[booking, booking.patient])
        if new_status == _Status.NO_SHOW:
            release_time(booking, now=now)
        elif booking.status == _Status.NO_SHOW:
            on_booked(doctor_id=booking.doctor_id, starts_at=booking.starts_at, now=now)
    return Booking.objects.shown().get(pk=booking.pk)
