"""The doctors whose calendar a user may open, with their places and specialties."""

import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from clinics.models import Doctor
from scheduling.models import WorkingHours
from tenants.accounts.models import User


@dataclass(frozen=True, slots=True)
class CalendarDoctor:
    """A doctor, and where they work."""

    doctor: Doctor
    places: list[uuid.UUID]
    main_address: bool
    """Whether they work at the clinic's own address. It is also true of doctors without weekly hours."""


def calendar_doctors(user: User, filters: Mapping[str, Any], *, today: date) -> list[CalendarDoctor]:
    """The doctors by name: all for the front desk, only themselves for doctors. Three queries.

    :param filters: `search`, `specialty` (code) and `place` (id, or "main" for the clinic's own address)
    """
    doctors = Doctor.objects.prefetch_related("specialties").order_by("name", "id")
    if user.role == User.Role.DOCTOR:
        doctors = doctors.filter(user=user)
    for word in filters.get("search", "").split():
        named = Q(name__icontains=word) | Q(title__icontains=word)
        doctors = doctors.filter(named | Q(specialties__name__icontains=word)).distinct()
    if specialty := filters.get("specialty"):
        doctors = doctors.filter(specialties__code=specialty)
    places: dict[uuid.UUID, set[uuid.UUID | None]] = defaultdict(set)
    current = WorkingHours.objects.filter(Q(valid_until=None) | Q(valid_until__gte=today))
    for doctor_id, place_id in current.values_list("doctor", "place").distinct():
        places[doctor_id].add(place_id)
    found = [_with_places(doctor, places.get(doctor.pk, {None})) for doctor in doctors]
    match filters.get("place"):
        case None:
            return found
        case "main":
            return [row for row in found if row.main_address]
        case place:
            return [row for row in found if place in map(str, row.places)]


def _with_places(doctor: Doctor, places: set[uuid.UUID | None]) -> CalendarDoctor:
    return CalendarDoctor(doctor, sorted(place for place in places if place), None in places)
