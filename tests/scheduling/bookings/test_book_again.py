"""Book an earlier visit again, and another one for somebody else of the family."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from clinics.models import Doctor, Patient
from scheduling.bookings.pages.draft import _KEY
from scheduling.models import Booking, VisitType
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.pages import send, sign_in, text_of
from tests.factories.people import make_dependant, make_patient
from tests.factories.schedule import make_booking, make_slot
from tests.factories.visit_types import make_visit_type

API = "/api/appointments/bookings/{}/again/"


@pytest.fixture
def visit_type(clinic: object) -> VisitType:
    """One of two visit types."""
    make_visit_type()
    return make_visit_type()


@pytest.fixture
def booking(doctor: Doctor, patient: Patient, visit_type: VisitType, now: datetime) -> Booking:
    """A booking that is completed."""
    made = make_booking(make_slot(doctor, now + timedelta(days=1)), patient, now=now)
    Booking.objects.filter(pk=made.pk).update(visit_type=visit_type, status="COMPLETED")
    return Booking.objects.get(pk=made.pk)


def stop_doctor(doctor: Doctor, _visit_type: VisitType) -> None:
    """The doctor leaves."""
    Doctor.objects.filter(pk=doctor.pk).update(is_active=False)


def pause_visit_type(doctor: Doctor, visit_type: VisitType) -> None:
    """The doctor does not offer the visit type at present."""
    visit_type.paused_by.add(doctor)


def change_nothing(_doctor: Doctor, _visit_type: VisitType) -> None:
    """Doctor and visit type are still offered."""


@pytest.mark.parametrize(
    ("change", "has_doctor", "has_type", "sentence"),
    [
        (change_nothing, True, True, "Book again"),
        (pause_visit_type, True, False, "no longer offers this type of visit"),
        (stop_doctor, False, False, "You can no longer book"),
    ],
)
def test_what_is_no_longer_offered_is_named_and_the_link_leads_to_the_nearest_page(  # noqa: PLR0917
    change: Callable[[Doctor, VisitType], None],
    has_doctor: bool,
    has_type: bool,
    sentence: str,
    booking: Booking,
    patient: Patient,
    visitor: ClinicClient,
    as_user: Callable[..., ClinicClient],
) -> None:
    assert booking.visit_type is not None
    change(booking.doctor, booking.visit_type)
    sign_in(visitor, patient)

    answer = data_of(as_user(patient.user).get(API.format(booking.pk)))
    page = visitor.get(f"/appointments/{booking.pk}")
    sent = send(visitor, f"/appointments/{booking.pk}", action="again")

    assert answer == {
        "doctor": str(booking.doctor_id) if has_doctor else None,
        "visit_type": str(booking.visit_type_id) if has_type else None,
        "lacks_visit_type": not has_type,
    }
    assert sentence in text_of(page)
    expected = f"/doctors/{booking.doctor_id}" if has_doctor else "/doctors"
    expected += f"?visit_type={booking.visit_type_id}" if has_type else ""
    assert (sent.status_code, sent["Location"]) == (303, expected)


def test_the_person_is_chosen_in_the_details_and_in_no_address(
    booking: Booking, patient: Patient, visitor: ClinicClient
) -> None:
    child = make_dependant(patient)
    Booking.objects.filter(pk=booking.pk).update(patient=child)
    sign_in(visitor, patient)

    sent = send(visitor, f"/appointments/{booking.pk}", action="again")

    assert str(child.pk) not in sent["Location"]
    assert visitor.session[_KEY]["patient"] == str(child.pk)


def test_an_upcoming_appointment_has_no_button(
    booking: Booking, patient: Patient, visitor: ClinicClient
) -> None:
    Booking.objects.filter(pk=booking.pk).update(status="CONFIRMED")
    sign_in(visitor, patient)

    assert "Book again" not in text_of(visitor.get(f"/appointments/{booking.pk}"))


@pytest.mark.parametrize("has_family", [True, False])
def test_after_booking_a_family_sees_the_times_beside_it(
    doctor: Doctor, visitor: ClinicClient, now: datetime, has_family: bool
) -> None:
    patient = make_patient()
    if has_family:
        make_dependant(patient)
    slots = [make_slot(doctor, now + timedelta(days=1, minutes=30 * number)) for number in range(5)]
    made: Any = make_booking(slots[2], patient, now=now)
    sign_in(visitor, patient)

    page = visitor.get(f"/appointments/{made.pk}?booked").content.decode()
    later = visitor.get(f"/appointments/{made.pk}").content.decode()

    shown = [f"/booking/{slot.pk}?" in page for slot in slots]
    assert shown == ([True, True, False, True, False] if has_family else [False] * 5)
    assert ("Book for another person" in page, "Book for another person" in later) == (has_family, False)
