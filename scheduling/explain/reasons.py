"""The reasons why a time cannot be booked: a message for everybody, and details for staff."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from tenants.base.clock import local_time
from tenants.base.words import full_date
from tenants.current import current_clinic

_ORDER = (
    "started", "doctor_inactive", "clock_skips", "outside_hours", "exception", "holiday", "time_off",
    "no_slot", "other_place", "withdrawn", "blocked", "unfitting", "not_offered", "booked", "held", "buffer",
    "busy_elsewhere", "notice", "window", "limit", "visit_type", "too_long", "room", "patient_busy",
    "new_patients", "upcoming_limit", "email_not_confirmed",
)  # fmt: skip
"""The order of reasons: first those that nobody can change, last those that depend on the patient."""
_STAFF_ONLY = {"withdrawn", "blocked", "unfitting", "busy_elsewhere"}
"""Rules that concern only staff, such as a slot blocked by hand. Others see `not_offered` instead."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule that keeps a time from being booked."""

    rule: str
    message: str
    """The message for everybody. It contains no personal data."""
    details: dict[str, Any] = field(default_factory=dict)
    """Details for staff, such as the ids of bookings."""

    def for_public(self) -> "Reason":
        """The reason as patients and visitors may see it."""
        if self.rule in _STAFF_ONLY:
            return Reason("not_offered", _("This time is not offered."))
        return Reason(self.rule, self.message)


def sort_reasons(reasons: Iterable[Reason]) -> list[Reason]:
    """Sort reasons in their fixed order."""
    return sorted(reasons, key=lambda reason: _ORDER.index(reason.rule))


def skipped_time_reason(local: datetime) -> Reason:
    """The reason for a local time that does not exist, since the clocks go forward."""
    values = {"time": f"{local:%H:%M}", "day": format_day(local.date())}
    message = _(
        "The clocks go forward on %(day)s, so %(time)s does not exist on that day. Choose another time."
    )
    return Reason("clock_skips", message % values)


def format_day(day: date) -> str:
    """The day as in “Tuesday 24 November 2026”."""
    return full_date(day)


def format_local_time(instant: datetime) -> str:
    """The clinic's local time at an instant, as `09:30`."""
    return local_time(instant, current_clinic().zone).time
