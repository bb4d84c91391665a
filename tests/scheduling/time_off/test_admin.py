"""Time off, holidays, places and limits in Django Admin."""

from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import unquote

import pytest

from clinics.models import ClinicSettings, Doctor
from scheduling.hours.services import set_exception
from scheduling.models import Booking, DatedException, HolidayChoice, TimeOff, WorkingHours
from tenants.accounts.models import User
from tenants.base.clock import now as clock_now
from tenants.models import Clinic
from tests.factories.admin_pages import get_form, submit_form
from tests.factories.audit import audit_entries
from tests.factories.clinic_client import ClinicClient
from tests.factories.forms import parse_form
from tests.factories.people import make_doctor, make_patient
from tests.factories.queries import queries_of
from tests.factories.queue import queued_job_kinds, queued_jobs
from tests.factories.schedule import make_booking, make_slot
from tests.factories.visit_types import make_place

ADD = "scheduling/timeoff/add/"
SETTINGS = "clinics/clinicsettings/1/change/"


@pytest.fixture
def day(clinic: Clinic) -> date:
    """A day next week: the admin uses the real clock."""
    return (clock_now() + timedelta(days=7)).date()


def give(desk: ClinicClient, form: dict[str, Any]) -> str:
    """Add time off and accept the page's proposals for the appointments."""
    preview_fields = parse_form(submit_form(desk, ADD, form))
    decisions = {name: value for name, value in preview_fields.items() if name.startswith("booking-")}
    return submit_form(desk, ADD, {**form, **decisions, "seen": "yes"})


def off_form(doctor: Doctor | None, day: date, **fields: Any) -> dict[str, Any]:
    """Return the form for time off during the whole day."""
    form = {"doctor": str(doctor.pk) if doctor else "", "first_on": str(day), "last_on": str(day)}
    form |= {"opens": "00:00", "closes": "24:00", "note": "", "others": "keep"}
    return form | {"weekdays": [str(weekday) for weekday in range(7)]} | fields


def book(doctor: Doctor, day: date) -> Booking:
    """Book an appointment at nine on that day."""
    start = datetime.fromisoformat(f"{day} 09:00+00:00")
    return make_booking(make_slot(doctor, start), make_patient(), now=clock_now())


def test_time_off_is_added_and_affected_appointments_are_reported(
    desk: ClinicClient, admin: User, doctor: Doctor, day: date
) -> None:
    booking = book(doctor, day)

    page = give(desk, off_form(doctor, day, note="Leave"))

    stored = TimeOff.objects.get()
    assert (stored.doctor, stored.first_on, stored.last_on, stored.note, stored.by) == (
        doctor, day, day, "Leave", admin,
    )  # fmt: skip
    assert "1 appointment was affected: 1 kept." in page
    assert (
        f'<a href="/admin/scheduling/booking/?id__in={booking.pk}&amp;when=all">View these appointments</a>'
        in page
    )
    listed = desk.get(f"/admin/scheduling/booking/?id__in={booking.pk}").content.decode()
    assert f"/admin/scheduling/booking/{booking.pk}/change/" in listed
    assert queued_job_kinds(kind="doctor_hours", row_id=doctor.pk) == ["doctor_hours"]


def test_appointments_during_time_off_can_be_cancelled(desk: ClinicClient, doctor: Doctor, day: date) -> None:
    booking = book(doctor, day)

    page = give(desk, off_form(None, day, others="cancel"))

    assert "1 appointment was affected: 1 cancelled." in page
    assert Booking.objects.get(pk=booking.pk).status == "CANCELLED"


