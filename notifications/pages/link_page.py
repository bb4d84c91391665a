"""What the pages behind the links in messages have in common: reading the token, states, responses."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from clinics.models import ClinicSettings
from clinics.selectors import clinic_settings
from notifications.email_layout import phone_link
from notifications.links import LinkExpired, MessageLink, Purpose, read_link
from notifications.visit_context import knows_recipient, period_in_words, remote_instructions, time_in_words
from scheduling.bookings.cancel import CANCELLABLE, can_cancel, notice_deadline
from scheduling.bookings.reschedule import can_reschedule
from scheduling.models import Booking
from tenants.accounts.errors import LinkInvalid, TooManyRequests
from tenants.accounts.rate_limits import count_request
from tenants.base.clock import format_day, now, time_zone_label
from tenants.base.errors import DomainError
from tenants.base.requests import rate_limit_address
from tenants.current import current_clinic

LinkView = Callable[[HttpRequest, MessageLink], HttpResponse]
HEADERS = {
    # The URL contains the token, so it must not be sent to other sites, indexed or stored.
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
}


class State(StrEnum):
    """Whether a link can be used, or else why not. It is shown by `state.html`."""

    READY = "ready"
    MOVED = "moved"
    CANCELLED = "cancelled"
    OVER = "over"
    TOO_LATE = "too_late"
    REQUESTED = "requested"
    COMING = "coming"
    ANSWERED = "answered"
    NO_QUESTIONS = "no_questions"


class SeeOther(HttpResponseRedirect):
    """Leads from a submitted form to a page (303), so that reloading the page submits nothing again."""

    status_code = 303


def link_page(purpose: Purpose) -> Callable[[LinkView], Callable[..., HttpResponse]]:
    """Make a view for a link out of a function that takes the request and the `MessageLink`.

    Only POST may change something: mail scanners open links. A form needs no CSRF token, because nobody is
    signed in: another site cannot know the address, and without cookies a browser adds nothing to a request.
    """

    def decorate(view: LinkView) -> Callable[..., HttpResponse]:
        @csrf_exempt
        @require_http_methods(["GET", "HEAD", "POST"])
        @wraps(view)
        def page(request: HttpRequest, token: str) -> HttpResponse:
            try:
                count_request("message links by address", address=rate_limit_address(request), now=now())
                acts = request.method == "POST"
                response = view(request, read_link(token, purpose=purpose, acts=acts, now=now()))
            except (LinkInvalid, LinkExpired, TooManyRequests) as error:
                response = _refusal_page(request, error)
            for name, value in HEADERS.items():
                response[name] = value
            return response

        return page

    return decorate


def _refusal_page(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Return a page that says why a link does not work, and nothing about the appointment."""
    # Whether a link never existed or no longer works is not revealed.
    status = 404 if isinstance(error, LinkInvalid) else error.status
    context = {**clinic_context(clinic_settings()), "status": status, "error": error}
    response = render(request, "notifications/links/refused.html", context, status=status)
    if error.retry_after is not None:
        response["Retry-After"] = str(error.retry_after)
    return response


def state_of(link: MessageLink, *, now: datetime) -> State:
    """Return whether a link that is about the time of an appointment can be used now."""
    if settled := settled_state(link.booking, now=now):
        return settled
    if not link.is_current:
        return State.MOVED
    if link.purpose is Purpose.CONFIRM:
        return _state_to_confirm(link.booking)
    allows = can_cancel if link.purpose is Purpose.CANCEL else can_reschedule
    return State.READY if allows(link.booking, rules=clinic_settings(), now=now) else State.TOO_LATE


def _state_to_confirm(booking: Booking) -> State:
    """Return whether the patient can still tell the clinic that they will come."""
    if booking.status == Booking.Status.PENDING:
        return State.REQUESTED
    return State.READY if booking.attendance_confirmed_at is None else State.COMING


def settled_state(booking: Booking, *, now: datetime) -> State | None:
    """Return the state of an appointment that is cancelled, has started or is over; None for others."""
    if booking.status == Booking.Status.CANCELLED:
        return State.CANCELLED
    if booking.status not in CANCELLABLE or booking.starts_at <= now:
        return State.OVER
    return None


def state_page(request: HttpRequest, link: MessageLink, state: State) -> HttpResponse:
    """Return the page that shows the present state of the appointment. It offers nothing to do."""
    context = {**appointment_context(link), "state": state}
    return render(request, "notifications/links/state.html", context)


def appointment_context(link: MessageLink) -> dict[str, Any]:
    """Return the template context of an appointment: day, time with zone, doctor, clinic and place."""
    booking, brand = link.booking, clinic_settings()
    return {
        **clinic_context(brand),
        "purpose": link.purpose.value,
        "doctor": booking.doctor.display_name,
        "cared_for": _dependant_name(link),
        **period_in_words(booking.starts_at, booking.ends_at, booking.place),
        "meeting": remote_instructions(booking),
        "place": booking.place.name if booking.place else "",
        "address": booking.place.address if booking.place else brand.address,
        "is_cancelled": booking.status == Booking.Status.CANCELLED,
        "awaits_approval": booking.status == Booking.Status.PENDING,
        "in_series": booking.series_id is not None,
        "deadline": _deadline(link, brand),
        "account_path": f"/appointments/{booking.pk}",
    }


def clinic_context(brand: ClinicSettings) -> dict[str, Any]:
    """Return the part of the template context that every page has."""
    return {"clinic": current_clinic(), "brand": brand, "phone_link": phone_link(brand.phone)}


def _dependant_name(link: MessageLink) -> str:
    """Return the first name of a dependant for a carer; "" if nobody has confirmed the carer's address.

    Anybody can register with anybody's address, so the page then contains nothing that somebody typed.
    """
    patient, recipient = link.booking.patient, link.recipient
    is_own = patient.user_id == recipient.pk
    return "" if is_own or not knows_recipient(recipient) else patient.first_name


def _deadline(link: MessageLink, rules: ClinicSettings) -> str:
    """Return until when the appointment can be cancelled or moved online; "" if that is until it starts."""
    notice = {
        Purpose.CANCEL: rules.cancellation_notice_minutes,
        Purpose.MOVE: rules.reschedule_notice_minutes,
    }.get(link.purpose, 0)
    if not notice:
        return ""
    until = notice_deadline(link.booking, minutes=notice)
    place = link.booking.place or current_clinic()
    return _("%(day)s, %(time)s (%(zone)s)") % {
        "day": format_day(until, place.zone),
        "time": time_in_words(until, place.zone),
        "zone": time_zone_label(place.time_zone),
    }
