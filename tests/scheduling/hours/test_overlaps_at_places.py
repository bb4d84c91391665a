"""Hours at places in different time zones are compared in real time, and never dropped silently."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import structlog
import time_machine
from django.core.management import call_command

from clinics.models import Doctor, Patient
from scheduling.clock.overlaps import check_real_time
from scheduling.clock.planning import Hours, HoursRefused, Weeks
from scheduling.hours.services import remove_exception, set_exception, set_working_hours
from scheduling.hours.slot_generator import generate_slots
from scheduling.models import Place, Slot, WorkingHours
from scheduling.tasks import regenerate_doctor_slots
from scheduling.time_off.give import give_time_off
from tenants.accounts.models import User
from tenants.base.errors import InvalidInput
from tenants.current import current_clinic
from tenants.models import Clinic
from tests.factories.admin_pages import get_form, get_page, submit_form
from tests.factories.clinic_client import ClinicClient
from tests.factories.schedule import make_booking
from tests.factories.time_off import local_time_text, slot_at, time_off_spec
from tests.factories.visit_types import make_place

LONDON, NEW_YORK = ZoneInfo("Europe/London"), ZoneInfo("America/New_York")
MORNING, AFTERNOON = (540, 720), (840, 1020)
HOURS_PATH = "/api/appointments/working-hours/"


@pytest.fixture
def now() -> datetime:
    """Monday 1 June 2026, 09:00 in London."""
    return datetime(2026, 6, 1, 8, tzinfo=UTC)


@pytest.fixture
def new_york(clinic: Clinic) -> Place:
    """A place five hours behind London."""
    return make_place("America/New_York")


def interval(opens: str, closes: str, place: Place | None = None, **fields: Any) -> dict[str, Any]:
    """An interval of Mondays as the API takes it."""
    place_id = str(place.pk) if place else None
    return {"weekday": 0, "opens": opens, "closes": closes, "slot_minutes": 60, "place": place_id, **fields}


def week(*hours: tuple[int, int, Place | None]) -> list[Hours]:
    return [Hours(0, opens, closes, 60, place=place.pk if place else None) for opens, closes, place in hours]


def refusal(*hours: Hours, first: date = date(2026, 6, 1)) -> str | None:
    try:
        check_real_time(hours=hours, zone=LONDON, first=first)
    except HoursRefused as error:
        return str(error)
    return None


def test_the_same_local_hours_in_two_time_zones_are_accepted_and_all_offered(
    doctor: Doctor, new_york: Place, as_user: Callable[..., ClinicClient], now: datetime
) -> None:
    """I25."""
    hours = [interval("09:00", "12:00"), interval("09:00", "12:00", new_york)]

    response = as_user(doctor.user).put(HOURS_PATH, hours)
    generate_slots(doctor=doctor, now=now, last=date(2026, 6, 8))

    assert response.status_code == 200
    starts = Slot.objects.filter(starts_at__date=date(2026, 6, 8)).order_by("starts_at")
    assert [f"{slot.starts_at:%H}" for slot in starts] == ["08", "09", "10", "13", "14", "15"]


def test_hours_at_the_same_real_time_are_refused_with_the_day_by_the_api(
    doctor: Doctor, new_york: Place, as_user: Callable[..., ClinicClient]
) -> None:
    """I25b."""
    hours = [interval("14:00", "17:00"), interval("09:00", "12:00", new_york)]

    response = as_user(doctor.user).put(HOURS_PATH, hours)

    assert response.status_code == 400
    assert response.json()["errors"] == {
        "hours": [
            "On Monday 1 June 2026, 14:00-17:00 (Europe/London) and 09:00-12:00 (America/New_York) overlap. "
            "Change one of them."
        ]
    }
    assert not WorkingHours.objects.exists()


def test_hours_at_the_same_real_time_are_refused_with_the_day_by_the_admin(
    doctor: Doctor, new_york: Place, desk: ClinicClient
) -> None:
    path = f"clinics/doctor/{doctor.pk}/change/"
    rows = [("14:00", "17:00", ""), ("09:00", "12:00", str(new_york.pk))]
    data = get_form(desk, path) | {"working_hours-TOTAL_FORMS": "2"}
    for number, (opens, closes, place) in enumerate(rows):
        fields = {"weekday": "0", "opens": opens, "closes": closes, "slot_minutes": "30", "weeks": "0"}
        data |= {f"working_hours-{number}-{name}": value for name, value in fields.items()}
        data |= {f"working_hours-{number}-place": place}

    page = submit_form(desk, path, data)

    assert "14:00-17:00 (Europe/London) and 09:00-12:00 (America/New_York) overlap." in page
    assert not WorkingHours.objects.exists()


def test_hours_that_overlap_only_between_two_clock_changes_are_refused_with_that_day() -> None:
    # 13:00 in London is 08:00 in New York, but 09:00 between 8 and 29 March and in the last week of October.
    london, new_york = Hours(0, 720, 840, 60), Hours(0, 540, 600, 60, zone=NEW_YORK)

    assert refusal(london, new_york) == (
        "On 2026-10-26, 12:00-14:00 (Europe/London) and 09:00-10:00 (America/New_York) overlap. "
        "Change one of them."
    )
    until_october: dict[str, Any] = {"valid_until": date(2026, 10, 25)}
    assert refusal(Hours(0, 720, 840, 60, **until_october), new_york) is None
    # The last week of October is a B week in 2026, and an A week in 2027.
    assert "2027-11-01" in str(
        refusal(Hours(0, 720, 840, 60, weeks=Weeks.A), new_york, first=date(2027, 4, 1))
    )


def test_hours_that_become_valid_in_the_far_future_are_compared_too() -> None:
    from_2040: dict[str, Any] = {"valid_from": date(2040, 1, 1)}

    assert "2040-01-02" in str(
        refusal(Hours(0, *AFTERNOON, 60, **from_2040), Hours(0, *MORNING, 60, zone=NEW_YORK, **from_2040))
    )


def test_the_last_evening_of_a_place_is_compared_with_the_next_morning_of_the_clinic() -> None:
    los_angeles = ZoneInfo("America/Los_Angeles")

    assert "2026-06-02" in str(refusal(Hours(0, 960, 1200, 60, zone=los_angeles), Hours(1, 0, 180, 60)))
    assert refusal(Hours(0, 960, 1200, 60, zone=los_angeles), Hours(1, 240, 300, 60)) is None


def test_a_dated_exception_that_overlaps_hours_elsewhere_is_refused_with_the_day(
    doctor: Doctor, new_york: Place, now: datetime
) -> None:
    set_working_hours(doctor=doctor, week=[Hours(1, 0, 180, 60)], now=now)  # Tuesdays, 00:00 to 03:00

    with pytest.raises(InvalidInput) as refused:
        set_exception(
            doctor=doctor, day=date(2026, 6, 8), intervals=[(1200, 1320)], place=new_york.pk, now=now
        )

    assert list(refused.value.errors) == ["intervals"]
    assert "On Tuesday 9 June 2026, 00:00-03:00 (Europe/London) and 20:00-22:00 (America/New_York)" in str(
        refused.value.errors["intervals"]
    )
    set_exception(doctor=doctor, day=date(2026, 6, 9), intervals=[], now=now)
    set_exception(doctor=doctor, day=date(2026, 6, 8), intervals=[(1200, 1320)], place=new_york.pk, now=now)
    with pytest.raises(InvalidInput) as refused:
        remove_exception(doctor=doctor, day=date(2026, 6, 9), now=now)
    assert list(refused.value.errors) == ["date"]


def test_a_new_week_that_overlaps_a_coming_exception_elsewhere_is_refused(
    doctor: Doctor, new_york: Place, now: datetime
) -> None:
    evening: dict[str, Any] = {"intervals": [(1200, 1320)], "place": new_york.pk, "slot_minutes": 60}
    set_exception(doctor=doctor, day=date(2026, 6, 8), now=now, **evening)

    with pytest.raises(InvalidInput, match="invalid"):
        set_working_hours(doctor=doctor, week=[Hours(1, 0, 180, 60)], now=now)
    set_working_hours(doctor=doctor, week=[Hours(1, 240, 300, 60)], now=now)


def test_hours_that_come_to_overlap_are_reported_by_the_generator_and_on_the_doctors_page(
    doctor: Doctor, new_york: Place, desk: ClinicClient, now: datetime
) -> None:
    set_working_hours(doctor=doctor, week=week((*MORNING, None), (*MORNING, new_york)), now=now)
    Place.objects.filter(pk=new_york.pk).update(time_zone="Europe/Paris")

    with structlog.testing.capture_logs() as logs:
        regenerate_doctor_slots(doctor.pk, now)
    page = get_page(desk, f"clinics/doctor/{doctor.pk}/change/")

    events = [entry["event"] for entry in logs]
    assert "hours_overlap" in events
    assert "09:00-12:00 (Europe/Paris) and 09:00-12:00 (Europe/London) overlap." in page


# Hours in any order.

DAY = "2026-06-08"
IN_ANY_ORDER = [interval("14:00", "18:00"), interval("09:00", "12:00"), interval("12:00", "13:00")]


def day_starts(doctor: Doctor, now: datetime) -> list[str]:
    generate_slots(doctor=doctor, now=now, last=date.fromisoformat(DAY))
    slots = Slot.objects.filter(doctor=doctor).order_by("starts_at")
    texts = [local_time_text(slot.starts_at) for slot in slots]
    return [text.removeprefix(f"{DAY} ") for text in texts if text.startswith(DAY)]


def test_the_order_of_intervals_does_not_matter_and_touching_ones_join(
    doctor: Doctor, as_user: Callable[..., ClinicClient], now: datetime
) -> None:
    """BC25."""
    client = as_user(doctor.user)

    assert client.put(HOURS_PATH, IN_ANY_ORDER).status_code == 200
    weekly = day_starts(doctor, now)
    body = {"date": DAY, "intervals": [["14:00", "18:00"], ["09:00", "12:00"], ["12:00", "13:00"]]}
    assert client.put("/api/appointments/exceptions/", body).status_code == 200

    assert weekly == [f"{hour:02}:00" for hour in (9, 10, 11, 12, 14, 15, 16, 17)]
    assert day_starts(doctor, now) == weekly


@pytest.mark.parametrize(
    ("hours", "message"),
    [
        ([interval("09:00", "12:00")] * 2, "Monday: 09:00-12:00 and 09:00-12:00 overlap."),
        (
            [interval("11:00", "13:00"), interval("09:00", "12:00")],
            "Monday: 09:00-12:00 and 11:00-13:00 overlap.",
        ),
        ([interval("18:00", "02:00")], "Monday: The end (02:00) must be after the start (18:00)."),
    ],
)
def test_equal_and_overlapping_intervals_and_those_past_midnight_are_refused_with_the_day(
    doctor: Doctor, as_user: Callable[..., ClinicClient], hours: list[dict[str, Any]], message: str
) -> None:
    """BC25."""
    response = as_user(doctor.user).put(HOURS_PATH, hours)

    assert response.status_code == 400
    assert response.json()["errors"]["hours"][0].startswith(message)
    assert not WorkingHours.objects.exists()


def test_the_admin_takes_intervals_in_any_order(
    doctor: Doctor, desk: ClinicClient, at_now: datetime, now: datetime
) -> None:
    """BC25."""
    path = f"clinics/doctor/{doctor.pk}/change/"
    data = get_form(desk, path) | {"working_hours-TOTAL_FORMS": str(len(IN_ANY_ORDER))}
    for number, row in enumerate(IN_ANY_ORDER):
        fields = {**row, "place": "", "weeks": "0"}
        data |= {f"working_hours-{number}-{name}": str(value) for name, value in fields.items()}
    exception = get_form(desk, "scheduling/datedexception/add/") | {
        "doctor": str(doctor.pk), "day": "2026-06-15", "slot_minutes": "60",
        "intervals-TOTAL_FORMS": "3", "intervals-INITIAL_FORMS": "0",
    }  # fmt: skip
    for number, row in enumerate(IN_ANY_ORDER):
        exception |= {f"intervals-{number}-{name}": row[name] for name in ("opens", "closes")}

    submit_form(desk, path, data)
    submit_form(desk, "scheduling/datedexception/add/", exception)

    assert WorkingHours.objects.filter(doctor=doctor).count() == 3
    generate_slots(doctor=doctor, now=now, last=date(2026, 6, 15))
    for day in ("2026-06-08", "2026-06-15"):
        starts = Slot.objects.filter(doctor=doctor, starts_at__date=day).order_by("starts_at")
        assert [f"{slot.starts_at.astimezone(LONDON):%H}" for slot in starts] == [
            f"{hour:02}" for hour in (9, 10, 11, 12, 14, 15, 16, 17)
        ]


@pytest.mark.parametrize(
    ("intervals", "message"),
    [
        ([["09:00", "12:00"], ["09:00", "12:00"]], "09:00-12:00 and 09:00-12:00 overlap."),
        ([["11:00", "13:00"], ["09:00", "12:00"]], "09:00-12:00 and 11:00-13:00 overlap."),
        ([["18:00", "02:00"]], "The end (02:00) must be after the start (18:00)."),
    ],
)
def test_equal_and_overlapping_intervals_of_one_date_and_those_past_midnight_are_refused(
    doctor: Doctor, as_user: Callable[..., ClinicClient], intervals: list[list[str]], message: str
) -> None:
    """BC25."""
    body = {"date": DAY, "intervals": intervals}

    response = as_user(doctor.user).put("/api/appointments/exceptions/", body)

    assert response.status_code == 400
    assert message in response.json()["errors"]["intervals"][0]


def test_the_import_takes_intervals_in_any_order_and_refuses_those_that_overlap(
    clinic: Clinic, tmp_path: Any
) -> None:
    """BC25."""
    days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

    def record(name: str, monday: list[list[str]]) -> dict[str, Any]:
        weekly = {day: monday if day == "monday" else [] for day in days}
        place = {"organisation": "Practice", "town": "Leeds", "postcode": "LS1", "timezone": "Europe/London"}
        return {"id": name, **place, "weekly": weekly, "dated": {}}

    good = record("A1", [["14:00", "18:00"], ["09:00", "12:00"], ["12:00", "13:00"]])
    bad = record("A2", [["09:00", "12:00"], ["11:00", "13:00"]])
    file = tmp_path / "hours.json"
    file.write_text(json.dumps([good, bad]))
    output, errors = StringIO(), StringIO()

    try:
        call_command("import_hours", str(file), "--clinic", clinic.slug, stdout=output, stderr=errors)
    except Exception as error:
        errors.write(str(error))

    imported = Doctor.objects.get(name__contains="A1")
    assert WorkingHours.objects.filter(doctor=imported).count() == 3
    assert not Doctor.objects.filter(name__contains="A2").exists()
    assert "overlap" in output.getvalue() + errors.getvalue()


# The last day counts.


@pytest.mark.parametrize(
    ("first", "last"),
    [("2027-01-25", "2027-01-25"), ("2027-01-25", "2027-02-07"), ("2027-01-11", "2027-01-25")],
)
def test_the_last_day_of_hours_and_of_a_repeating_absence_counts_in_every_window(
    doctor: Doctor, patient: Patient, admin: User, first: str, last: str
) -> None:
    """BC23."""

    now, until = datetime(2027, 1, 10, tzinfo=UTC), date(2027, 1, 25)
    hours = Hours(0, 540, 1020, 60, valid_until=until)
    set_working_hours(doctor=doctor, week=[hours], now=now)
    spec = time_off_spec("2027-01-11", "2027-01-25", "09:00", "12:00", frozenset([0]))
    give_time_off(doctor=doctor, spec=spec, by=admin, now=now)
    generate_slots(doctor=doctor, now=now)

    with time_machine.travel(now, tick=False):
        path = f"/api/appointments/available/?doctor={doctor.pk}&from={first}&to={last}&page_size=100"
        listed = ClinicClient(current_clinic()).get(path).json()["data"]["results"]
        booking = make_booking(slot_at(doctor, "2027-01-25 16:00"), patient, now=now)

    times = [slot["local_time"] for slot in listed if slot["local_date"] == "2027-01-25"]
    assert times == ["12:00", "13:00", "14:00", "15:00", "16:00"]
    assert booking.starts_at == datetime(2027, 1, 25, 16, tzinfo=UTC)
    assert not Slot.objects.filter(starts_at__gt=booking.starts_at + timedelta(hours=1)).exists()
    assert all(slot["local_date"] <= "2027-01-25" for slot in listed)
