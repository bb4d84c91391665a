"""Create a booking from a request: find the patient and the visit type, then book what was requested."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from clinics.models import Patient
from clinics.selectors import current_record_id, get_patient
from clinics.services.dependants import record_refused_access
from scheduling.availability.open_slots import get_visit_type
from scheduling.bookings.any_doctor import book_any_doctor
from scheduling.bookings.book import book_slot
from scheduling.bookings.hold import confirm_hold
from scheduling.bookings.refusals import cached_refusal
from scheduling.models import Booking, VisitType
from scheduling.visit_types.selectors import default_visit_type
from tenants.accounts.models import User
from tenants.base.errors import InvalidInput


def create_booking(data: Mapping[str, Any], *, patient: Patient | None, by: User, now: datetime) -> Booking:
    """Confirm a hold, book a slot, or book a time with any doctor.

    A patient is refused from the cache if it knows that the slot is booked.

    :param data: a validated `BookingInput`, with exactly one of `hold`, `slot` and `starts_at`
    :param patient: as `named_patient` returns it
    :raises DomainError: as `confirm_hold`, `book_slot` and `book_any_doctor`
    """
    if by.role == User.Role.PATIENT and "slot" in data:
        with cached_refusal(data["slot"], data["visit_type"], now=now):
            return _create(data, patient=patient, by=by, now=now)
    return _create(data, patient=patient, by=by, now=now)


def _create(data: Mapping[str, Any], *, patient: Patient | None, by: User, now: datetime) -> Booking:
    arguments: dict[str, Any] = {
        "patient": patient or get_patient(by),
        "by": by,
        "reason": data["reason"],
        "answers": data["answers"],
        "now": now,
    }
    if "hold" in data:
        return confirm_hold(hold_id=data["hold"], **arguments)
    arguments["visit_type"] = requested_visit_type(by, data["visit_type"])
    if "starts_at" in data:
        return book_any_doctor(starts_at=data["starts_at"], specialty=data.get("specialty"), **arguments)
    return book_slot(
        slot_id=data["slot"],
        overbook=data["overbook"],
        withdraw_offer=data["withdraw_offer"],
        **arguments,
    )


def requested_visit_type(user: User | None, visit_type_id: uuid.UUID | None) -> VisitType | None:
    """The visit type with that id; for a patient or newcomer who names none, the clinic's default.

    :param user: None for a newcomer
    :raises InvalidInput: the visit type does not exist, or the clinic has no default
    """
    if visit_type_id is None and (user is None or user.role == User.Role.PATIENT):
        return default_visit_type()
    return get_visit_type(visit_type_id)


def requested_patient(user: User, patient_id: uuid.UUID | None) -> Patient:
    """The patient `user` books for: themselves, a dependant, or, for staff, the patient they name.

    :raises InvalidInput: as `named_patient`
    """
    return named_patient(user, patient_id) or get_patient(user)


def named_patient(user: User, patient_id: uuid.UUID | None) -> Patient | None:
    """The patient with that id, if `user` may book for them; None if a patient books for themselves.

    A refusal is written to the audit log, so call this outside a transaction that the error would roll back.

    :raises InvalidInput: staff named no patient, the patient does not exist, or `user` may not book for them
    """
    if user.role == User.Role.PATIENT and patient_id is None:
        return None
    patients = Patient.objects.known() if user.is_front_desk else Patient.objects.of_user(user)
    patient: Patient | None = None
    if patient_id:
        # The record may have been merged into another one since it was read.
        by_id = patients.filter(pk=patient_id).first()
        patient = by_id or patients.filter(pk=current_record_id(patient_id)).first()
    if patient is None:
        if patient_id:
            record_refused_access(patient_id=patient_id, by=user)
        raise InvalidInput(errors={"patient": [_("Choose the patient this appointment is for.")]})
    return patient