def test_time_off_without_appointments_says_so(desk: ClinicClient, doctor: Doctor, day: date) -> None:
    page = submit_form(desk, ADD, off_form(doctor, day))

    assert "There are no appointments during this time." in page
    assert audit_entries() == [("added", "scheduling.timeoff", str(TimeOff.objects.get().pk))]


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"last_on": "2020-01-01"}, "The last day of the time off cannot be before its first day."),
        (
            {"first_on": "2020-01-01", "last_on": "2020-01-01"},
            "This day is in the past. Choose today or a later day.",
        ),
        ({"opens": "13:00", "closes": "12:00"}, "The end (12:00) must be after the start (13:00)."),
        ({"weekdays": []}, "This field is required."),
    ],
)
def test_invalid_time_off_is_refused_on_the_page(
    desk: ClinicClient, doctor: Doctor, day: date, fields: dict[str, Any], text: str
) -> None:
    page = submit_form(desk, ADD, off_form(doctor, day, **fields))

    assert text in page
    assert TimeOff.objects.count() == 0


def test_existing_time_off_is_read_only(desk: ClinicClient, doctor: Doctor, day: date) -> None:
    submit_form(desk, ADD, off_form(doctor, day))
    path = f"/admin/scheduling/timeoff/{TimeOff.objects.get().pk}/change/"

    opened, changed = desk.get(path), desk.post(path, off_form(doctor, day), format="multipart")

    assert (opened.status_code, changed.status_code) == (200, 403)


def test_removing_time_off_can_restore_the_appointments(
    desk: ClinicClient, doctor: Doctor, day: date
) -> None:
    book(doctor, day)
    give(desk, off_form(doctor, day, others="cancel"))
    path = f"scheduling/timeoff/{TimeOff.objects.get().pk}/delete/"

    confirmation_page = desk.get(f"/admin/{path}").content.decode()
    untouched = TimeOff.objects.get().undone_at
    page = submit_form(desk, path, {"post": "yes", "undo": "yes"})

    assert "Restore 1 appointment" in confirmation_page
    assert untouched is None
    assert TimeOff.objects.get().undone_at is not None
    assert "1 of 1 appointments are back at their original time." in page
    assert Booking.objects.taking_time().count() == 1
    assert desk.get(f"/admin/{path}").status_code == 302


def test_removing_time_off_can_leave_the_appointments_unchanged(
    desk: ClinicClient, doctor: Doctor, day: date
) -> None:
    book(doctor, day)
    give(desk, off_form(doctor, day, others="cancel"))

    submit_form(desk, f"scheduling/timeoff/{TimeOff.objects.get().pk}/delete/", {"post": "yes"})

    assert (TimeOff.objects.standing().count(), Booking.objects.taking_time().count()) == (0, 0)


def test_the_list_of_time_off_has_a_constant_number_of_queries(desk: ClinicClient, day: date) -> None:
    desk.get("/admin/scheduling/timeoff/")
    doctors, counts = [make_doctor() for _each in range(3)], []
    for group in (doctors[:1], doctors[1:]):
        for doctor in group:
            TimeOff.objects.create(doctor=doctor, first_on=day)
        counts.append(len(queries_of(lambda: desk.get("/admin/scheduling/timeoff/"))))

    assert counts[0] == counts[1]


def test_a_holiday_exception_regenerates_all_slots(desk: ClinicClient, clinic: Clinic) -> None:
    path = "scheduling/holidaychoice"

    submit_form(desk, f"{path}/add/", {"day": "2030-12-24", "name": "Christmas Eve"})
    choice = HolidayChoice.objects.get()
    submit_form(desk, f"{path}/{choice.pk}/change/", {"day": "2030-12-24", "name": "Eve", "is_open": "on"})
    submit_form(desk, f"{path}/{choice.pk}/delete/", {"post": "yes"})

    assert (choice.is_open, HolidayChoice.objects.count()) == (False, 0)
    assert queued_job_kinds(kind="booking_rules") == ["booking_rules"] * 3
    choice_key = ("scheduling.holidaychoice", str(choice.pk))
    assert audit_entries() == [
        ("added", *choice_key),
        ("changed", *choice_key),
        ("removed", *choice_key),
    ]


