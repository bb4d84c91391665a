"""Default filters of lists, and refused forms, in Django Admin."""

from datetime import datetime, timedelta

import pytest

from clinics.models import Doctor, Patient
from scheduling.models import Booking
from tests.factories.admin_pages import get_form, get_page, submit_form
from tests.factories.clinic_client import ClinicClient
from tests.factories.forms import parse_form
from tests.factories.people import make_patient
from tests.factories.schedule import make_booking, make_slot
from tests.factories.visit_types import make_visit_type


@pytest.mark.parametrize(
    ("query", "shown"), [("", (False, True)), ("?when=past", (True, False)), ("?when=all", (True, True))]
)
def test_lists_show_today_and_later_by_default(
    desk: ClinicClient, doctor: Doctor, soon: datetime, *, query: str, shown: tuple[bool, bool]
) -> None:
    bookings = [
        make_booking(make_slot(doctor, start), make_patient(), now=start - timedelta(days=1))
        for start in (soon - timedelta(days=9), soon)
    ]

    listed = get_page(desk, f"scheduling/booking/{query}")
    slots = get_page(desk, f"scheduling/slot/{query}")

    assert tuple(str(booking.pk) in listed for booking in bookings) == shown
    assert tuple(str(booking.slot_id) in slots for booking in bookings) == shown
    assert "Today and later</a>" in listed


def test_filters_leave_out_statuses_that_are_never_listed(desk: ClinicClient) -> None:
    page = get_page(desk, "scheduling/booking/")

    assert "status__exact=CONFIRMED" in page
    assert "status__exact=HELD" not in page


def test_an_action_works_for_a_past_booking(
    desk: ClinicClient, doctor: Doctor, patient: Patient, soon: datetime
) -> None:
    past_start = soon - timedelta(days=9)
    booking = make_booking(make_slot(doctor, past_start), patient, now=past_start - timedelta(days=1))
    page = get_page(desk, f"scheduling/booking/{booking.pk}/change/")
    address = page.split('formaction="/admin/')[1].split('"')[0]

    submit_form(desk, address, {**parse_form(page), "action": "complete_selected"})

    assert Booking.objects.get().status == "COMPLETED"


def test_a_refused_form_is_shown_again_with_its_input(
    desk: ClinicClient, doctor: Doctor, patient: Patient, soon: datetime
) -> None:
    slot = make_slot(doctor, soon)
    make_booking(slot, make_patient(), now=soon - timedelta(days=1))
    values = {
        "patient": str(patient.pk),
        "slot": str(slot.pk),
        "visit_type": str(make_visit_type().pk),
        "reason": "Since Monday",
    }

    page = submit_form(desk, "scheduling/booking/add/", values)

    assert "Someone else has just booked this time." in page
    assert {name: parse_form(page)[name] for name in values} == values
    assert Booking.objects.count() == 1


def test_the_weekday_of_invalid_hours_is_named(desk: ClinicClient, doctor: Doctor) -> None:
    path = f"clinics/doctor/{doctor.pk}/change/"
    form = get_form(desk, path) | {"working_hours-TOTAL_FORMS": "2"}
    for index, opens in enumerate(("09:00", "11:00")):
        row = {"weekday": "2", "opens": opens, "closes": "13:00", "slot_minutes": "30", "weeks": "0"}
        form |= {f"working_hours-{index}-{name}": value for name, value in row.items()}

    page = submit_form(desk, path, form)

    assert "Wednesday: 09:00-13:00 and 11:00-13:00 overlap." in page
