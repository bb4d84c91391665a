"""The page behind the link “Choose another time”."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest

from clinics.models import ClinicSettings, Doctor, Patient
from notifications.links import Purpose
from scheduling.models import Booking, BookingEvent, Place, Slot
from tenants.accounts.models import User
from tests.factories.people import make_doctor, make_patient
from tests.factories.schedule import make_booking, make_slot
from tests.factories.visit_types import make_place, make_visit_type
from tests.notifications.conftest import SUMMER_EVENING
from tests.notifications.link_requests import LinkReader, path_of

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def path(booking: Booking, user: User) -> str:
    """The path of the link."""
    return path_of(booking, user, Purpose.MOVE)


def offered(page: str) -> list[tuple[str, str]]:
    """Return the slots on a page and the texts beside them, in order."""
    return re.findall(r'name="slot" value="([^"]+)"[^>]*> <span>([^<]*)</span>', page)


def legends(page: str) -> list[str]:
    """Return the headings of the days."""
    return re.findall(r"<legend>(.*?)</legend>", page)


def test_the_page_lists_the_doctors_open_times_of_a_week_by_day(
    path: str, doctor: Doctor, reader: LinkReader, now: datetime
) -> None:
    today, tomorrow = make_slot(doctor, now + HOUR), make_slot(doctor, now + DAY)
    last, taken = make_slot(doctor, now + 6 * DAY), make_slot(doctor, now + 2 * DAY)
    make_booking(taken, make_patient(), now=now)
    make_slot(make_doctor(), now + 3 * DAY)

    page = reader.get(path).content.decode()

    assert offered(page) == [
        (str(today.pk), "1:00 pm"),
        (str(tomorrow.pk), "12:00 pm"),
        (str(last.pk), "12:00 pm"),
    ]
    assert legends(page) == [
        "Monday 2 March 2026 (London time)",
        "Tuesday 3 March 2026 (London time)",
        "Sunday 8 March 2026 (London time)",
    ]
    assert " checked" not in page
    assert page.count("<button") == 1


def test_later_weeks_skip_those_without_times_and_earlier_ones_end_today(
    path: str, doctor: Doctor, reader: LinkReader, now: datetime
) -> None:
    first, second = make_slot(doctor, now + DAY), make_slot(doctor, now + 30 * DAY)

    page = reader.get(path).content.decode()
    later = reader.get(f"{path}?from=2026-04-01").content.decode()

    assert [slot for slot, _text in offered(page)] == [str(first.pk)]
    assert "Earlier times" not in page
    assert 'href="?from=2026-04-01">Later times, from Wednesday 1 April 2026' in page
    assert offered(later) == [(str(second.pk), "1:00 pm")]
    assert 'href="?from=2026-03-25">Earlier times' in later


def test_without_times_this_week_the_first_week_with_times_is_shown(
    path: str, doctor: Doctor, reader: LinkReader, now: datetime
) -> None:
    slot = make_slot(doctor, now + 20 * DAY)

    assert [found for found, _text in offered(reader.get(path).content.decode())] == [str(slot.pk)]


@pytest.mark.parametrize(
    "query", ["from=", "from=x", "from=2020-01-01", "from=9999-12-31", "from=0001-01-01", "other=1"]
)
def test_any_other_day_shows_some_page(path: str, reader: LinkReader, query: str) -> None:
    assert reader.get(f"{path}?{query}").status_code == 200


def test_without_any_other_time_the_page_says_what_to_do(path: str, reader: LinkReader) -> None:
    page = reader.get(path).content.decode()

    assert "There are no other times at the moment." in page
    assert "<button" not in page


def test_moving_changes_the_booking_by_the_recipient_and_shows_the_new_time(
    path: str, booking: Booking, user: User, reader: LinkReader, now: datetime
) -> None:
    slot = make_slot(booking.doctor, now + DAY)

    sent = reader.post(path, slot=str(slot.pk))
    page = reader.get(path).content.decode()

    assert (sent.status_code, sent["Location"]) == (303, path)
    booking.refresh_from_db()
    assert (booking.starts_at, booking.version) == (slot.starts_at, 1)
    assert booking.events.get(kind=BookingEvent.Kind.RESCHEDULED).by == user
    assert "Your appointment has a new time" in page
    assert "Tuesday 3 March 2026" in page


@pytest.mark.parametrize("chosen", ["", "x", "00000000-0000-0000-0000-000000000000"])
def test_without_an_open_time_the_page_says_so_and_lists_the_times(
    path: str, booking: Booking, doctor: Doctor, reader: LinkReader, now: datetime, *, chosen: str
) -> None:
    slot = make_slot(doctor, now + DAY)

    refused = reader.post(path, slot=chosen)
    page = refused.content.decode()

    assert refused.status_code == (409 if len(chosen) > 1 else 400)
    assert "There is a problem" in page
    assert "<title>Error: " in page
    assert [found for found, _text in offered(page)] == [str(slot.pk)]
    booking.refresh_from_db()
    assert booking.version == 0


def test_a_time_that_was_just_taken_is_refused_with_the_nearest_times(
    path: str, booking: Booking, doctor: Doctor, reader: LinkReader, now: datetime
) -> None:
    taken, free = make_slot(doctor, now + 30 * DAY), make_slot(doctor, now + 30 * DAY + HOUR)
    make_booking(taken, make_patient(), now=now)

    refused = reader.post(path, slot=str(taken.pk))
    page = refused.content.decode()

    assert refused.status_code == 409
    assert "Someone else has just booked this time." in page
    assert "Nearest times" in page
    assert offered(page)[0] == (str(free.pk), "2:00 pm")
    booking.refresh_from_db()
    assert booking.version == 0


def test_moving_follows_the_clinics_notice(
    path: str, booking: Booking, doctor: Doctor, reader: LinkReader, clock: Any
) -> None:
    ClinicSettings.objects.update(reschedule_notice_minutes=60, phone="020 7946 0000")
    slot = make_slot(doctor, booking.starts_at + DAY)
    clock.move_to(booking.starts_at - HOUR + timedelta(minutes=1))

    page = reader.get(path).content.decode()
    sent = reader.post(path, slot=str(slot.pk))
    clock.move_to(booking.starts_at - HOUR)
    in_time = reader.post(path, slot=str(slot.pk))

    assert "It is too late to change the time online" in page
    assert "Monday 25 May 2026, 5:30 pm (London time)" in page
    assert 'Call us on <a href="tel:02079460000"' in page
    assert (sent.status_code, in_time.status_code) == (303, 303)
    assert booking.events.filter(kind=BookingEvent.Kind.RESCHEDULED).count() == 1


def test_times_are_for_the_visit_type_of_the_booking(
    doctor: Doctor, patient: Patient, user: User, reader: LinkReader, now: datetime
) -> None:
    booking = make_booking(make_slot(doctor, SUMMER_EVENING), patient, now=now)
    Booking.objects.update(visit_type=make_visit_type(duration_minutes=60))
    make_slot(doctor, now + DAY)
    first = make_slot(doctor, now + 2 * DAY)
    make_slot(doctor, now + 2 * DAY + HOUR / 2)

    page = reader.get(path_of(booking, user, Purpose.MOVE)).content.decode()

    assert [slot for slot, _text in offered(page)] == [str(first.pk)]


def test_times_at_a_place_are_in_its_zone_which_is_named(
    path: str, doctor: Doctor, reader: LinkReader, now: datetime
) -> None:
    place: Place = make_place("Europe/Paris", name="Annexe")
    Slot.objects.filter(pk=make_slot(doctor, now + DAY).pk).update(place=place)

    page = reader.get(path).content.decode()

    assert legends(page) == ["Tuesday 3 March 2026 (Paris time)<br>Annexe"]
    assert [text for _slot, text in offered(page)] == ["1:00 pm"]


def test_a_time_that_occurs_twice_says_which_one_it_is(
    path: str, booking: Booking, doctor: Doctor, reader: LinkReader, clock: Any
) -> None:
    later = datetime.fromisoformat("2026-10-20T12:00:00Z")
    Booking.objects.filter(pk=booking.pk).update(starts_at=later + 9 * DAY, ends_at=later + 9 * DAY + HOUR)
    clock.move_to(later)
    for start in ("2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"):
        make_slot(doctor, datetime.fromisoformat(start))

    page = reader.get(path).content.decode()

    assert [text for _slot, text in offered(page)] == [
        "1:30 am (first time, before the clocks go back)",
        "1:30 am (second time, after the clocks have gone back)",
    ]
