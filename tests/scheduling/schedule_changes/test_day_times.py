"""The days of a schedule, and how many times unsaved hours would give on each of them."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from clinics.models import ClinicSettings, Doctor
from scheduling.clock.planning import Hours
from scheduling.hours.day_times import times_by_day
from scheduling.hours.import_file import import_week
from scheduling.hours.nhs_file import ImportedWeek, read_hours
from scheduling.hours.services import set_exception, set_working_hours
from scheduling.models import HolidayChoice, Slot, WorkingHours
from scheduling.time_off.give import give_time_off
from tenants.accounts.models import User
from tenants.base.clock import local_time
from tenants.current import current_clinic
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient
from tests.factories.people import make_doctor, make_receptionist
from tests.factories.queries import queries_of
from tests.factories.time_off import time_off_spec
from tests.factories.visit_types import make_place
from tests.profiles import sample
from tests.scheduling.nhs_data import FILE, needs_nhs_file

DAYS, PREVIEW = "/api/portal/hours/days/", "/api/portal/hours/preview-times/"
AsUser = Callable[[User | None], ClinicClient]
SUNDAY = 6


@pytest.fixture
def now() -> datetime:
    """Monday 2 March 2026, 08:00 in London."""
    return datetime(2026, 3, 2, 8, tzinfo=UTC)


def interval(weekday: int, opens: str, closes: str, **fields: Any) -> dict[str, Any]:
    return {"weekday": weekday, "opens": opens, "closes": closes, "slot_minutes": 30} | fields


def preview(client: ClinicClient, **body: Any) -> dict[str, tuple[int, int]]:
    """Return the numbers of times before and after, by date, of the days that have any."""
    response = client.post(PREVIEW, body)
    assert response.status_code == 200, response.json()
    data = response.json()["data"]
    counts = {row["day"]["date"]: (row["before"], row["day"]["times"]) for row in data["days"]}
    assert (data["before"], data["after"]) == tuple(map(sum, zip(*counts.values(), strict=True)))
    return {day: numbers for day, numbers in counts.items() if any(numbers)}


def day_of(client: ClinicClient, day: str, query: str = "") -> dict[str, Any]:
    response = client.get(f"{DAYS}?from={day}&to={day}{query}")
    assert response.status_code == 200, response.json()
    found: dict[str, Any] = response.json()["data"]["days"][0]
    return found


def test_unsaved_hours_show_the_times_of_two_weeks_and_change_nothing(
    clinic: Clinic, as_user: AsUser, now: datetime
) -> None:
    doctor = make_doctor()
    set_working_hours(doctor=doctor, week=[Hours(0, 540, 1080, 30)], now=now)
    version = doctor.schedule_version

    counts = preview(
        as_user(doctor.user), hours=[interval(0, "09:00", "12:00"), interval(1, "14:00", "15:00")]
    )

    # Of today's times, those before 08:00 would be past.
    assert counts == {
        "2026-03-02": (18, 6), "2026-03-03": (0, 2), "2026-03-09": (18, 6), "2026-03-10": (0, 2),
    }  # fmt: skip
    doctor.refresh_from_db()
    assert doctor.schedule_version == version
    assert list(WorkingHours.objects.values_list("opens", "closes")) == [(540, 1080)]
    assert not Slot.objects.exists()


def test_hours_of_alternating_weeks_give_times_in_every_other_week(
    clinic: Clinic, as_user: AsUser, now: datetime
) -> None:
    doctor = make_doctor()
    week = [interval(2, "09:00", "10:00", weeks="A"), interval(3, "09:00", "11:00", weeks="B")]

    counts = preview(as_user(doctor.user), hours=week)

    # 2 March 2026 is 113 weeks after the A week of 1 January 2024.
    assert counts == {"2026-03-05": (0, 4), "2026-03-11": (0, 2)}
    assert [day_of(as_user(doctor.user), day)["week"] for day in ("2026-03-08", "2026-03-09")] == ["B", "A"]


@pytest.mark.parametrize(
    ("first", "day", "change"),
    [("2026-03-23", "2026-03-29", (60, 10)), ("2026-10-19", "2026-10-25", (-60, 14))],
    ids=["forward", "back"],
)
def test_a_clock_change_is_flagged_and_its_hour_is_counted(
    clinic: Clinic, as_user: AsUser, first: str, day: str, change: tuple[int, int]
) -> None:
    doctor, (minutes, times) = make_doctor(), change
    # Six hours, across the hour that is skipped in spring and repeated in autumn.
    response = as_user(doctor.user).post(
        PREVIEW, {"from": first, "hours": [interval(SUNDAY, "00:30", "06:30")]}
    )

    rows = {row["day"]["date"]: row["day"] for row in response.json()["data"]["days"]}
    flagged = {day: row["clock_changes"] for day, row in rows.items() if row["clock_changes"]}
    assert flagged == {day: [{"tz_label": "London time", "minutes": minutes}]}
    assert rows[day]["times"] == times
    after = (date.fromisoformat(day) + timedelta(days=7)).isoformat()
    assert rows.get(after, {"times": 12})["times"] == 12


def test_single_dates_can_be_previewed_with_the_stored_week(
    clinic: Clinic, as_user: AsUser, now: datetime
) -> None:
    doctor = make_doctor()
    set_working_hours(doctor=doctor, week=[Hours(0, 540, 1080, 30)], now=now)
    set_exception(doctor=doctor, day=date(2026, 3, 9), intervals=[], now=now)

    counts = preview(
        as_user(doctor.user),
        exceptions=[
            {"date": "2026-03-02", "intervals": [["09:00", "10:00"]]},
            {"date": "2026-03-09", "intervals": None},
        ],
    )

    assert counts == {"2026-03-02": (18, 2), "2026-03-09": (0, 18)}


@pytest.mark.parametrize(
    "body",
    [
        {"hours": [interval(0, "09:00", "12:00"), interval(0, "11:00", "13:00")]},
        {"hours": [interval(0, "12:00", "09:00")]},
        {"exceptions": [{"date": "2026-03-02", "intervals": [["09:00", "12:00"], ["11:00", "13:00"]]}]},
        {"from": "tomorrow"},
    ],
)
def test_invalid_hours_cannot_be_previewed(
    clinic: Clinic, as_user: AsUser, now: datetime, body: dict[str, Any]
) -> None:
    response = as_user(make_doctor().user).post(PREVIEW, body)

    assert (response.status_code, response.json()["code"]) == (400, "invalid")


def test_a_day_shows_its_hours_holiday_exception_and_time_off(
    clinic: Clinic, as_user: AsUser, admin: User, now: datetime
) -> None:
    doctor, place = make_doctor(), make_place(name="North", time_zone="Europe/Paris")
    set_working_hours(doctor=doctor, week=[Hours(0, 540, 600, 30), Hours(2, 540, 600, 30)], now=now)
    set_exception(doctor=doctor, day=date(2026, 3, 3), intervals=[(600, 660)], place=place.pk, now=now)
    HolidayChoice.objects.create(day=date(2026, 3, 4), is_open=False, name="Founders day")
    spec = time_off_spec("2026-03-09", opens="09:00", closes="09:30")
    time_off = give_time_off(doctor=doctor, spec=spec, note="Staff meeting", by=admin, now=now).time_off
    client = as_user(doctor.user)

    assert day_of(client, "2026-03-03")["is_exception"]
    assert day_of(client, "2026-03-03")["hours"] == [
        {"opens": "10:00", "closes": "11:00", "slot_minutes": 30, "place": str(place.pk)}
    ]
    assert day_of(client, "2026-03-04") == {
        "date": "2026-03-04", "week": "B", "hours": [], "times": 0, "is_exception": False,
        "holiday": "Founders day", "time_off": [], "clock_changes": [],
    }  # fmt: skip
    leave = day_of(client, "2026-03-09")
    assert (leave["times"], [row["id"] for row in leave["time_off"]]) == (1, [str(time_off.pk)])
    assert [row["note"] for row in leave["time_off"]] == ["Staff meeting"]
    places = client.get(DAYS).json()["data"]["places"]
    assert [row["name"] for row in places] == ["North"]


def test_the_number_of_queries_does_not_depend_on_the_days(
    clinic: Clinic, as_user: AsUser, now: datetime
) -> None:
    doctor = make_doctor()
    client = as_user(doctor.user)
    counts = []
    for day in (3, 4, 5):
        set_working_hours(doctor=doctor, week=[Hours(day, 540, 1080, 30)], now=now)
        set_exception(doctor=doctor, day=date(2026, 3, day), intervals=[(540, 600)], now=now)
        body = {"hours": [interval(each, "09:00", "12:00") for each in range(day)]}
        counts.append(len(queries_of(partial(client.post, PREVIEW, body))))

    assert counts[1] == counts[2]


def test_receptionists_read_the_schedule_of_every_doctor_and_change_none(
    clinic: Clinic, as_user: AsUser, now: datetime
) -> None:
    doctor = make_doctor()
    set_working_hours(doctor=doctor, week=[Hours(0, 540, 600, 30)], now=now)
    desk, query = as_user(make_receptionist()), f"?doctor={doctor.pk}"

    for path in ("working-hours/", "exceptions/", "time-off/"):
        assert desk.get(f"/api/appointments/{path}{query}").status_code == 200
    assert day_of(desk, "2026-03-02", f"&doctor={doctor.pk}")["times"] == 2
    assert desk.get(DAYS).status_code == 400
    assert desk.put(f"/api/appointments/working-hours/{query}", []).status_code == 403
    assert desk.post(f"{PREVIEW}{query}", {}).status_code == 403
    assert WorkingHours.objects.count() == 1


@needs_nhs_file
def test_real_opening_hours_give_as_many_times_as_slots_are_generated(clinic: Clinic) -> None:
    """Compares the counts of services of the NHS with their slots, across the clock change of March 2016."""
    now = datetime(2016, 3, 7, 8, tzinfo=UTC)
    ClinicSettings.objects.update(horizon_days=28)
    first, last = now.date(), now.date() + timedelta(days=28)
    compared = 0
    for week in sample(list(read_hours(FILE.read_bytes())), quick=12):
        assert isinstance(week, ImportedWeek)
        import_week(week=week, slot_minutes=45, now=now)
        doctor = Doctor.objects.latest("created_at")
        starts = Slot.objects.filter(doctor=doctor).values_list("starts_at", flat=True)

        generated = Counter(local_time(start, current_clinic().zone).on for start in starts)

        assert times_by_day(doctor, first=first, last=last, now=now) == generated, week.name
        compared += generated.total()
    assert compared > 1000
