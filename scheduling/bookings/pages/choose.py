"""`/book`: continues with a time that was chosen in a form, and holds it.

Pages that are the same for everybody have no CSRF token, because they are cached. A time is held only for
forms of the clinic's own pages instead: browsers say with each form where it comes from.
"""

import uuid
from contextlib import suppress

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from clinics.pages.frame import CONTINUE
from clinics.pages.visit_types import VISIT_TYPE
from scheduling.bookings.newcomer_cookie import remember_newcomer
from scheduling.bookings.pages.plan import hold_time
from scheduling.calendar.local_times import local_time_fields
from scheduling.models import Slot
from tenants.accounts.models import User
from tenants.accounts.pages.page_view import SeeOther, page_view
from tenants.accounts.pages.visitor import visitor
from tenants.base.errors import DomainError
from tenants.base.paths import is_own_path, with_query
from tenants.base.requests import is_from_own_page


@csrf_exempt
@page_view(post=True)
def choose_time(request: HttpRequest) -> HttpResponse:
    """Redirect to the details step or, without a chosen time, back to the form with the times."""
    sent = request.POST if request.method == "POST" else request.GET
    slot = _slot(sent.get("slot", ""))
    if slot is None:
        return SeeOther(_back(sent.get("back", "")))
    visit_type = sent.get(VISIT_TYPE, "")
    day = local_time_fields(slot.starts_at, slot.ends_at, slot.place)["local_date"]
    query = {"doctor": str(slot.doctor_id), "date": day.isoformat(), VISIT_TYPE: visit_type}
    response = SeeOther(with_query(f"/booking/{slot.pk}", **query))
    user = visitor(request)
    may_hold = user is None or user.role == User.Role.PATIENT
    if request.method == "POST" and may_hold and is_from_own_page(request):
        # If the time cannot be held, the next step says why.
        with suppress(DomainError):
            hold = hold_time(request, slot.pk, by=user, visit_type=visit_type)
            if user is None:
                remember_newcomer(response, hold.patient)
    return response


def _slot(slot_id: str) -> Slot | None:
    with suppress(ValueError):
        return Slot.objects.select_related("place").filter(pk=uuid.UUID(slot_id)).first()
    return None


def _back(path: str) -> str:
    """Return the page with the form, which then says that no time was chosen."""
    if not is_own_path(path):
        return "/doctors"
    return f"{path}{'&' if '?' in path else '?'}{CONTINUE}=1"