def test_coming_holidays_are_listed_with_a_link_to_open_on_them(desk: ClinicClient, clinic: Clinic) -> None:
    ClinicSettings.objects.update(holiday_country="GB", holiday_region="ENG")
    list_page = "/admin/scheduling/holidaychoice/"

    page = desk.get(list_page).content.decode()
    opening = page.split(f'<a href="{list_page}add/?day=')[1].split('"')[0].replace("&amp;", "&")
    form = get_form(desk, f"scheduling/holidaychoice/add/?day={opening}")
    submit_form(desk, "scheduling/holidaychoice/add/", form)

    choice = HolidayChoice.objects.get()
    assert (f"{choice.day:%d/%m/%Y}", choice.is_open) == (unquote(opening.split("&")[0]), True)
    assert desk.get(list_page).content.decode().count("Open on ") == page.count("Open on ") - 1


def test_a_clinic_without_public_holidays_is_told_where_to_set_them(desk: ClinicClient) -> None:
    page = desk.get("/admin/scheduling/holidaychoice/").content.decode()

    assert "The clinic does not close on public holidays." in page


@pytest.mark.parametrize(
    ("country", "region", "expected"),
    [
        ("GB", "", ("GB", "")),
        ("gb", "sct", ("GB", "SCT")),
        ("FR", "Zone A", ("FR", "Zone A")),
        ("", "", ("", "")),
        ("", "SCT", None),
        ("GB", "XX", None),
        ("XX", "", None),
    ],
)
def test_only_known_countries_and_regions_are_accepted(
    desk: ClinicClient, country: str, region: str, expected: tuple[str, str] | None
) -> None:
    form = get_form(desk, SETTINGS) | {"holiday_country": country, "holiday_region": region}

    submit_form(desk, SETTINGS, form)

    stored = ClinicSettings.objects.get()
    assert (stored.holiday_country, stored.holiday_region) == (expected or ("", ""))
    assert len(queued_jobs(kind="booking_rules")) == bool(expected and expected[0])


@pytest.mark.parametrize(
    ("field", "value", "regenerated"),
    [
        ("horizon_days", "30", True),
        ("booking_notice_minutes", "60", True),
        ("reschedule_notice_minutes", "60", False),
        ("upcoming_limit", "3", False),
        ("no_show_limit", "2", False),
        ("hold_minutes", "5", False),
        ("offer_minutes", "30", False),
        ("quiet_from", "20:30:00", False),
    ],
)
def test_booking_rules_are_saved_and_slots_regenerated_if_necessary(
    desk: ClinicClient, field: str, value: str, regenerated: bool
) -> None:
    submit_form(desk, SETTINGS, get_form(desk, SETTINGS) | {field: value})

    assert str(getattr(ClinicSettings.objects.get(), field)) == value
    assert len(queued_jobs(kind="booking_rules")) == regenerated


def hours_form(desk: ClinicClient, doctor: Doctor, **fields: str) -> dict[str, str]:
    """The doctor's page with one more interval."""
    form = get_form(desk, f"clinics/doctor/{doctor.pk}/change/")
    row_number = int(form["working_hours-INITIAL_FORMS"])
    row = {"weekday": "0", "opens": "09:00", "closes": "12:00", "slot_minutes": "30", "weeks": "0"} | fields
    return form | {f"working_hours-{row_number}-{name}": value for name, value in row.items()}


def test_working_hours_have_a_place_and_alternating_weeks(desk: ClinicClient, doctor: Doctor) -> None:
    place = make_place()

    form = hours_form(desk, doctor, weeks="1", place=str(place.pk))
    submit_form(desk, f"clinics/doctor/{doctor.pk}/change/", form)

    hours = WorkingHours.objects.get()
    assert (hours.weeks, hours.place) == (1, place)


