"""A change of hours, a deactivation or a holiday shows whom it affects before it is saved."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from clinics.models import ClinicSettings, Doctor, Patient
from clinics.public_holidays import public_holidays
from scheduling.clock.planning import Hours
from scheduling.hours.services import set_exception, set_working_hours
from scheduling.hours.slot_generator import generate_slots
from scheduling.models import Booking, BookingEvent, DatedException, HolidayChoice, Slot, WorkingHours
from scheduling.schedule_changes.selectors import bookings_in, closing_of_week
from scheduling.slots.services import add_slots
from tenants.base.clock import now as clock_now
from tenants.models import Clinic
from tests.factories.admin_pages import get_form, submit_form
from tests.factories.clinic_client import ClinicClient
from tests.factories.forms import parse_form
from tests.factories.people import make_doctor, make_patient
from tests.factories.schedule import make_booking
from tests.factories.time_off import book_at, local_time_text, make_working_doctor, slot_at
from tests.factories.visit_types import make_place

DAY = "2026-03-09"  # a Monday
WEEK_PATH, EXCEPTION_PATH = "/api/appointments/working-hours/", "/api/appointments/exceptions/"
MORNINGS = [
    {"weekday": day, "opens": "09:00", "closes": "11:00", "slot_minutes": 30, "place": None}
    for day in range(7)
]


@pytest.fixture
def now() -> datetime:
    """Monday 2 March 2026, 08:00 in London."""
    return datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.fixture
def working(clinic: Clinic, now: datetime) -> Doctor:
    """A doctor who works every day from 09:00 to 12:00, in slots of half an hour."""
    return make_working_doctor(now=now)


@pytest.fixture
def bookings(working: Doctor, patient: Patient, now: datetime) -> list[Booking]:
    """Bookings at 10:30, inside the new hours, and at 11:00 and 11:30, outside them."""
    people = [patient, make_patient(first_name="Jo"), make_patient(first_name="Kim")]
    return [
        book_at(working, f"{DAY} {time}", person, now=now)
        for time, person in zip(("10:30", "11:00", "11:30"), people, strict=True)
    ]


def listed(response: Any) -> list[tuple[str, str | None]]:
    """The bookings of a preview, each with the local start of its best alternative."""
    assert response.status_code == 200, response.json()
    return [
        (
            row["booking"]["local_time"],
            row["alternatives"][0]["local_time"] if row["alternatives"] else None,
        )
        for row in response.json()["data"]["bookings"]
    ]


def test_the_preview_of_shorter_hours_lists_the_bookings_outside_them_and_changes_nothing(
    working: Doctor, bookings: list[Booking], as_user: Callable[..., ClinicClient]
) -> None:
    response = as_user(working.user).post(f"{WEEK_PATH}preview/", MORNINGS)

    assert listed(response) == [("11:00", "10:00"), ("11:30", "09:30")]
    assert WorkingHours.objects.filter(doctor=working, closes=720).count() == 7
    assert Booking.objects.filter(status="CONFIRMED").count() == 3


def test_the_change_is_saved_with_a_decision_about_each_booking(
    working: Doctor, bookings: list[Booking], as_user: Callable[..., ClinicClient], now: datetime
) -> None:
    target = slot_at(working, f"{DAY} 09:00")
    body = {
        "hours": MORNINGS,
        "bookings": [{"booking": str(bookings[1].pk), "action": "move", "slot": str(target.pk)}],
        "others": "cancel",
        "note": "Staff meeting",
    }

    response = as_user(working.user).post(WEEK_PATH, body)

    data = response.json()["data"]
    assert response.status_code == 200
    assert [row["done"] for row in data["bookings"]] == ["moved", "cancelled"]
    assert len(data["hours"]) == 7
    assert WorkingHours.objects.filter(doctor=working, closes=660).count() == 7
    states = list(Booking.objects.order_by("patient__first_name").values_list("status", flat=True))
    assert sorted(states) == ["CANCELLED", "CONFIRMED", "CONFIRMED"]
    notes = BookingEvent.objects.filter(kind__in=["CANCELLED", "RESCHEDULED"]).values_list("note", flat=True)
    assert set(notes) <= {"Staff meeting"}
    # Nobody can book the closed time any more, even before the slots are regenerated.
    assert not Slot.objects.offered().filter(starts_at=bookings[2].starts_at).exists()


def test_a_booking_is_never_moved_to_a_slot_that_the_new_hours_replace(
    working: Doctor, bookings: list[Booking], as_user: Callable[..., ClinicClient]
) -> None:
    """With slots of 40 minutes, only those at 09:00 on the old grid remain."""
    longer = [{**interval, "slot_minutes": 120} for interval in MORNINGS]
    moves = as_user(working.user).post(WEEK_PATH, {"hours": longer, "others": "move"})

    assert {row["done"] for row in moves.json()["data"]["bookings"]} == {"kept"}
    assert {row["refused"]["code"] for row in moves.json()["data"]["bookings"]} == {"no_time_open"}


def test_another_slot_length_in_the_same_hours_affects_nobody(
    working: Doctor, bookings: list[Booking], now: datetime
) -> None:
    week = [Hours(day, 540, 720, 20) for day in range(7)]

    assert bookings_in(closing_of_week(working, week, now=now)) == []


def test_the_same_hours_at_another_place_affect_the_bookings_at_the_old_one(
    working: Doctor, bookings: list[Booking], now: datetime
) -> None:
    week = [Hours(day, 540, 720, 30, place=make_place().pk) for day in range(7)]

    assert bookings_in(closing_of_week(working, week, now=now)) == bookings


def test_bookings_in_slots_added_by_hand_and_outside_the_old_hours_are_not_affected(
    working: Doctor, patient: Patient, now: datetime
) -> None:
    evening = slot_at(working, f"{DAY} 09:00").starts_at + timedelta(hours=9)
    (slot,) = add_slots(doctor=working, periods=[(evening, evening + timedelta(minutes=30))], now=now)
    make_booking(slot, patient, now=now)

    assert bookings_in(closing_of_week(working, [], now=now)) == []


@pytest.mark.parametrize(
    ("intervals", "affected"),
    [
        ([], ["10:30", "11:00", "11:30"]),
        ([["09:00", "11:00"]], ["11:00", "11:30"]),
        ([["09:00", "12:00"]], []),
    ],
)
def test_the_preview_of_one_date_lists_the_bookings_outside_its_hours(
    working: Doctor,
    bookings: list[Booking],
    as_user: Callable[..., ClinicClient],
    intervals: list[list[str]],
    affected: list[str],
) -> None:
    body = {"date": DAY, "intervals": intervals}

    response = as_user(working.user).post(f"{EXCEPTION_PATH}preview/", body)

    assert [time for time, _ in listed(response)] == affected


def test_one_date_is_changed_and_its_exception_removed_with_decisions(
    working: Doctor, patient: Patient, as_user: Callable[..., ClinicClient], now: datetime
) -> None:
    client = as_user(working.user)
    longer = client.post(EXCEPTION_PATH, {"date": DAY, "intervals": [["09:00", "14:00"]]})
    generate_slots(doctor=working, now=now)
    booking = book_at(working, f"{DAY} 13:00", patient, now=now)

    preview = client.post(f"{EXCEPTION_PATH}preview/", {"date": DAY, "intervals": None})
    removed = client.post(EXCEPTION_PATH, {"date": DAY, "intervals": None, "others": "move"})

    assert (longer.status_code, longer.json()["data"]["bookings"]) == (200, [])
    assert listed(preview) == [("13:00", "11:30")]
    assert removed.json()["data"]["exception"] is None
    assert [row["done"] for row in removed.json()["data"]["bookings"]] == ["moved"]
    booking.refresh_from_db()
    assert local_time_text(booking.starts_at) == f"{DAY} 11:30"


def test_invalid_hours_and_stale_versions_are_refused_and_change_nothing(
    working: Doctor, bookings: list[Booking], as_user: Callable[..., ClinicClient]
) -> None:
    client = as_user(working.user)
    overlapping = [MORNINGS[0], {**MORNINGS[0], "opens": "10:00", "closes": "12:00"}]

    answers = [
        client.post(f"{WEEK_PATH}preview/", overlapping),
        client.post(WEEK_PATH, {"hours": overlapping, "others": "cancel"}),
        client.post(f"{EXCEPTION_PATH}preview/", {"date": DAY, "intervals": [["10:00", "09:00"]]}),
        client.post(WEEK_PATH, {"hours": [], "others": "erase"}),
        client.post(WEEK_PATH, {"hours": [], "others": "cancel"}, HTTP_IF_MATCH='"99"'),
    ]

    assert [answer.status_code for answer in answers] == [400, 400, 400, 400, 409]
    assert Booking.objects.filter(status="CONFIRMED").count() == 3


def test_a_doctors_deactivation_lists_all_upcoming_bookings_with_others_of_the_specialty(
    working: Doctor,
    bookings: list[Booking],
    admin: Any,
    as_user: Callable[..., ClinicClient],
    now: datetime,
) -> None:
    colleague = make_working_doctor(now=now)
    colleague.specialties.set(working.specialties.all())
    client = as_user(admin)
    path = f"/api/users/doctors/{working.pk}/deactivate/"

    preview = client.post(f"{path}preview/")
    done = client.post(path, {"others": "cancel"})

    assert listed(preview) == [("10:30", "10:30"), ("11:00", "11:00"), ("11:30", "11:30")]
    doctors = {row["alternatives"][0]["doctor"] for row in preview.json()["data"]["bookings"]}
    assert doctors == {str(colleague.pk)}
    assert [row["done"] for row in done.json()["data"]["bookings"]] == ["cancelled"] * 3
    assert Doctor.objects.get(pk=working.pk).is_active is False
    assert client.post(f"/api/users/doctors/{make_patient().pk}/deactivate/", {}).status_code == 404


# The admin uses the real clock.


@pytest.fixture
def soon_doctor(clinic: Clinic) -> Doctor:
    """A doctor who works every day from 09:00 to 12:00 from today on."""
    return make_working_doctor(now=clock_now())


@pytest.fixture
def soon_booking(soon_doctor: Doctor, patient: Patient) -> Booking:
    """A booking at 11:30 in three days."""
    day = (clock_now() + timedelta(days=3)).date()
    return book_at(soon_doctor, f"{day} 11:30", patient)


def doctor_form(desk: ClinicClient, path: str) -> dict[str, str]:
    """The doctor's form without its empty row."""
    form = get_form(desk, path)
    return form | {"working_hours-TOTAL_FORMS": form["working_hours-INITIAL_FORMS"]}


