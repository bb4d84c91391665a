"""Why a time cannot be booked: one rule, in words for anybody, with what only the clinic's people see."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _

from tenants.base.clock import local_time
from tenants.door import current_clinic

_ORDER = (
    "started", "doctor_inactive", "clock_skips", "outside_hours", "exception", "holiday", "time_off",
    "no_slot", "withdrawn", "blocked", "unfitting", "not_offered", "booked", "held", "buffer", "notice",
    "window", "limit", "visit_type", "too_long", "room", "patient_busy", "new_patients", "upcoming_limit",
)  # fmt: skip
"""In which order reasons are given: what nobody can change first, what depends on who asks last."""
_STAFF_ONLY = {"withdrawn", "blocked", "unfitting"}
"""What people at the clinic did to a slot is for its people to know."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule that removes a time."""

    rule: str
    words: str
    """For anybody: nobody's data."""
    details: dict[str, Any] = field(default_factory=dict)
    """For the clinic's people, with the ids of bookings."""

    def for_anybody(self) -> "Reason":
        """What a patient or a visitor may know of it."""
        if self.rule in _STAFF_ONLY:
            return Reason("not_offered", _("This time is not offered."))
        return Reason(self.rule, self.words)


def in_order(reasons: Iterable[Reason]) -> list[Reason]:
    """In their fixed order."""
    return sorted(reasons, key=lambda reason: _ORDER.index(reason.rule))


def clock_skipped(local: datetime) -> Reason:
    """The clinic's clock never shows a time: it is set forward across it."""
    said = {"time": f"{local:%H:%M}", "day": day_in_words(local.date())}
    words = _("The clock does not show %(time)s on %(day)s: it is set forward.")
    return Reason("clock_skips", words % said)


def day_in_words(day: date) -> str:
    """“Tuesday 24 November 2026”."""
    return date_format(day, _("l j F Y"))


def clock_in_words(instant: datetime) -> str:
    """`09:30`, on the clinic's wall."""
    return local_time(instant, current_clinic().zone).time
