"""The preview of time off: affected appointments and the decision about each."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from clinics.models import Doctor, Patient
from scheduling.models import Booking, Slot, TimeOff
from scheduling.time_off.admin import preview
from tenants.base.clock import now as clock_now
from tests.factories.admin_pages import submit_form
from tests.factories.audit import audit_entries
from tests.factories.clinic_client import ClinicClient
from tests.factories.forms import parse_form
from tests.factories.people import make_patient
from tests.factories.schedule import make_booking, make_slot

ADD = "scheduling/timeoff/add/"


@pytest.fixture
def bookings(doctor: Doctor, patient: Patient, soon: datetime) -> list[Booking]:
    """Two bookings on one day."""
    slots = [make_slot(doctor, soon.replace(hour=hour)) for hour in (9, 10)]
    patients = (patient, make_patient(first_name="Jo"))
    return [
        make_booking(slot, booked_by, now=clock_now())
        for slot, booked_by in zip(slots, patients, strict=True)
    ]


@pytest.fixture
def alternatives(doctor: Doctor, soon: datetime) -> list[Slot]:
    """Open slots on the following day."""
    return [make_slot(doctor, soon.replace(hour=hour) + timedelta(days=1)) for hour in (9, 10, 11)]


@pytest.fixture
def off_form(doctor: Doctor, soon: datetime) -> dict[str, Any]:
    """The form for time off on that day, with all appointments to be rescheduled."""
    day = str(soon.date())
    form = {"doctor": str(doctor.pk), "first_on": day, "last_on": day, "opens": "00:00", "closes": "24:00"}
    return form | {"weekdays": [str(weekday) for weekday in range(7)], "note": "Leave", "others": "move"}


def proposed_decisions(page: str) -> list[str]:
    """Return the proposed decision for each booking, by start."""
    return [value for name, value in parse_form(page).items() if name.startswith("booking-")]


def decisions(bookings: list[Booking], *choices: str) -> dict[str, str]:
    """Return the decisions as the fields of the page."""
    return {"seen": "yes"} | {
        f"booking-{each.pk}": choice for each, choice in zip(bookings, choices, strict=True)
    }


def booking_states() -> list[tuple[str, Any]]:
    """Return the bookings' statuses and slots, by patient."""
    return list(Booking.objects.order_by("patient__first_name").values_list("status", "slot_id"))


def test_the_preview_shows_affected_appointments_with_alternatives(
    desk: ClinicClient, bookings: list[Booking], alternatives: list[Slot], off_form: dict[str, Any]
) -> None:
    before = booking_states()

    page = submit_form(desk, ADD, off_form)

    assert all(f"<br>{booking.patient}, {booking.doctor}</legend>" in page for booking in bookings)
    assert proposed_decisions(page) == [str(slot.pk) for slot in alternatives[:2]]
    assert parse_form(page)["note"] == "Leave"
    assert (TimeOff.objects.count(), booking_states()) == (0, before)
    expected = {("listed", "clinics.patient", str(booking.patient_id)) for booking in bookings}
    assert expected <= {*audit_entries()}


@pytest.mark.parametrize(("others", "proposed"), [("keep", "keep"), ("cancel", "cancel"), ("move", "keep")])
def test_the_choice_for_all_is_preselected_for_each(
    desk: ClinicClient, bookings: list[Booking], off_form: dict[str, Any], others: str, proposed: str
) -> None:
    # Nothing else is open, so nobody can move.
    assert proposed_decisions(submit_form(desk, ADD, {**off_form, "others": others})) == [proposed] * len(
        bookings
    )


def test_each_appointment_is_handled_as_chosen(
    desk: ClinicClient, bookings: list[Booking], alternatives: list[Slot], off_form: dict[str, Any]
) -> None:
    chosen = decisions(bookings, str(alternatives[2].pk), "cancel")

    page = submit_form(desk, ADD, {**off_form, **chosen})

    assert "2 appointments were affected: 1 rescheduled, 1 cancelled." in page
    assert {*booking_states()} == {("CONFIRMED", alternatives[2].pk), ("CANCELLED", bookings[1].slot_id)}


def test_if_an_alternative_was_taken_meanwhile_the_appointment_is_kept(
    desk: ClinicClient, bookings: list[Booking], alternatives: list[Slot], off_form: dict[str, Any]
) -> None:
    chosen = decisions(bookings, str(alternatives[0].pk), str(alternatives[1].pk))
    make_booking(alternatives[0], make_patient(first_name="Zoe"), now=clock_now())

    page = submit_form(desk, ADD, {**off_form, **chosen})

    assert "2 appointments were affected: 1 kept, 1 rescheduled." in page


@pytest.mark.parametrize("decision", ["", "moved", "00000000-0000-0000-0000-00000000000g"])
def test_values_that_are_not_on_the_page_are_refused(
    desk: ClinicClient, bookings: list[Booking], off_form: dict[str, Any], decision: str
) -> None:
    before = booking_states()

    page = submit_form(desk, ADD, {**off_form, **decisions(bookings, decision, "keep")})

    assert "Choose one of the options." in page
    assert (TimeOff.objects.count(), booking_states()) == (0, before)


def test_appointments_beyond_the_preview_follow_the_choice_for_all(
    desk: ClinicClient,
    bookings: list[Booking],
    off_form: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(preview, "MAX_BOOKINGS_WITH_ALTERNATIVES", 1)
    form = {**off_form, "others": "cancel"}

    page = submit_form(desk, ADD, form)
    submit_form(desk, ADD, {**form, **decisions(bookings[:1], "keep")})

    assert proposed_decisions(page) == ["cancel"]
    assert "There is 1 more appointment. As you chose: Cancel them." in page
    assert {*booking_states()} == {("CONFIRMED", bookings[0].slot_id), ("CANCELLED", bookings[1].slot_id)}
