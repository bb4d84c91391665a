"""Record which times a transaction opens or closes, for the function that acts on them before the commit.

That function ends holds whose time was closed and offers opened time to the waiting list. It belongs to a
subject above this one, so it is registered (`register_time_change_handler`) instead of imported.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from clinics.models import Doctor

MAX_DISTANCE = timedelta(days=760)
"""No slot is further ahead: staff may add slots two years ahead, and no booking horizon is longer."""


@dataclass(frozen=True, slots=True)
class OpenedTime:
    """A period (UTC, half-open) in which visits may have become possible."""

    begins: datetime
    ends: datetime
    doctor_id: uuid.UUID | None = None
    """None: of any doctor, for example because a room is free again."""


@dataclass(slots=True)
class TimeChanges:
    """The changes that a transaction has recorded and that were not acted on yet."""

    now: datetime
    opened: list[OpenedTime] = field(default_factory=list)
    rules_changed: bool = False
    """Whether times may have been closed, so that holds have to be checked again."""
    notify_at: datetime | None = None
    """When patients are notified of offers of these times; None: at once."""


TimeChangeHandler = Callable[[TimeChanges], Any]
_handlers: list[TimeChangeHandler] = []


def register_time_change_handler(handler: TimeChangeHandler) -> TimeChangeHandler:
    """Register the function that acts on changed times, in the transaction that changes them."""
    _handlers.append(handler)
    return handler


def handle_time_changes(changes: TimeChanges) -> None:
    """Call the registered functions."""
    for handler in _handlers:
        handler(changes)


def any_time_of(doctor: Doctor | None, *, now: datetime) -> OpenedTime:
    """All upcoming time of the doctor; None: of all doctors."""
    return OpenedTime(now, now + MAX_DISTANCE, doctor.pk if doctor else None)