def shorter_week(form: dict[str, str]) -> dict[str, str]:
    """The form of the doctor with hours that end at 11:00."""
    return form | {name: "11:00" for name in form if name.endswith("-closes") and form[name] == "12:00"}


def test_the_admin_shows_the_bookings_outside_new_hours_and_saves_with_the_choice(
    desk: ClinicClient, soon_doctor: Doctor, soon_booking: Booking
) -> None:
    path = f"clinics/doctor/{soon_doctor.pk}/change/"
    page = submit_form(desk, path, shorter_week(doctor_form(desk, path)))

    assert "Appointments affected by this change" in page
    assert f"{soon_booking.patient}, {soon_doctor}" in page
    assert WorkingHours.objects.filter(doctor=soon_doctor, closes=720).count() == 7

    choices = parse_form(page) | {f"booking-{soon_booking.pk}": "cancel", "seen": "yes"}
    saved = submit_form(desk, path, choices)

    assert "1 appointment was affected: 1 cancelled." in saved
    soon_booking.refresh_from_db()
    assert soon_booking.status == "CANCELLED"
    assert WorkingHours.objects.filter(doctor=soon_doctor, closes=660).count() == 7


def test_the_admin_saves_hours_that_affect_nobody_at_once(desk: ClinicClient, soon_doctor: Doctor) -> None:
    path = f"clinics/doctor/{soon_doctor.pk}/change/"

    page = submit_form(desk, path, shorter_week(doctor_form(desk, path)))

    assert "Appointments affected" not in page
    assert WorkingHours.objects.filter(doctor=soon_doctor, closes=660).count() == 7


