"""The last change of a booking, for staff whose own change is refused because of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.utils.translation import gettext as _

from scheduling.errors import BookingChanged, BookingNotChangeable, TooEarly
from scheduling.models import Booking, BookingEvent
from tenants.accounts.models import User
from tenants.base.clock import format_day, format_time
from tenants.current import current_clinic


def last_change(booking: Booking) -> dict[str, Any]:
    """The booking's present status and version, and its last event: what happened, who did it, and when.

    `at` is UTC; `words` has all of it, with the local time at the place of the visit.
    """
    last = booking.events.select_related("by").order_by("created_at", "id").last()
    by, at = last.by if last else None, last.created_at if last else booking.updated_at
    zone = (booking.place or current_clinic()).zone
    what = str(last.get_kind_display()) if last else ""
    by_patient = by is not None and by.role == User.Role.PATIENT
    name = (by.get_full_name() or _("a colleague")) if by and not by_patient else ""
    who = _("the patient") if by_patient else name
    words = [what, format_day(at, zone), format_time(at, zone), who]
    return {
        "what": what,
        "by": name,
        "by_patient": by_patient,
        "at": at,
        "words": ", ".join(word for word in words if word),
        "status": booking.status,
        "status_text": booking.get_status_display(),
        "version": booking.version,
    }


@contextmanager
def refusals_with_last_change(booking: Booking, *, version: int | None, by: User) -> Iterator[None]:
    """Add the booking's present state to the refusals of a change by staff. Patients do not get it.

    :param version: the version that `by` has seen; None: any
    :raises BookingChanged: `by` is staff, and the booking was changed since that version
    """
    if by.role == User.Role.PATIENT:
        yield
        return
    if version not in {None, booking.version}:
        raise BookingChanged(last_change(booking))
    try:
        yield
    except (BookingNotChangeable, TooEarly) as refusal:
        present = Booking.objects.shown().get(pk=booking.pk)
        refusal.data = last_change(present)
        if version not in {None, present.version}:
            raise BookingChanged(refusal.data) from refusal
        raise


def is_repeated(booking: Booking, *, kind: BookingEvent.Kind, status: str, by: User) -> bool:
    """Whether the same person has just taken this step, and the response was lost."""
    last = booking.events.order_by("created_at", "id").last()
    return booking.status == status and last is not None and (last.kind, last.by_id) == (kind, by.pk)