def test_hours_changed_meanwhile_are_refused_and_the_input_is_shown_again(
    desk: ClinicClient, doctor: Doctor
) -> None:
    form = hours_form(desk, doctor, opens="08:15")
    set_exception(doctor=doctor, day=date(2030, 1, 1), intervals=[], now=clock_now())

    page = submit_form(desk, f"clinics/doctor/{doctor.pk}/change/", form)
    fresh = submit_form(desk, f"clinics/doctor/{doctor.pk}/change/", hours_form(desk, doctor, opens="08:15"))

    assert "Someone else has changed these hours." in page
    assert parse_form(page)["working_hours-0-opens"] == "08:15"
    assert "Someone else has changed these hours." not in fresh
    assert WorkingHours.objects.count() == 1


def test_other_changes_are_saved_if_the_hours_were_changed_meanwhile(
    desk: ClinicClient, doctor: Doctor
) -> None:
    form = get_form(desk, f"clinics/doctor/{doctor.pk}/change/") | {
        "day_limit": "8",
        "week_limit_minutes": "600",
        # A browser sends an empty weekday for a row that is not filled in.
        "working_hours-0-weekday": "",
    }
    set_exception(doctor=doctor, day=date(2030, 1, 1), intervals=[], now=clock_now())

    submit_form(desk, f"clinics/doctor/{doctor.pk}/change/", form)

    stored = Doctor.objects.get(pk=doctor.pk)
    assert (stored.day_limit, stored.day_limit_minutes, stored.week_limit, stored.week_limit_minutes) == (
        8, None, None, 600,
    )  # fmt: skip


def test_the_places_of_a_week_have_a_constant_number_of_queries(desk: ClinicClient, doctor: Doctor) -> None:
    counts, place = [], make_place()
    for weekday in range(3):
        WorkingHours.objects.create(
            doctor=doctor, weekday=weekday, opens=540, closes=720, slot_minutes=30, place=place
        )
        counts.append(len(queries_of(lambda: desk.get(f"/admin/clinics/doctor/{doctor.pk}/change/"))))

    assert counts[1] == counts[2]


def test_an_exception_to_working_hours_can_have_a_place(desk: ClinicClient, doctor: Doctor) -> None:
    place = make_place()
    form = {"doctor": str(doctor.pk), "day": "2030-12-24", "slot_minutes": "15", "place": str(place.pk)}
    form |= {"intervals-TOTAL_FORMS": "0", "intervals-INITIAL_FORMS": "0"}

    submit_form(desk, "scheduling/datedexception/add/", form)

    assert DatedException.objects.get().place == place


# Display


def test_time_off_is_shown_in_words(desk: ClinicClient, doctor: Doctor, day: date) -> None:
    submit_form(desk, ADD, off_form(doctor, day, opens="12:00", closes="13:00", weekdays=["0", "2"]))
    stored = TimeOff.objects.get()

    page = desk.get(f"/admin/scheduling/timeoff/{stored.pk}/change/").content.decode()
    confirmation_page = desk.get(f"/admin/scheduling/timeoff/{stored.pk}/delete/").content.decode()
    listed = desk.get("/admin/scheduling/timeoff/").content.decode()

    assert "12:00 pm to 1:00 pm, Monday, Wednesday" in page
    assert "720" not in page
    assert "<h1>Remove time off</h1>" in confirmation_page
    assert "The whole clinic" not in listed  # no time off of the whole clinic yet
    submit_form(desk, ADD, off_form(None, day))
    assert "the whole clinic</a>" in desk.get("/admin/scheduling/timeoff/").content.decode()


def test_new_places_and_exceptions_start_with_the_clinics_defaults(desk: ClinicClient) -> None:
    ClinicSettings.objects.update(slot_minutes=25)

    place, exception = (
        get_form(desk, "scheduling/place/add/"),
        get_form(desk, "scheduling/datedexception/add/"),
    )

    assert (place["time_zone"], exception["slot_minutes"]) == ("Europe/London", "25")
