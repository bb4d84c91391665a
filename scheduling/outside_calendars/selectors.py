"""The outside calendars of doctors, their busy periods, and the appointments that lie in these."""

from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from clinics.models import Doctor
from scheduling.availability.booking_rules import busy_elsewhere
from scheduling.models import Booking, OutsideCalendar, Place, WorkingHours
from scheduling.models.bookings import BookingQuerySet
from tenants.current import current_clinic

MAX_COLLISIONS = 50
"""How many colliding appointments are listed."""


def calendars_of(doctor: Doctor, *, until: datetime, now: datetime) -> QuerySet[OutsideCalendar]:
    """The doctor's outside calendars, each with `busy_count`: its busy periods between `now` and `until`."""
    soon = Q(busy_periods__ends_at__gt=now, busy_periods__starts_at__lt=until)
    calendars: QuerySet[OutsideCalendar] = doctor.outside_calendars.annotate(
        busy_count=Count("busy_periods", filter=soon)
    )
    return calendars.order_by("name", "id")


def collisions(doctor: Doctor, *, now: datetime) -> BookingQuerySet:
    """The doctor's upcoming appointments during which an outside calendar is busy, soonest first."""
    busy = busy_elsewhere(
        OuterRef("doctor"),
        Coalesce(OuterRef("busy_from"), OuterRef("starts_at")),
        Coalesce(OuterRef("busy_until"), OuterRef("ends_at")),
    )
    upcoming = Booking.objects.upcoming(now=now).booked().filter(doctor=doctor)
    return upcoming.filter(Exists(busy)).order_by("starts_at", "id")


def zones_of(doctor: Doctor) -> list[str]:
    """The time zones in which the doctor works, the clinic's first."""
    own = current_clinic().time_zone
    places = WorkingHours.objects.filter(doctor=doctor).exclude(place=None).values("place")
    others = Place.objects.filter(pk__in=places).exclude(time_zone=own)
    return [own, *sorted(set(others.values_list("time_zone", flat=True)))]
