"""What is read of a clinic's people and settings."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import QuerySet

from clinics.models import Care, ClinicSettings, Doctor, Patient, Specialty
from tenants.accounts.models import User
from tenants.base.errors import NotFound

VisitTypes = Callable[[], Iterable[Any]]
_visit_types: list[VisitTypes] = []


def clinic_settings() -> ClinicSettings:
    """The current clinic's settings."""
    return ClinicSettings.objects.get()


def wants_second_factor(user: User) -> bool:
    """Whether the clinic demands a second step of `user`. Of patients nobody does."""
    if user.role == User.Role.DOCTOR:
        return clinic_settings().second_factor_for_doctors
    return user.is_at_the_desk and clinic_settings().second_factor_for_desk


def specialties() -> QuerySet[Specialty]:
    """What the clinic offers, by name."""
    return Specialty.objects.order_by("name")


def tells_visit_types(selector: VisitTypes) -> VisitTypes:
    """Register who knows what patients can book: the schedule, a floor above."""
    _visit_types.append(selector)
    return selector


def visit_types() -> list[Any]:
    """What patients can book."""
    return [visit_type for selector in _visit_types for visit_type in selector()]


def doctor_of(user: User) -> Doctor:
    """The doctor who signs in as `user`.

    :raises NotFound: nobody does
    """
    doctor = Doctor.objects.filter(user=user).first()
    if doctor is None:
        raise NotFound
    return doctor


def patient_of(user: User) -> Patient:
    """The patient who signs in as `user`.

    :raises NotFound: nobody does
    """
    patient = Patient.objects.filter(user=user).first()
    if patient is None:
        raise NotFound
    return patient


def profile_of(user: User) -> Doctor | Patient | None:
    """The record that goes with a user's role; None for other staff."""
    if user.role == User.Role.DOCTOR:
        return Doctor.objects.filter(user=user).prefetch_related("specialties").first()
    if user.role == User.Role.PATIENT:
        return Patient.objects.filter(user=user).first()
    return None


def dependants_of(user: User) -> QuerySet[Patient]:
    """Those whom the patient `user` cares for, by name."""
    cared_for = Care.objects.filter(carer__user=user).values("dependant")
    dependants: QuerySet[Patient] = Patient.objects.known().filter(pk__in=cared_for)
    return dependants.order_by("first_name", "last_name", "id")
