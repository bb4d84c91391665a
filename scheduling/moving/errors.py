"""Refusals of moves by staff."""

from django.utils.translation import gettext_lazy as _

from tenants.base.errors import DomainError


class BookingChanged(DomainError):
    """Somebody else has changed the booking. `data` has the change and the booking as it is now."""

    code = "booking_changed"
    message = _("Somebody else has changed this appointment. Look at it as it is now, then decide.")
    status = 409


class OutsideHours(DomainError):
    """The doctor does not see patients then. `data.reasons` says why; staff can confirm the time."""

    code = "outside_hours"
    message = _("The doctor does not see patients then. Choose another time, or confirm this one.")


class MoveNotUndoable(DomainError):
    """The last change of the booking is not a move that can still be undone."""

    code = "move_not_undoable"
    message = _("This can no longer be undone. Move the appointment back instead.")
    status = 409


class PreviousTimeTaken(DomainError):
    """The time that an undo would restore was taken meanwhile, so the booking stays where it is."""

    code = "previous_time_taken"
    message = _(
        "The previous time has been taken meanwhile. The appointment keeps its new time. Choose another one "
        "if it does not suit."
    )
    status = 409