def test_the_admin_shows_the_bookings_of_a_doctor_who_can_no_longer_be_booked(
    desk: ClinicClient, soon_doctor: Doctor, soon_booking: Booking
) -> None:
    path = f"clinics/doctor/{soon_doctor.pk}/change/"
    form = doctor_form(desk, path)
    form.pop("is_active")

    page = submit_form(desk, path, form)
    still_active = Doctor.objects.get(pk=soon_doctor.pk).is_active
    submit_form(desk, path, parse_form(page) | {f"booking-{soon_booking.pk}": "keep", "seen": "yes"})

    assert "Appointments affected by this change" in page
    assert still_active
    assert not Doctor.objects.get(pk=soon_doctor.pk).is_active
    soon_booking.refresh_from_db()
    assert soon_booking.status == "CONFIRMED"


def test_the_admin_shows_the_bookings_outside_a_dated_exception(
    desk: ClinicClient, soon_doctor: Doctor, soon_booking: Booking
) -> None:
    path = "scheduling/datedexception/add/"
    day = local_time_text(soon_booking.starts_at)[:10]
    form = get_form(desk, path) | {"doctor": str(soon_doctor.pk), "day": day, "slot_minutes": "30"}

    page = submit_form(desk, path, form)
    saved = submit_form(desk, path, parse_form(page) | {f"booking-{soon_booking.pk}": "cancel", "seen": "1"})

    assert "Appointments affected by this change" in page
    assert "1 appointment was affected: 1 cancelled." in saved
    assert not Slot.objects.offered().filter(doctor=soon_doctor, starts_at=soon_booking.starts_at).exists()


