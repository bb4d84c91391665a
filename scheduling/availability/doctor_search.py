"""Search for doctors, with the start of each one's next open slot."""

import uuid
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case, DateTimeField, Exists, F, OuterRef, Q, QuerySet, Value, When

from clinics.models import Doctor, Specialty
from clinics.selectors import clinic_settings
from scheduling.availability import sql
from scheduling.availability.booking_window import Window, booking_window
from scheduling.availability.next_open_slot import NextOpenStart
from scheduling.availability.open_slots import get_visit_type, run_availability_sql
from scheduling.calendar.local_times import clinic_day
from scheduling.models import VisitType, WorkingHours
from tenants.base.clock import day_start
from tenants.base.errors import NotFound
from tenants.current import current_clinic


def _findable_doctors(*, now: datetime) -> QuerySet[Doctor]:
    """The doctors that patients can find, by name. `next_available` is the start of their next open slot."""
    window = booking_window(clinic_settings(), visit_type=None, now=now)
    return (
        Doctor.objects.bookable()
        .alias(_next=next_open_start(window, now=now))
        .annotate(next_available=Case(When(_next__lt=window.before, then=F("_next"))))
        .prefetch_related("specialties")
        .order_by("name", "id")
    )


def next_open_start(window: Window, *, now: datetime) -> Case:
    """Expression for the start of a doctor's next open slot.

    The stored start is used. If it has passed or is too soon to book, the slots are searched instead.
    """
    stored_is_valid = Q(next_open__starts_at__gt=now, next_open__starts_at__gte=window.soonest)
    stored_is_none = Q(next_open__doctor__isnull=False, next_open__starts_at=None)
    return Case(
        When(stored_is_valid, then=F("next_open__starts_at")),
        When(stored_is_none, then=Value(None, output_field=DateTimeField())),
        default=NextOpenStart(F("pk"), soonest=window.soonest, now=now),
    )


def search_doctors(filters: Mapping[str, Any], *, now: datetime) -> QuerySet[Doctor]:
    """The doctors that match all filters, sorted by `ordering`.

    :param filters: any of `search`, `specialty`, `weekday`, `available_on`, `visit_type` and `ordering`
    :raises InvalidInput: the visit type does not exist
    """
    doctors = _findable_doctors(now=now)
    if text := filters.get("search"):
        doctors = doctors.filter(
            Q(name__icontains=text) | Q(title__icontains=text) | practises_specialty(name__icontains=text)
        )
    if specialty := filters.get("specialty"):
        doctors = doctors.filter(practises_specialty(**specialty_lookup(specialty)))
    if (weekday := filters.get("weekday")) is not None:
        still_valid = Q(valid_until=None) | Q(valid_until__gte=clinic_day(now))
        hours = WorkingHours.objects.filter(still_valid, doctor=OuterRef("pk"), weekday=weekday)
        doctors = doctors.filter(Exists(hours))
    if day := filters.get("available_on"):
        doctors = doctors.filter(pk__in=_doctors_with_open_slot_on(day, now=now))
    if visit_type := get_visit_type(filters.get("visit_type")):
        doctors = doctors.filter(_offers_visit_type(visit_type))
    if filters.get("ordering") == "next_available":
        doctors = doctors.order_by(F("next_available").asc(nulls_last=True), "name", "id")
    return doctors


def visible_doctor(doctor_id: uuid.UUID, *, now: datetime) -> Doctor:
    """One of the doctors that patients can find.

    :raises NotFound: no such doctor
    """
    doctor = _findable_doctors(now=now).filter(pk=doctor_id).first()
    if doctor is None:
        raise NotFound
    return doctor


def practises_specialty(**lookup: str | uuid.UUID) -> Exists:
    """Condition on a doctor: they practise a specialty that matches the lookup."""
    return Exists(Specialty.objects.filter(doctors=OuterRef("pk"), **lookup))


def _offers_visit_type(visit_type: VisitType) -> Q:
    """Condition on a doctor: they offer the visit type, as `OFFERS_VISIT_TYPE` says."""
    named = VisitType.doctors.through.objects.filter(visittype=visit_type)
    paused = VisitType.paused_by.through.objects.filter(visittype=visit_type, doctor=OuterRef("pk"))
    return (Q(~Exists(named)) | Q(Exists(named.filter(doctor=OuterRef("pk"))))) & ~Q(Exists(paused))


def specialty_lookup(text: str) -> dict[str, str | uuid.UUID]:
    """The lookup of a specialty by its id or its code."""
    try:
        return {"pk": uuid.UUID(text)}
    except ValueError:
        return {"code": text}


def _doctors_with_open_slot_on(day: date, *, now: datetime) -> list[uuid.UUID]:
    """The ids of the doctors who have a slot on the clinic's `day` that can be booked at `now`."""
    zone = current_clinic().zone
    window = booking_window(clinic_settings(), visit_type=None, now=now)
    params = {
        "soonest": max(day_start(day, zone), window.soonest),
        "before": min(day_start(day + timedelta(days=1), zone), window.before),
    }
    if params["before"] <= params["soonest"]:
        return []
    rows = run_availability_sql(sql.DOCTORS, params, doctor_condition="", visit_type=None, now=now)
    return [doctor_id for (doctor_id,) in rows]
