"""Queries for a clinic's people and settings."""

import uuid
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet

from clinics.models import Care, ClinicSettings, Doctor, Patient, SmsSettings, Specialty, StoppedNumber
from tenants.accounts.models import User
from tenants.base.batch_cache import cached_in_batch
from tenants.base.errors import NotFound
from tenants.phone_numbers import is_mobile, number_digest, parse_phone, phone_country

VisitTypes = Callable[[], Iterable[Any]]
_visit_types: list[VisitTypes] = []


_MAX_MERGES = 20
"""How many merges one after the other are followed."""


@cached_in_batch
def clinic_settings() -> ClinicSettings:
    """Return the current clinic's settings."""
    return ClinicSettings.objects.get()


@phone_country
def chosen_country() -> str:
    """Return the country in the clinic's settings; "" if none is chosen."""
    return clinic_settings().holiday_country


def staff_idle_time() -> timedelta:
    """Return after which time without input the clinic's staff are signed out."""
    return timedelta(minutes=clinic_settings().staff_idle_minutes)


def requires_second_factor(user: User) -> bool:
    """Return whether the clinic requires two-step sign-in of `user`. It never does of patients."""
    if user.role == User.Role.DOCTOR:
        return clinic_settings().second_factor_for_doctors
    return user.is_front_desk and clinic_settings().second_factor_for_desk


def may_see_clinical(user: User) -> bool:
    """Return whether `user` may see clinical details in the records and bookings that they may read.

    Clinical are `Patient.CLINICAL_FIELDS` and the answers to intake questions. They are for doctors and for
    patients and carers, and for the front desk only if the clinic allows it.
    """
    return not user.is_front_desk or clinic_settings().desk_sees_clinical


def practised_specialties() -> QuerySet[Specialty]:
    """Return the specialties that have a doctor whom patients can book, by name."""
    return Specialty.objects.filter(doctors__in=Doctor.objects.bookable()).distinct().order_by("name")


def register_visit_types(selector: VisitTypes) -> VisitTypes:
    """Register a source of bookable visit types: the scheduling app, which this one cannot import."""
    _visit_types.append(selector)
    return selector


def visit_types() -> list[Any]:
    """Return the visit types that patients can book."""
    return [visit_type for selector in _visit_types for visit_type in selector()]


def telephone_numbers(patient: Patient) -> list[str]:
    """Return the valid telephone numbers (E.164) at which the clinic reaches a patient.

    The patient's own comes first, then those of the carers.
    """
    carers = Patient.objects.known().filter(cares__dependant=patient).order_by("cares__created_at", "pk")
    written = [patient.phone, *carers.values_list("phone", flat=True)]
    return [number for text in written if text and (number := parse_phone(text))]


def current_record_id(patient_id: uuid.UUID) -> uuid.UUID:
    """Return the id of the record that is used for a patient: its own, or the one it was merged into."""
    for _step in range(_MAX_MERGES):
        row = Patient.objects.filter(pk=patient_id).values_list("merged_into", flat=True).first()
        if row is None:
            break
        patient_id = row
    return patient_id


def is_own_record(patient: Patient, *, user: User) -> bool:
    """Return whether a patient is, or seems to be, the person who signs in as `user`.

    Staff who are patients too have a second account for that, so the address, number and name count as well.
    """
    account = patient.user
    if patient.user_id == user.pk or (account is not None and account.email == user.email):
        return True
    same_name = patient.full_name.casefold() == user.get_full_name().casefold()
    number = parse_phone(patient.phone) if patient.phone else None
    return same_name or (number is not None and number == parse_phone(user.phone))


@cached_in_batch
def sms_settings() -> SmsSettings:
    """Return the current clinic's settings for text messages: off if it has none."""
    return SmsSettings.objects.first() or SmsSettings()


def is_number_stopped(number: str) -> bool:
    """Return whether the owner of a number (E.164) has stopped the clinic's text messages."""
    return StoppedNumber.objects.filter(digest=number_digest(number)).exists()


def sms_number(patient: Patient) -> str | None:
    """Return the number (E.164) to which text messages for a patient go; None if they get none.

    The patient has agreed to them, the number can be a mobile, nobody has stopped messages to it, and the
    last one was not returned.
    """
    number: str = patient.phone
    if patient.sms_consent_at is None or not number or number == patient.undeliverable_phone:
        return None
    if parse_phone(number, country="") != number or not is_mobile(number) or is_number_stopped(number):
        return None
    return number


def get_doctor(user: User) -> Doctor:
    """Return the doctor who signs in as `user`.

    :raises NotFound: there is none
    """
    doctor = Doctor.objects.filter(user=user).first()
    if doctor is None:
        raise NotFound
    return doctor


def get_patient(user: User) -> Patient:
    """Return the patient who signs in as `user`.

    :raises NotFound: there is none
    """
    patient = Patient.objects.select_related("user").filter(user=user).first()
    if patient is None:
        raise NotFound
    return patient


def get_profile(user: User) -> Doctor | Patient | None:
    """Return the doctor or patient record of a user; None for other staff."""
    if user.role == User.Role.DOCTOR:
        return Doctor.objects.filter(user=user).prefetch_related("specialties").first()
    if user.role == User.Role.PATIENT:
        return Patient.objects.filter(user=user).first()
    return None


def email_problems(patient: Patient) -> list[tuple[User, str]]:
    """Return who gets no emails about a patient, and why: the patient, or without an account the carers."""
    if patient.user is not None:
        users = [patient.user]
    else:
        users = list(User.objects.filter(patient__cares__dependant=patient).order_by("pk"))
    return [
        (user, str(User.EmailProblem(user.email_problem).label))
        for user in users
        if user.email_undeliverable_at is not None
    ]


def dependants_of(user: User) -> QuerySet[Patient]:
    """Return the dependants of the patient `user`, by name."""
    cared_for = Care.objects.filter(carer__user=user).values("dependant")
    dependants: QuerySet[Patient] = Patient.objects.known().filter(pk__in=cared_for)
    return dependants.order_by("first_name", "last_name", "id")