def test_the_admin_shows_the_bookings_on_a_new_holiday_except_of_doctors_with_own_hours(
    desk: ClinicClient, soon_doctor: Doctor, soon_booking: Booking
) -> None:
    day = local_time_text(soon_booking.starts_at)[:10]
    own = make_working_doctor(now=clock_now())
    other = book_at(own, f"{day} 09:00", make_patient(first_name="Own"))
    set_exception(doctor=own, day=date.fromisoformat(day), intervals=[(540, 720)], now=clock_now())
    path = "scheduling/holidaychoice/add/"
    form = {"day": day, "name": "Founders' day"}

    page = submit_form(desk, path, form)
    submit_form(desk, path, parse_form(page) | {f"booking-{soon_booking.pk}": "cancel", "seen": "1"})

    assert f"booking-{soon_booking.pk}" in page
    assert f"booking-{other.pk}" not in page
    assert HolidayChoice.objects.count() == 1
    soon_booking.refresh_from_db()
    assert soon_booking.status == "CANCELLED"


def test_the_admin_shows_the_bookings_that_an_exception_made_possible_before_it_is_deleted(
    desk: ClinicClient, soon_doctor: Doctor, soon_booking: Booking
) -> None:
    day = date.fromisoformat(local_time_text(soon_booking.starts_at)[:10])
    set_exception(doctor=soon_doctor, day=day, intervals=[(690, 900)], now=clock_now())
    generate_slots(doctor=soon_doctor, now=clock_now())
    late = book_at(soon_doctor, f"{day} 14:00", make_patient(first_name="Late"))
    path = f"scheduling/datedexception/{DatedException.objects.get().pk}/delete/"

    page = desk.get(f"/admin/{path}").content.decode()
    still_there = DatedException.objects.exists()
    deleted = submit_form(desk, path, parse_form(page) | {f"booking-{late.pk}": "cancel", "seen": "yes"})

    assert (f"booking-{late.pk}" in page, f"booking-{soon_booking.pk}" in page) == (True, False)
    assert "You are about to delete" in page
    assert still_there
    assert "1 appointment was affected: 1 cancelled." in deleted
    assert not DatedException.objects.exists()
    late.refresh_from_db()
    soon_booking.refresh_from_db()
    assert (late.status, soon_booking.status) == ("CANCELLED", "CONFIRMED")


