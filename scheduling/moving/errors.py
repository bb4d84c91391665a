"""Refusals of moves by staff."""

from django.utils.translation import gettext_lazy as _

from tenants.base.errors import DomainError


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
