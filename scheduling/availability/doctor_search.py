"""Search for doctors, with the start of each one's next open slot."""

import uuid
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case, DateTimeField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.expressions import RawSQL

from clinics.models import Doctor, Specialty
from clinics.selectors import clinic_settings
from scheduling.availability import sql
from scheduling.availability.booking_window import Window, booking_window
from scheduling.availability.conditions import MAIN_ADDRESS, PARTS_OF_DAY
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

    :param filters: any of the fields of `DoctorFilters`, except for the page
    :raises InvalidInput: the visit type does not exist
    """
    doctors = _findable_doctors(now=now)
    if text := filters.get("search"):
        doctors = doctors.filter(
            Q(name__icontains=text) | Q(title__icontains=text) | practises_specialty(name__icontains=text)
        )
    if specialty := filters.get("specialty"):
        doctors = doctors.filter(practises_specialty(**specialty_lookup(specialty)))
    if language := filters.get("language"):
        doctors = doctors.filter(pk__in=_speaking(language))
    if sex := filters.get("sex"):
        doctors = doctors.filter(sex=sex)
    if filters.get("accepting_new_patients"):
        doctors = doctors.filter(accepting_new_patients=True)
    if hours := _hours_condition(filters):
        still_valid = Q(valid_until=None) | Q(valid_until__gte=clinic_day(now))
        doctors = doctors.filter(
            Exists(WorkingHours.objects.filter(still_valid, hours, doctor=OuterRef("pk")))
        )
    if day := filters.get("available_on"):
        doctors = doctors.filter(pk__in=_doctors_with_open_slot_on(day, now=now))
    if visit_type := get_visit_type(filters.get("visit_type")):
        doctors = doctors.filter(offers_visit_type(visit_type))
    if filters.get("ordering") == "next_available":
        doctors = doctors.order_by(F("next_available").asc(nulls_last=True), "name", "id")
    return doctors


def _speaking(language: str) -> RawSQL:
    """The ids of the doctors who speak the language, as `SPEAKS_LANGUAGE` says."""
    condition = sql.SPEAKS_LANGUAGE.replace("%(language)s", "%s")
    found = f"SELECT doctor.id FROM clinics_doctor AS doctor WHERE TRUE {condition}"
    return RawSQL(found, [language.lower()])  # noqa: S611  the text is a constant


def _hours_condition(filters: Mapping[str, Any]) -> Q:
    """The condition on working hours of the weekday, place and part of the day that are searched for."""
    found = Q()
    if (weekday := filters.get("weekday")) is not None:
        found &= Q(weekday=weekday)
    if place := filters.get("place"):
        found &= Q(place=None) if place == MAIN_ADDRESS else Q(place=place)
    if part := filters.get("part_of_day"):
        begins, ends = PARTS_OF_DAY[part]
        found &= Q(opens__lt=ends, closes__gt=begins)
    return found


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


def offering_doctors(
    *, doctor: uuid.UUID | None = None, specialty: str | None = None, visit_type: VisitType | None
) -> QuerySet[Doctor]:
    """The doctors whom patients can find and who offer the visit type at present, in the order of their ids.

    Nobody can wait for a time if there are none.

    :param doctor: only this doctor
    :param specialty: only doctors of this specialty (its code or id)
    """
    doctors = Doctor.objects.bookable().order_by("pk")
    if doctor:
        doctors = doctors.filter(pk=doctor)
    if specialty:
        doctors = doctors.filter(practises_specialty(**specialty_lookup(specialty)))
    found: QuerySet[Doctor] = doctors.filter(offers_visit_type(visit_type)) if visit_type else doctors
    return found


def offers_visit_type(visit_type: VisitType) -> Q:
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
