"""The page behind the QR code at the clinic's door: the visitor's appointments of today, to check in."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from clinics.selectors import clinic_settings, get_patient
from scheduling.bookings.access import find_booking
from scheduling.bookings.online_check_in import check_in_online, visits_to_check_in
from scheduling.bookings.pages.appointment import describe_bookings
from tenants.accounts.models import User
from tenants.accounts.pages.page_view import SeeOther
from tenants.accounts.pages.patient_page import patient_page
from tenants.base.clock import now
from tenants.base.errors import NotFound


@patient_page(post=True)
def check_in_page(request: HttpRequest, user: User) -> HttpResponse:
    """Show today's appointments of the user and their dependants. POST: check in for one of them."""
    if request.method == "POST":
        try:
            booking_id = uuid.UUID(request.POST.get("booking", ""))
        except ValueError as error:
            raise NotFound from error
        check_in_online(booking=find_booking(booking_id=booking_id, by=user), by=user, now=now())
        return SeeOther(request.path)
    context = {
        "is_offered": clinic_settings().online_check_in,
        "visits": describe_bookings(request, visits_to_check_in(user, now=now())),
        "patient_id": str(get_patient(user).pk),
    }
    return render(request, "scheduling/pages/check_in.html", context)