def test_the_admin_shows_the_bookings_of_a_public_holiday_on_which_the_clinic_no_longer_opens(
    desk: ClinicClient, clinic: Clinic, patient: Patient
) -> None:
    ClinicSettings.objects.update(holiday_country="GB", holiday_region="ENG", horizon_days=200)
    soon = (clock_now() + timedelta(days=3)).date()
    coming = public_holidays("GB", "ENG", soon.year) | public_holidays("GB", "ENG", soon.year + 1)
    day = min(holiday for holiday in coming if holiday >= soon)
    choice = HolidayChoice.objects.create(day=day, name="Open", is_open=True)
    soon_booking = book_at(make_working_doctor(now=clock_now()), f"{day} 11:30", patient)
    path = f"scheduling/holidaychoice/{choice.pk}/delete/"

    page = desk.get(f"/admin/{path}").content.decode()
    submit_form(desk, path, parse_form(page) | {f"booking-{soon_booking.pk}": "cancel", "seen": "yes"})

    assert f"booking-{soon_booking.pk}" in page
    assert not HolidayChoice.objects.exists()
    soon_booking.refresh_from_db()
    assert soon_booking.status == "CANCELLED"


def test_the_admin_deletes_what_affects_nobody_after_the_usual_question(
    desk: ClinicClient, soon_doctor: Doctor, soon_booking: Booking
) -> None:
    day = date.fromisoformat(local_time_text(soon_booking.starts_at)[:10]) + timedelta(days=1)
    set_exception(doctor=soon_doctor, day=day, intervals=[(690, 900)], now=clock_now())
    path = f"scheduling/datedexception/{DatedException.objects.get().pk}/delete/"

    page = desk.get(f"/admin/{path}").content.decode()
    submit_form(desk, path, {"post": "yes"})

    assert "Are you sure" in page
    assert not DatedException.objects.exists()


def test_several_exceptions_are_not_deleted_at_once_if_appointments_are_affected(
    desk: ClinicClient, soon_doctor: Doctor, soon_booking: Booking
) -> None:
    day = date.fromisoformat(local_time_text(soon_booking.starts_at)[:10])
    set_exception(doctor=soon_doctor, day=day, intervals=[(690, 900)], now=clock_now())
    generate_slots(doctor=soon_doctor, now=clock_now())
    book_at(soon_doctor, f"{day} 14:00", make_patient(first_name="Late"))
    chosen = {"action": "delete_selected", "_selected_action": str(DatedException.objects.get().pk)}

    page = submit_form(desk, "scheduling/datedexception/", {**chosen, "post": "yes"})

    assert "Delete these one by one" in page
    assert DatedException.objects.count() == 1


def test_hours_of_a_new_doctor_need_no_preview(desk: ClinicClient, clinic: Clinic) -> None:
    set_working_hours(doctor=make_doctor(), week=[], now=clock_now())
    path = "clinics/doctor/add/"
    form = doctor_form(desk, path) | {"name": "New Doctor"}
    del form["specialties"]

    page = submit_form(desk, path, form)

    assert Doctor.objects.filter(name="New Doctor").exists(), [
        line for line in page.splitlines() if "errorlist" in line
    ]
