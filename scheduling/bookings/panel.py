"""What staff see with a booking: the actions that are possible now, and the patient's other visits."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from clinics.selectors import clinic_settings
from scheduling.bookings import attendance
from scheduling.bookings.cancel import check_cancellable
from scheduling.bookings.history import Step
from scheduling.bookings.reschedule import check_movable
from scheduling.bookings.selectors import visible_bookings
from scheduling.bookings.undo import undoable_step
from scheduling.calendar.local_times import clinic_day
from scheduling.errors import TooEarly
from scheduling.models import Booking
from tenants.accounts.models import User
from tenants.base.clock import format_day, format_time
from tenants.base.errors import DomainError
from tenants.current import current_clinic

_PAST_VISITS, _NEXT_VISITS = 5, 3
_STEPS = {
    "confirm": attendance.CONFIRM,
    "check_in": attendance.CHECK_IN,
    "start": attendance.START,
    "complete": attendance.COMPLETE,
    "no_show": attendance.NO_SHOW,
}
ACTIONS = [*_STEPS, "undo", "cancel", "move"]
"""What staff can do with a booking."""


@dataclass(frozen=True, slots=True)
class Action:
    """An action of staff, and why it is not possible now."""

    name: str
    refusal: str = ""
    """The reason in words; "" if it is possible."""

    @property
    def is_allowed(self) -> bool:
        """Whether it is possible now."""
        return not self.refusal


@dataclass(frozen=True, slots=True)
class VisitHistory:
    """Other bookings of a patient that a member of staff may see."""

    counts: dict[str, int]
    """How many have each status, without the booking itself."""
    past: list[Booking]
    """The last ones, the latest first."""
    upcoming: list[Booking]
    """The next ones, the soonest first."""


def staff_actions(booking: Booking, *, by: User, now: datetime) -> list[Action]:
    """Return every action of staff on a booking, with the reason if it is not possible now."""
    return list(_actions(booking, by=by, now=now))


def last_undoable_step(booking: Booking, *, now: datetime) -> Step | None:
    """Return the step that staff can undo now, if any."""
    try:
        return undoable_step(booking, now=now)
    except DomainError:
        return None


def _actions(booking: Booking, *, by: User, now: datetime) -> Iterator[Action]:
    for name, step in _STEPS.items():
        check: Callable[[], object] = partial(attendance.check_step, step, booking, now=now)
        yield Action(name, _refusal(check, booking, opens_at=attendance.opens_at(step, booking), now=now))
    checks: dict[str, Callable[[], object]] = {
        "undo": partial(undoable_step, booking, now=now),
        "cancel": partial(check_cancellable, booking, by=by, now=now),
        "move": partial(check_movable, booking, by=by, rules=clinic_settings(), now=now),
    }
    for name, check in checks.items():
        yield Action(name, _refusal(check, booking, now=now))


def _refusal(
    check: Callable[[], object], booking: Booking, *, opens_at: datetime | None = None, now: datetime
) -> str:
    """Return why a check fails, as exactly as staff can use it; "" if it does not."""
    try:
        check()
    except TooEarly:
        return _("Possible from %(time)s on.") % {"time": _time_in_words(booking, opens_at or now)}
    except DomainError as error:
        if error.code != "booking_over":
            return str(error.user_message)
        # Requests and confirmed visits are refused only for their start: their status would allow it.
        if booking.status in {"PENDING", "CONFIRMED"} and booking.starts_at <= now:
            return _("The start of the appointment has passed.")
        return _("Not possible for an appointment with this status.")
    return ""


def _time_in_words(booking: Booking, instant: datetime) -> str:
    zone: ZoneInfo = (booking.place or current_clinic()).zone
    return f"{format_day(instant, zone)}, {format_time(instant, zone)}"


def visit_history(booking: Booking, *, by: User, now: datetime) -> VisitHistory:
    """Return the patient's other bookings that `by` may see: a doctor's own, or all for the front desk."""
    others = visible_bookings(by).filter(patient=booking.patient_id).exclude(pk=booking.pk)
    counts = Counter(others.order_by().values_list("status", flat=True))
    return VisitHistory(
        counts={status: counts[status] for status in ("COMPLETED", "NO_SHOW", "CANCELLED")},
        past=list(others.past(now=now).order_by("-starts_at", "id")[:_PAST_VISITS]),
        upcoming=list(others.upcoming(now=now).order_by("starts_at", "id")[:_NEXT_VISITS]),
    )


def age_on(born: date | None, now: datetime) -> int | None:
    """Return the age in years on the clinic's local day; None if the date of birth is not known."""
    if born is None:
        return None
    today = clinic_day(now)
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
