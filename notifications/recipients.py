"""Who gets the messages about a booking."""

from typing import Any

from django.db.models import Prefetch

from clinics.models import Care
from scheduling.models import Booking, BookingEvent, BookingQuerySet
from tenants.accounts.models import User


def with_recipients(bookings: BookingQuerySet) -> BookingQuerySet:
    """Fetch what `recipients_of` reads, in a constant number of queries."""
    booked = BookingEvent.objects.filter(kind=BookingEvent.Kind.BOOKED).order_by("created_at", "id")
    related: list[Any] = [
        Prefetch("patient__cared_for_by", queryset=Care.objects.select_related("carer__user")),
        Prefetch("events", queryset=booked, to_attr="booked_events"),
    ]
    fetched: BookingQuerySet = bookings.select_related("patient__user").prefetch_related(*related)
    return fetched


def recipients_of(booking: Booking) -> list[User]:
    """Return the recipients of messages about a booking: the patient or carer who made it.

    If the clinic made it, or a former carer, the recipient is the patient, or else all carers.
    """
    patient = booking.patient
    carers = [care.carer.user for care in _cares(booking)]
    booked_by = _booked_by(booking)
    users = [user for user in (patient.user, *carers) if user is not None]
    bookers = [user for user in users if user.pk == booked_by]
    return bookers or users[: 1 if patient.user else None]


def _cares(booking: Booking) -> list[Care]:
    """Return who cares for the patient, with their users."""
    cares = booking.patient.cared_for_by
    is_fetched = "cared_for_by" in getattr(booking.patient, "_prefetched_objects_cache", {})
    return list(cares.all() if is_fetched else cares.select_related("carer__user"))


def _booked_by(booking: Booking) -> object:
    """Return the id of the user who made a booking."""
    if hasattr(booking, "booked_events"):
        return booking.booked_events[0].by_id if booking.booked_events else None
    return booking.events.filter(kind=BookingEvent.Kind.BOOKED).values_list("by", flat=True).first()
