"""The page of a patient's appointments, with offers from the waiting list and the entries on it."""

import uuid

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from clinics.selectors import get_patient
from scheduling.bookings.pages.appointment import describe_bookings
from scheduling.bookings.selectors import own_bookings
from scheduling.models import Booking
from scheduling.waitlist.access import find_entry, find_offer
from scheduling.waitlist.api.outputs import WaitlistEntryOutput
from scheduling.waitlist.offers import decline_offer
from scheduling.waitlist.selectors import visible_entries
from scheduling.waitlist.services import leave_waitlist
from tenants.accounts.models import User
from tenants.accounts.pages.page_view import SeeOther
from tenants.accounts.pages.patient_page import patient_page
from tenants.base.clock import now
from tenants.base.errors import NotFound

BOOKINGS_PER_PAGE = 20


@patient_page(post=True)
def appointments_page(request: HttpRequest, user: User) -> HttpResponse:
    """Show upcoming or past appointments. POST: decline an offer or leave the waiting list."""
    if request.method == "POST":
        return SeeOther(_change_waiting_list(request, user))
    period = "past" if request.GET.get("when") == "past" else "upcoming"
    page = Paginator(own_bookings(user, when=period, now=now()), BOOKINGS_PER_PAGE).get_page(
        request.GET.get("page")
    )
    bookings = describe_bookings(request, page.object_list)
    is_first = period == "upcoming" and page.number == 1
    upcoming = [one for one in bookings if one["status"] != Booking.Status.CANCELLED]
    following = upcoming[0] if is_first and upcoming else None
    entries = WaitlistEntryOutput(visible_entries(user, now=now()), many=True).data
    context = {
        "period": period,
        "results": page,
        "following": following,
        "others": [one for one in bookings if one is not following],
        "patient_id": str(get_patient(user).pk),
        "entries": entries if period == "upcoming" else [],
        "status": next((name for name in ("waiting", "declined", "left") if name in request.GET), ""),
        "leaving": request.GET.get("leave", ""),
    }
    return render(request, "scheduling/pages/appointments.html", context)


def _change_waiting_list(request: HttpRequest, user: User) -> str:
    """Decline an offer or leave the waiting list, and return the path of the page that says so.

    :raises NotFound: the offer or entry does not exist, or is somebody else's
    """
    try:
        if offer := request.POST.get("decline"):
            decline_offer(offer=find_offer(offer_id=uuid.UUID(offer), by=user), by=user, now=now())
            return "/appointments?declined"
        entry = uuid.UUID(request.POST.get("leave", ""))
    except ValueError as error:
        raise NotFound from error
    leave_waitlist(entry=find_entry(entry_id=entry, by=user), by=user, now=now())
    return "/appointments?left"
