"""A patient books the time of an appointment again, on several dates, without JavaScript."""

from datetime import datetime, timedelta

import pytest

from clinics.models import Patient
from scheduling.bookings.cancel import cancel_booking
from scheduling.models import Booking, Series
from tests.factories.clinic_client import ClinicClient
from tests.factories.pages import heading_of, hidden_fields, send, sign_in, text_of
from tests.factories.people import make_dependant, make_doctor, make_patient, user_of
from tests.factories.schedule import make_booking, make_slot

HEADING = "Repeat this appointment"


@pytest.fixture
def sara() -> Patient:
    """A patient with an account."""
    return make_patient(first_name="Sara", last_name="Lind")


@pytest.fixture
def booking(sara: Patient, now: datetime) -> Booking:
    """An appointment in two days, whose time is free in the three weeks after it, but not in the fourth."""
    doctor, starts_at = make_doctor(name="Marsh"), now + timedelta(days=2)
    own, *_free, taken = (make_slot(doctor, starts_at + timedelta(weeks=week)) for week in range(5))
    make_slot(doctor, taken.starts_at + timedelta(hours=1))
    make_booking(taken, make_patient(), now=now)
    return make_booking(own, sara, now=now, reason="Physiotherapy")


@pytest.fixture
def browser(visitor: ClinicClient, sara: Patient) -> ClinicClient:
    """A browser in which the patient is signed in."""
    sign_in(visitor, sara)
    return visitor


@pytest.fixture
def path(booking: Booking) -> str:
    """The page's path."""
    return f"/appointments/{booking.pk}/repeat"


def test_each_free_date_is_booked_and_the_others_get_the_nearest_times(
    browser: ClinicClient, sara: Patient, booking: Booking, path: str
) -> None:
    asked = browser.get(path)
    dates = browser.get(f"{path}?every=1&count=4")
    result = send(browser, path, **hidden_fields(dates))

    assert heading_of(asked) == HEADING
    assert "Wednesday 11 March 2026 Wednesday 18 March 2026" in text_of(dates)
    assert heading_of(result) == "3 appointments are booked"
    assert "Not booked" in text_of(result)
    assert "Wed 1 Apr, 2:00 pm" in text_of(result)
    booked = Booking.objects.booked().filter(patient=sara).order_by("starts_at")
    assert [each.starts_at - booking.starts_at for each in booked] == [
        timedelta(weeks=week) for week in range(4)
    ]
    assert {each.reason for each in booked} == {"Physiotherapy"}
    assert '<script type="module"' not in asked.content.decode()


def test_a_form_that_is_sent_twice_books_once_and_shows_the_same_result(
    browser: ClinicClient, path: str
) -> None:
    fields = hidden_fields(browser.get(f"{path}?every=1&count=3"))

    first, second = (send(browser, path, **fields) for _time in range(2))

    assert heading_of(first) == heading_of(second) == "3 appointments are booked"
    assert Series.objects.count() == 1


def test_dates_without_a_free_time_book_nothing(browser: ClinicClient, path: str) -> None:
    fields = hidden_fields(browser.get(f"{path}?every=4&count=2"))

    result = send(browser, path, **fields)

    assert heading_of(result) == "None of these dates can be booked"
    assert not Series.objects.exists()


def test_an_appointment_of_a_dependant_is_repeated_for_the_dependant(
    browser: ClinicClient, sara: Patient, booking: Booking, path: str
) -> None:
    child = make_dependant(sara)
    Booking.objects.filter(pk=booking.pk).update(patient=child)

    send(browser, path, **hidden_fields(browser.get(f"{path}?every=1&count=2")))

    assert Booking.objects.booked().filter(patient=child).count() == 3


@pytest.mark.parametrize("query", ["every=1", "every=0&count=4", "every=1&count=1", "every=1&count=99"])
def test_other_intervals_and_numbers_are_refused_at_the_field(
    browser: ClinicClient, path: str, query: str
) -> None:
    shown = browser.get(f"{path}?{query}")
    sent = send(browser, path, **dict(part.split("=") for part in query.split("&")))

    for response in (shown, sent):
        assert (response.status_code, heading_of(response)) == (400, HEADING)
        assert "There is a problem" in text_of(response)
    assert not Series.objects.exists()


def test_an_appointment_that_is_over_or_cancelled_is_not_repeated(
    browser: ClinicClient, sara: Patient, booking: Booking, path: str, now: datetime
) -> None:
    cancel_booking(booking=booking, by=user_of(sara), now=now)

    answer = send(browser, path, every=1, count=4)

    assert (answer.status_code, answer["Location"]) == (303, f"/appointments/{booking.pk}")
    assert "/repeat" not in browser.get(f"/appointments/{booking.pk}").content.decode()


def test_nobody_elses_appointment_is_repeated(
    browser: ClinicClient, path: str, booking: Booking, visitor: ClinicClient
) -> None:
    stranger = visitor.clone()
    sign_in(stranger, make_patient())

    assert stranger.get(path).status_code == 404
    assert send(stranger, path, every=1, count=4).status_code == 404
    assert not Series.objects.exists()
