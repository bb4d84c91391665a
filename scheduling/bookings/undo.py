"""Undo the last step of a visit: arrived, started, completed or no-show."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from scheduling.availability.next_open_slot import tracking_changes
from scheduling.bookings.attendance import change_status
from scheduling.bookings.history import Step, last_step
from scheduling.errors import BookingNotChangeable
from scheduling.models import Booking, BookingEvent
from tenants.accounts.audit.services import AuditAction
from tenants.accounts.models import User
from tenants.base.errors import DomainError
from tenants.base.retry import retry_conflicts

UNDO_PERIOD = timedelta(days=1)
"""How long a step can be undone."""


class UndoTooLate(DomainError):
    """The step was taken too long ago."""

    code = "undo_too_late"
    message = _("It is too late to undo this. A step can be undone for one day.")
    status = 409


@retry_conflicts
def undo_step(*, booking: Booking, status: str, by: User, now: datetime) -> Booking:
    """Undo the step that led to `status`: the booking gets the status that it had before.

    :param status: the status that `by` has seen. If two people undo a step at once, only one step is undone.
    :raises BookingNotChangeable: the booking does not have that status, or no step led to it
    :raises UndoTooLate: the step was taken more than a day ago
    :raises SlotTaken: the patient was marked as a no-show and somebody else has booked the time
    """
    with transaction.atomic(), tracking_changes():
        # The lock lets no other step come between reading the events and the UPDATE.
        current = Booking.objects.select_for_update(of=("self",)).select_related("patient").get(pk=booking.pk)
        if current.status != status:
            raise BookingNotChangeable
        step = undoable_step(current, now=now)
        return change_status(
            current,
            [step.status],
            step.status_before,
            BookingEvent.Kind.REOPENED,
            what=AuditAction.STEP_UNDONE,
            details={"status": step.status_before},
            by=by,
            now=now,
        )


def undoable_step(booking: Booking, *, now: datetime) -> Step:
    """Return the step that can be undone now.

    :raises BookingNotChangeable: no step led to the booking's status
    :raises UndoTooLate: the step was taken more than a day ago
    """
    step = last_step(booking.events.order_by("created_at", "id"))
    if step is None or step.status != booking.status:
        raise BookingNotChangeable
    if step.event.created_at + UNDO_PERIOD < now:
        raise UndoTooLate
    return step
