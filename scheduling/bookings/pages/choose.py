"""`/book`: goes on with a time that was chosen in a form, and holds it for a signed-in patient."""

import uuid
from contextlib import suppress

from django.http import HttpRequest, HttpResponse

from clinics.pages.visit_types import CONTINUE, VISIT_TYPE
from scheduling.bookings.create import requested_patient, requested_visit_type
from scheduling.bookings.hold import hold_slot
from scheduling.calendar.local_times import local_time_fields
from scheduling.models import Slot
from scheduling.outside_calendars.before_booking import read_before_booking
from tenants.accounts.models import User
from tenants.accounts.pages.page_view import SeeOther, page_view
from tenants.accounts.pages.visitor import visitor
from tenants.base.clock import now
from tenants.base.errors import DomainError
from tenants.base.paths import is_own_path, with_query


@page_view(post=True)
def choose_time(request: HttpRequest) -> HttpResponse:
    """Lead from the form with the times to the details step; without a chosen time, back to the form."""
    sent = request.POST if request.method == "POST" else request.GET
    slot = _slot(sent.get("slot", ""))
    if slot is None:
        return SeeOther(_back(sent.get("back", "")))
    visit_type = sent.get(VISIT_TYPE, "")
    user = visitor(request)
    if request.method == "POST" and user is not None and user.role == User.Role.PATIENT:
        # If the time cannot be held, the next step says why.
        with suppress(DomainError):
            _hold(slot.pk, user, visit_type)
    day = local_time_fields(slot.starts_at, slot.ends_at, slot.place)["local_date"]
    query = {"doctor": str(slot.doctor_id), "date": day.isoformat(), VISIT_TYPE: visit_type}
    return SeeOther(with_query(f"/booking/{slot.pk}", **query))


def _slot(slot_id: str) -> Slot | None:
    with suppress(ValueError):
        return Slot.objects.select_related("place").filter(pk=uuid.UUID(slot_id)).first()
    return None


def _back(path: str) -> str:
    """Return the page with the form, which then says that no time was chosen."""
    if not is_own_path(path):
        return "/doctors"
    return f"{path}{'&' if '?' in path else '?'}{CONTINUE}=1"


def _hold(slot_id: uuid.UUID, user: User, visit_type: str) -> None:
    """Hold the slot for the user.

    :raises DomainError: it cannot be booked
    """
    try:
        visit_type_id = uuid.UUID(visit_type) if visit_type else None
    except ValueError:
        return
    read_before_booking(slots=[slot_id], now=now())
    hold_slot(
        slot_id=slot_id,
        patient=requested_patient(user, None),
        by=user,
        visit_type=requested_visit_type(user, visit_type_id),
        now=now(),
    )
