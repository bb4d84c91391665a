"""Working hours and exceptions: validation, replacement and the request to regenerate slots."""

from datetime import date, datetime

import pytest

from clinics.models import Doctor
from scheduling.clock.planning import Hours
from scheduling.hours.services import remove_exception, set_exception, set_working_hours
from scheduling.models import DatedException, WorkingHours
from tenants.base.errors import InvalidInput, NotFound
from tenants.models import Clinic
from tests.factories.queue import queued_job_kinds

NINE, NOON, MIDNIGHT = 9 * 60, 12 * 60, 24 * 60
DAY = date(2026, 3, 9)


def stored(doctor: Doctor) -> list[tuple[int, int, int]]:
    return list(WorkingHours.objects.filter(doctor=doctor).values_list("weekday", "opens", "closes"))


def queued_kinds(doctor: Doctor) -> list[str]:
    return queued_job_kinds(row_id=doctor.pk)


def test_a_new_week_replaces_the_old_one_and_requests_slots(
    clinic: Clinic, doctor: Doctor, now: datetime
) -> None:
    set_working_hours(doctor=doctor, week=[Hours(0, NINE, NOON, 30)], now=now)
    set_working_hours(doctor=doctor, week=[Hours(1, NINE, NOON, 30), Hours(1, NOON, MIDNIGHT, 20)], now=now)

    assert stored(doctor) == [(1, NINE, NOON), (1, NOON, MIDNIGHT)]
    assert queued_kinds(doctor) == ["doctor_hours", "doctor_hours"]


@pytest.mark.parametrize(
    "week",
    [
        [Hours(0, NINE, NOON, 30), Hours(0, NOON - 1, NOON + 60, 30)],
        [Hours(0, 22 * 60, 6 * 60, 30)],
        [Hours(0, NINE, NINE, 30)],
        [Hours(0, NINE, MIDNIGHT + 1, 30)],
        [Hours(0, NINE, NOON, 4)],
        [Hours(0, NINE, NOON, 481)],
        [Hours(0, NINE, NOON, 30, valid_from=date(2026, 3, 2), valid_until=date(2026, 3, 1))],
    ],
    ids=["overlapping", "overnight", "empty", "past midnight", "too short", "too long", "never valid"],
)
def test_an_invalid_week_is_refused_and_the_old_one_stays(
    clinic: Clinic, doctor: Doctor, now: datetime, week: list[Hours]
) -> None:
    set_working_hours(doctor=doctor, week=[Hours(4, NINE, NOON, 30)], now=now)

    with pytest.raises(InvalidInput) as refused:
        set_working_hours(doctor=doctor, week=week, now=now)

    assert list(refused.value.errors) == ["hours"]
    assert stored(doctor) == [(4, NINE, NOON)]


def test_hours_may_overlap_in_time_of_day_if_no_date_has_both(
    clinic: Clinic, doctor: Doctor, now: datetime
) -> None:
    until, since = date(2026, 3, 31), date(2026, 4, 1)
    week = [Hours(0, NINE, NOON, 30, valid_until=until), Hours(0, NINE, NOON, 20, valid_from=since)]

    set_working_hours(doctor=doctor, week=week, now=now)

    assert stored(doctor) == [(0, NINE, NOON), (0, NINE, NOON)]
    with pytest.raises(InvalidInput):
        set_working_hours(doctor=doctor, week=[week[0], Hours(0, NINE, NOON, 20, valid_from=until)], now=now)


def test_an_exception_replaces_an_earlier_one_for_the_same_day(
    clinic: Clinic, doctor: Doctor, now: datetime
) -> None:
    set_exception(doctor=doctor, day=DAY, intervals=[(NINE, NOON)], now=now)
    set_exception(doctor=doctor, day=DAY, intervals=[(NOON, MIDNIGHT), (NINE, NINE + 30)], now=now)

    exception = DatedException.objects.get()
    assert [(each.opens, each.closes) for each in exception.intervals.all()] == [
        (NINE, NINE + 30),
        (NOON, MIDNIGHT),
    ]
    assert queued_kinds(doctor) == ["doctor_hours", "doctor_hours"]


@pytest.mark.parametrize(
    ("week", "minutes"),
    [
        ([], 30),
        ([Hours(0, NINE, NOON, 20), Hours(0, NOON, MIDNIGHT, 45), Hours(1, NINE, NOON, 15)], 20),
        ([Hours(1, NINE, NOON, 15)], 15),
    ],
    ids=["the clinic's", "the weekday's", "another day's"],
)
def test_the_default_slot_length_of_an_exception(
    clinic: Clinic, doctor: Doctor, now: datetime, week: list[Hours], minutes: int
) -> None:
    set_working_hours(doctor=doctor, week=week, now=now)

    exception = set_exception(doctor=doctor, day=DAY, intervals=[(NINE, NOON)], now=now)

    assert exception.slot_minutes == minutes


@pytest.mark.parametrize(
    "intervals", [[(NINE, NOON), (NOON - 1, MIDNIGHT)], [(22 * 60, 6 * 60)], [(NINE, MIDNIGHT + 1)]]
)
def test_an_invalid_exception_is_refused(
    clinic: Clinic, doctor: Doctor, now: datetime, intervals: list[tuple[int, int]]
) -> None:
    with pytest.raises(InvalidInput) as refused:
        set_exception(doctor=doctor, day=DAY, intervals=intervals, now=now)

    assert list(refused.value.errors) == ["intervals"]
    assert DatedException.objects.count() == 0


def test_an_exception_can_be_removed_once(clinic: Clinic, doctor: Doctor, now: datetime) -> None:
    set_exception(doctor=doctor, day=DAY, intervals=[], now=now)

    remove_exception(doctor=doctor, day=DAY, now=now)

    assert DatedException.objects.count() == 0
    assert queued_kinds(doctor) == ["doctor_hours", "doctor_hours"]
    with pytest.raises(NotFound):
        remove_exception(doctor=doctor, day=DAY, now=now)
