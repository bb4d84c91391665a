"""`appointments/explain/`: the rules that close a time, as explained to the public and to staff."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from clinics.models import ClinicSettings, Doctor, Patient
from scheduling.bookings.book import book_slot
from scheduling.bookings.hold import hold_slot
from scheduling.clock.clock_changes import instants_at
from scheduling.hours.services import set_exception
from scheduling.hours.slot_generator import generate_slots
from scheduling.models import HolidayChoice, Room, Slot, TimeOff, VisitType
from scheduling.slots.services import change_slot, withdraw_slot
from tenants.accounts.models import User
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import make_doctor, make_patient, make_receptionist, user_of
from tests.factories.schedule import make_booking, make_hours, make_slot

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
Ask = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def working_doctor(doctor: Doctor, now: datetime) -> Doctor:
    """A doctor who works on Tuesdays from nine to noon, with slots of half an hour."""
    make_hours(doctor, (1, "09:00", "12:00"), now=now)
    generate_slots(doctor=doctor, now=now)
    return doctor


@pytest.fixture
def ask(working_doctor: Doctor, as_user: Callable[..., ClinicClient]) -> Ask:
    """Return a function that asks the API to explain a time of the doctor."""

    def explained_times(
        at: str, user: User | None = None, visit: VisitType | None = None
    ) -> list[dict[str, Any]]:
        query = {"doctor": str(working_doctor.pk), "at": at} | (
            {"visit_type": str(visit.pk)} if visit else {}
        )
        times = data_of(as_user(user).get("/api/appointments/explain/", query))["times"]
        assert isinstance(times, list)
        return times

    return explained_times


def rules(times: list[dict[str, Any]]) -> list[str]:
    (time,) = times
    assert time["open"] is (time["rules"] == [])
    return [rule["rule"] for rule in time["rules"]]


def slot_at(doctor: Doctor, clock: str) -> Slot:
    return Slot.objects.live().get(doctor=doctor, starts_at=datetime.fromisoformat(f"2026-03-03T{clock}Z"))


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-03-03T08:59", ["outside_hours"]),
        ("2026-03-03T09:00", []),
        ("2026-03-03T09:00:00Z", []),
        ("2026-03-03T10:00:00+01:00", []),
        ("2026-03-03T09:15", ["no_slot"]),
        ("2026-03-03T11:30", []),
        ("2026-03-03T12:00", ["outside_hours"]),
        ("2026-03-04T09:00", ["outside_hours"]),
        ("2026-02-24T09:00", ["started"]),
        ("2026-06-02T09:00", ["window"]),
    ],
)
def test_working_hours_slot_starts_and_the_booking_window_are_explained(
    ask: Ask, at: str, expected: list[str]
) -> None:
    assert rules(ask(at)) == expected


def test_messages_contain_the_hours_of_the_day_and_the_nearest_slots(ask: Ask) -> None:
    messages = [
        ask(at)[0]["rules"][0]["words"] for at in ("2026-03-03T13:00", "2026-03-04T13:00", "2026-03-03T09:15")
    ]

    assert messages == [
        "This is outside the doctor's hours. On Tuesday 3 March 2026 they are 09:00-12:00.",
        "The doctor does not work on Wednesday 4 March 2026.",
        "No appointment starts at this time. The nearest on that day start at 09:00 and 09:30.",
    ]


def test_exceptions_holidays_and_time_off_are_explained(
    ask: Ask, working_doctor: Doctor, now: datetime
) -> None:
    HolidayChoice.objects.create(day="2026-03-10", is_open=False, name="Founders' day")
    set_exception(doctor=working_doctor, day=date(2026, 3, 17), intervals=[], now=now)
    set_exception(doctor=working_doctor, day=date(2026, 3, 24), intervals=[(600, 660)], now=now)
    TimeOff.objects.create(
        doctor=working_doctor,
        first_on="2026-03-03",
        last_on="2026-03-03",
        opens=570,
        closes=600,
        note="Dentist",
    )
    TimeOff.objects.create(first_on="2026-03-31", last_on="2026-03-31")
    generate_slots(doctor=working_doctor, now=now)

    rules_by_time = {at: rules(ask(at)) for at in (
        "2026-03-10T09:00", "2026-03-10T08:00", "2026-03-17T09:00", "2026-03-24T09:00", "2026-03-24T10:00",
        "2026-03-03T09:00", "2026-03-03T09:30", "2026-03-31T09:00",
    )}  # fmt: skip

    assert list(rules_by_time.values()) == [
        ["holiday"], ["outside_hours", "holiday"], ["exception"], ["exception"], [], [], ["time_off"],
        ["time_off"],
    ]  # fmt: skip
    public, staff = (ask("2026-03-03T09:30", user)[0]["rules"][0] for user in (None, working_doctor.user))
    assert public == {"rule": "time_off", "words": "The doctor is away at this time."}
    assert (staff["details"]["note"], staff["details"]["of"]) == ("Dentist", "doctor")


def test_manual_changes_to_slots_are_explained_to_staff_only(
    ask: Ask, working_doctor: Doctor, now: datetime
) -> None:
    change_slot(slot=slot_at(working_doctor, "09:00"), status="blocked", now=now)
    withdraw_slot(slot=slot_at(working_doctor, "09:30"), now=now)
    Slot.objects.filter(pk=slot_at(working_doctor, "10:00").pk).update(fits_hours=False)

    times = ("2026-03-03T09:00", "2026-03-03T09:30", "2026-03-03T10:00")
    public = [rules(ask(at)) for at in times]
    staff = [[rules(ask(at, user)) for at in times] for user in (working_doctor.user, make_receptionist())]
    other_doctor = [rules(ask(at, make_doctor().user)) for at in times]

    assert public == other_doctor == [["not_offered"]] * 3
    assert staff == [[["blocked"], ["withdrawn"], ["unfitting"]]] * 2


def test_bookings_holds_and_buffers_are_explained(
    ask: Ask, working_doctor: Doctor, patient: Patient, now: datetime
) -> None:
    visit = VisitType.objects.create(name="Talk", buffer_before_minutes=10, buffer_after_minutes=10)
    booking = make_booking(slot_at(working_doctor, "10:00"), patient, now=now)
    holder = make_patient()
    hold_slot(slot_id=slot_at(working_doctor, "11:30").pk, patient=holder, by=user_of(holder), now=now)
    at = {clock: f"2026-03-03T{clock}" for clock in ("09:30", "10:00", "10:30", "11:00", "11:30")}

    without_buffers = {clock: rules(ask(time)) for clock, time in at.items()}
    with_buffers = {clock: rules(ask(time, visit=visit)) for clock, time in at.items()}
    public = ask(at["11:30"])[0]["rules"]
    (staff,) = ask(at["10:00"], make_receptionist())[0]["rules"]

    assert list(without_buffers.values()) == [[], ["booked"], [], [], ["held"]]
    assert list(with_buffers.values()) == [["buffer"], ["booked"], ["buffer"], ["buffer"], ["held"]]
    assert public[0]["words"] == "Someone else is holding this time until 12:10."
    assert (staff["rule"], staff["details"]["booking"]) == ("booked", str(booking.pk))
    assert rules(ask(at["11:30"], user_of(holder))) == []
    assert rules(ask(at["10:00"], user_of(patient))) == ["booked", "patient_busy"]


def test_only_staff_see_the_numbers_of_a_limit(
    ask: Ask, working_doctor: Doctor, patient: Patient, now: datetime
) -> None:
    make_booking(slot_at(working_doctor, "10:00"), patient, now=now)
    Doctor.objects.filter(pk=working_doctor.pk).update(day_limit=1, week_limit_minutes=60)

    public, staff = ask("2026-03-03T09:00"), ask("2026-03-03T09:00", working_doctor.user)

    assert rules(public) == ["limit"]
    assert staff[0]["rules"][0]["details"] == {"limit": "day_limit", "most": 1, "there": 1}


@pytest.mark.parametrize(("minutes", "expected"), [(59, ["notice"]), (60, []), (61, [])])
def test_the_notice_period_is_explained_to_the_minute(
    ask: Ask, working_doctor: Doctor, now: datetime, minutes: int, expected: list[str]
) -> None:
    ClinicSettings.objects.update(booking_notice_minutes=60)
    make_slot(working_doctor, now + minutes * MINUTE, minutes=5)

    assert rules(ask(f"{now + minutes * MINUTE:%Y-%m-%dT%H:%M}Z")) == expected


def test_the_conditions_of_visit_types_are_explained(
    ask: Ask, working_doctor: Doctor, patient: Patient, admin: User, now: datetime
) -> None:
    long = VisitType.objects.create(name="Long", duration_minutes=90)
    staff = VisitType.objects.create(name="Ours", who_may_book="staff")
    known = VisitType.objects.create(name="Again", who_may_book="known")
    new = VisitType.objects.create(name="First", new_patients_only=True)
    others = VisitType.objects.create(name="Of others")
    others.doctors.add(make_doctor())
    in_a_room = VisitType.objects.create(name="In a room", needs_room=True)
    soon = VisitType.objects.create(name="Soon", window_days=1, window_counts="business")
    room, known_user, new_user = Room.objects.create(name="One"), user_of(patient), user_of(make_patient())
    book_slot(
        slot_id=make_slot(make_doctor(), datetime(2026, 3, 3, 9, 15, tzinfo=UTC)).pk,
        patient=patient, by=admin, visit_type=in_a_room, now=now,
    )  # fmt: skip
    at, later = "2026-03-03T11:00", "2026-03-10T09:00"

    assert (rules(ask(at, visit=long)), rules(ask("2026-03-03T10:30", visit=long))) == (["too_long"], [])
    assert rules(ask(at, visit=others)) == rules(ask(at, visit=staff)) == ["visit_type"]
    assert [rules(ask(at, user, known)) for user in (None, known_user, new_user)] == [[], [], ["visit_type"]]
    assert [rules(ask(at, user, new)) for user in (None, known_user, new_user)] == [[], ["visit_type"], []]
    assert rules(ask("2026-03-03T09:00", visit=in_a_room)) == ["room"]
    assert (rules(ask(at, visit=in_a_room)), room.is_active) == ([], True)
    assert (rules(ask(at, visit=soon)), rules(ask(later, visit=soon))) == ([], ["window"])


def test_rules_that_depend_on_the_patient_are_explained_to_them_only(
    ask: Ask, working_doctor: Doctor, patient: Patient, now: datetime
) -> None:
    make_booking(slot_at(working_doctor, "09:00"), patient, now=now)
    ClinicSettings.objects.update(upcoming_limit=1)
    Doctor.objects.update(accepting_new_patients=False)
    at = "2026-03-03T10:00"

    assert rules(ask(at)) == rules(ask(at, working_doctor.user)) == []
    assert rules(ask(at, user_of(patient))) == ["upcoming_limit"]
    assert rules(ask(at, user_of(make_patient()))) == ["new_patients"]


def test_an_inactive_doctor_is_explained_and_an_unknown_one_returns_404(
    ask: Ask, working_doctor: Doctor, visitor: Any
) -> None:
    Doctor.objects.update(is_active=False)

    assert rules(ask("2026-03-03T10:00")) == ["doctor_inactive"]
    assert rules(ask("2026-02-24T08:00")) == ["started", "doctor_inactive", "outside_hours"]
    address = "/api/appointments/explain/?at=2026-03-03T10:00&doctor=00000000-0000-0000-0000-000000000000"
    assert visitor.get(address).status_code == 404


@pytest.mark.parametrize(
    "at", ["", "soon", "2026-03-03", "2026-02-30T09:00", "2026-03-03T25:00", "9999-12-31T23:59"]
)
def test_invalid_times_are_refused(visitor: Any, working_doctor: Doctor, at: str) -> None:
    answer = visitor.get("/api/appointments/explain/", {"doctor": working_doctor.pk, "at": at})

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["at"])


@pytest.mark.parametrize(
    ("zone", "skipped", "repeated", "utc_times"),
    [
        ("Europe/London", "2026-03-29T01:30", "2026-10-25T01:30", ["00:30", "01:30"]),
        ("America/New_York", "2026-03-08T02:30", "2026-11-01T01:30", ["05:30", "06:30"]),
        ("Australia/Lord_Howe", "2026-10-04T02:15", "2026-04-05T01:45", ["14:45", "15:15"]),
        ("America/Havana", "2026-03-08T00:30", "2025-11-02T00:30", ["04:30", "05:30"]),
        ("Antarctica/Troll", "2026-03-29T02:30", "2026-10-25T01:30", ["23:30", "01:30"]),
    ],
)
def test_a_skipped_time_has_no_instant_and_a_repeated_time_has_two(
    zone: str, skipped: str, repeated: str, utc_times: list[str]
) -> None:
    of_skipped, of_repeated = (
        instants_at(
            datetime.fromisoformat(local_time).date(), minutes_after_midnight(local_time), ZoneInfo(zone)
        )
        for local_time in (skipped, repeated)
    )

    assert of_skipped == []
    assert [f"{instant:%H:%M}" for instant in of_repeated] == utc_times


def test_a_repeated_time_is_explained_twice_and_a_skipped_time_as_skipped(
    ask: Ask,
) -> None:
    (skipped,), repeated = ask("2026-03-29T01:30"), ask("2026-10-25T01:30")

    assert (skipped["starts_at"], skipped["open"]) == (None, False)
    assert skipped["rules"] == [
        {
            "rule": "clock_skips",
            "words": "The clocks go forward on Sunday 29 March 2026, so 01:30 does not exist on that day. "
            "Choose another time.",
        }
    ]
    assert [(time["starts_at"], time["clock_pass"]) for time in repeated] == [
        ("2026-10-25T00:30:00Z", 1),
        ("2026-10-25T01:30:00Z", 2),
    ]
    assert [[rule["rule"] for rule in time["rules"]] for time in repeated] == [
        ["outside_hours", "window"]
    ] * 2


def minutes_after_midnight(local: str) -> int:
    return int(local[-5:-3]) * 60 + int(local[-2:])
