"""The status that each event of a booking led to, and the last step of a visit, which staff can undo."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from scheduling.models import Booking, BookingEvent

_Kind, _Status = BookingEvent.Kind, Booking.Status
_STEPS: dict[str, Booking.Status] = {
    _Kind.CHECKED_IN: _Status.CHECKED_IN,
    _Kind.STARTED: _Status.IN_PROGRESS,
    _Kind.COMPLETED: _Status.COMPLETED,
    _Kind.NO_SHOW: _Status.NO_SHOW,
}
"""The steps of a visit, by the kind of event, and the status that each leads to."""
_OTHER_CHANGES: dict[str, Booking.Status] = {
    _Kind.CONFIRMED: _Status.CONFIRMED,
    _Kind.CANCELLED: _Status.CANCELLED,
}
"""Changes of status that cannot be undone. New bookings and moves have their status in `details`."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a visit that was not undone."""

    event: BookingEvent
    status: str
    """The status that it led to."""
    status_before: str


def statuses_after(events: Iterable[BookingEvent]) -> Iterator[tuple[BookingEvent, str]]:
    """Yield each event of a booking, in their order, with the status that it led to; "" if none is known."""
    for event, status, _steps in _replay(events):
        yield event, status


def last_step(events: Iterable[BookingEvent]) -> Step | None:
    """Return the last step since the booking got its time, without steps that were undone; None if none."""
    steps: list[Step] = []
    for _event, _status, steps_so_far in _replay(events):
        steps = steps_so_far
    return steps[-1] if steps else None


def _replay(events: Iterable[BookingEvent]) -> Iterator[tuple[BookingEvent, str, list[Step]]]:
    """Yield each event with the status after it and the steps that had not been undone by then."""
    status, steps = "", list[Step]()
    for event in events:
        if event.kind == _Kind.REOPENED and steps:
            status = steps.pop().status_before
        elif event.kind in _STEPS:
            # Only confirmed visits have steps. Old events of bookings do not say which status they led to.
            steps.append(Step(event, _STEPS[event.kind], status or _Status.CONFIRMED))
            status = _STEPS[event.kind]
        elif changed := event.details.get("status") or _OTHER_CHANGES.get(event.kind):
            status, steps = str(changed), []
        yield event, status, steps
