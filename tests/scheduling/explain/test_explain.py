"""`appointments/explain/`: the rules that remove a time, for anybody and for the clinic's people."""

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
def working(doctor: Doctor, now: datetime) -> Doctor:
    """Works on Tuesdays from nine to noon, in slots of half an hour."""
    make_hours(doctor, (1, "09:00", "12:00"), now=now)
    generate_slots(doctor=doctor, now=now)
    return doctor


@pytest.fixture
def ask(working: Doctor, as_user: Callable[..., ClinicClient]) -> Ask:
    """Asks about a time of the doctor's."""

    def asked(at: str, user: User | None = None, visit: VisitType | None = None) -> list[dict[str, Any]]:
        query = {"doctor": str(working.pk), "at": at} | ({"visit_type": str(visit.pk)} if visit else {})
        times = data_of(as_user(user).get("/api/appointments/explain/", query))["times"]
        assert isinstance(times, list)
        return times

    return asked


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
def test_hours_grid_and_window(ask: Ask, at: str, expected: list[str]) -> None:
    assert rules(ask(at)) == expected


def test_that_days_hours_and_the_neighbours_are_said(ask: Ask) -> None:
    said = [
        ask(at)[0]["rules"][0]["words"] for at in ("2026-03-03T13:00", "2026-03-04T13:00", "2026-03-03T09:15")
    ]

    assert said == [
        "This is outside the doctor's hours. On Tuesday 3 March 2026 they are 09:00-12:00.",
        "The doctor does not work on Wednesday 4 March 2026.",
        "No appointment starts at this time. The nearest on that day start at 09:00 and 09:30.",
    ]


def test_dated_days_holidays_and_time_off(ask: Ask, working: Doctor, now: datetime) -> None:
    HolidayChoice.objects.create(day="2026-03-10", is_open=False, name="Founders' day")
    set_exception(doctor=working, day=date(2026, 3, 17), intervals=[], now=now)
    set_exception(doctor=working, day=date(2026, 3, 24), intervals=[(600, 660)], now=now)
    TimeOff.objects.create(
        doctor=working, first_on="2026-03-03", last_on="2026-03-03", opens=570, closes=600, note="Dentist"
    )
    TimeOff.objects.create(first_on="2026-03-31", last_on="2026-03-31")
    generate_slots(doctor=working, now=now)

    told = {at: rules(ask(at)) for at in (
        "2026-03-10T09:00", "2026-03-10T08:00", "2026-03-17T09:00", "2026-03-24T09:00", "2026-03-24T10:00",
        "2026-03-03T09:00", "2026-03-03T09:30", "2026-03-31T09:00",
    )}  # fmt: skip

    assert list(told.values()) == [
        ["holiday"], ["outside_hours", "holiday"], ["exception"], ["exception"], [], [], ["time_off"],
        ["time_off"],
    ]  # fmt: skip
    public, staff = (ask("2026-03-03T09:30", user)[0]["rules"][0] for user in (None, working.user))
    assert public == {"rule": "time_off", "words": "The doctor is away at this time."}
    assert (staff["details"]["note"], staff["details"]["of"]) == ("Dentist", "doctor")


def test_what_was_done_by_hand_is_told_to_the_clinics_people(
    ask: Ask, working: Doctor, now: datetime
) -> None:
    change_slot(slot=slot_at(working, "09:00"), status="blocked", now=now)
    withdraw_slot(slot=slot_at(working, "09:30"), now=now)
    Slot.objects.filter(pk=slot_at(working, "10:00").pk).update(fits_hours=False)

    times = ("2026-03-03T09:00", "2026-03-03T09:30", "2026-03-03T10:00")
    public = [rules(ask(at)) for at in times]
    staff = [[rules(ask(at, user)) for at in times] for user in (working.user, make_receptionist())]
    other = [rules(ask(at, make_doctor().user)) for at in times]

    assert public == other == [["not_offered"]] * 3
    assert staff == [[["blocked"], ["withdrawn"], ["unfitting"]]] * 2


def test_bookings_holds_and_buffers(ask: Ask, working: Doctor, patient: Patient, now: datetime) -> None:
    visit = VisitType.objects.create(name="Talk", buffer_before_minutes=10, buffer_after_minutes=10)
    booking = make_booking(slot_at(working, "10:00"), patient, now=now)
    holder = make_patient()
    hold_slot(slot_id=slot_at(working, "11:30").pk, patient=holder, by=user_of(holder), now=now)
    at = {clock: f"2026-03-03T{clock}" for clock in ("09:30", "10:00", "10:30", "11:00", "11:30")}

    plain = {clock: rules(ask(time)) for clock, time in at.items()}
    padded = {clock: rules(ask(time, visit=visit)) for clock, time in at.items()}
    public = ask(at["11:30"])[0]["rules"]
    (staff,) = ask(at["10:00"], make_receptionist())[0]["rules"]

    assert list(plain.values()) == [[], ["booked"], [], [], ["held"]]
    assert list(padded.values()) == [["buffer"], ["booked"], ["buffer"], ["buffer"], ["held"]]
    assert public[0]["words"] == "Somebody else is holding this time until 12:10."
    assert (staff["rule"], staff["details"]["booking"]) == ("booked", str(booking.pk))
    assert rules(ask(at["11:30"], user_of(holder))) == []
    assert rules(ask(at["10:00"], user_of(patient))) == ["booked", "patient_busy"]


def test_a_limit_is_numbered_for_the_clinics_people(
    ask: Ask, working: Doctor, patient: Patient, now: datetime
) -> None:
    make_booking(slot_at(working, "10:00"), patient, now=now)
    Doctor.objects.filter(pk=working.pk).update(day_limit=1, week_limit_minutes=60)

    public, staff = ask("2026-03-03T09:00"), ask("2026-03-03T09:00", working.user)

    assert rules(public) == ["limit"]
    assert staff[0]["rules"][0]["details"] == {"limit": "day_limit", "most": 1, "there": 1}


@pytest.mark.parametrize(("minutes", "expected"), [(59, ["notice"]), (60, []), (61, [])])
def test_notice_to_the_minute(
    ask: Ask, working: Doctor, now: datetime, minutes: int, expected: list[str]
) -> None:
    ClinicSettings.objects.update(booking_notice_minutes=60)
    make_slot(working, now + minutes * MINUTE, minutes=5)

    assert rules(ask(f"{now + minutes * MINUTE:%Y-%m-%dT%H:%M}Z")) == expected


def test_what_a_kind_of_visit_asks_for(
    ask: Ask, working: Doctor, patient: Patient, admin: User, now: datetime
) -> None:
    long = VisitType.objects.create(name="Long", duration_minutes=90)
    staff = VisitType.objects.create(name="Ours", who_may_book="staff")
    known = VisitType.objects.create(name="Again", who_may_book="known")
    new = VisitType.objects.create(name="First", new_patients_only=True)
    others = VisitType.objects.create(name="Of others")
    others.doctors.add(make_doctor())
    roomy = VisitType.objects.create(name="In a room", needs_room=True)
    days = VisitType.objects.create(name="Soon", window_days=1, window_counts="business")
    room, me, stranger = Room.objects.create(name="One"), user_of(patient), user_of(make_patient())
    book_slot(
        slot_id=make_slot(make_doctor(), datetime(2026, 3, 3, 9, 15, tzinfo=UTC)).pk,
        patient=patient, by=admin, visit_type=roomy, now=now,
    )  # fmt: skip
    at, later = "2026-03-03T11:00", "2026-03-10T09:00"

    assert (rules(ask(at, visit=long)), rules(ask("2026-03-03T10:30", visit=long))) == (["too_long"], [])
    assert rules(ask(at, visit=others)) == rules(ask(at, visit=staff)) == ["visit_type"]
    assert [rules(ask(at, user, known)) for user in (None, me, stranger)] == [[], [], ["visit_type"]]
    assert [rules(ask(at, user, new)) for user in (None, me, stranger)] == [[], ["visit_type"], []]
    assert rules(ask("2026-03-03T09:00", visit=roomy)) == ["room"]
    assert (rules(ask(at, visit=roomy)), room.is_active) == ([], True)
    assert (rules(ask(at, visit=days)), rules(ask(later, visit=days))) == ([], ["window"])


def test_what_depends_on_the_patient_is_for_them_alone(
    ask: Ask, working: Doctor, patient: Patient, now: datetime
) -> None:
    make_booking(slot_at(working, "09:00"), patient, now=now)
    ClinicSettings.objects.update(upcoming_limit=1)
    Doctor.objects.update(accepting_new_patients=False)
    at = "2026-03-03T10:00"

    assert rules(ask(at)) == rules(ask(at, working.user)) == []
    assert rules(ask(at, user_of(patient))) == ["upcoming_limit"]
    assert rules(ask(at, user_of(make_patient()))) == ["new_patients"]


def test_a_doctor_who_is_gone_and_one_who_never_was(ask: Ask, working: Doctor, visitor: Any) -> None:
    Doctor.objects.update(is_active=False)

    assert rules(ask("2026-03-03T10:00")) == ["doctor_inactive"]
    assert rules(ask("2026-02-24T08:00")) == ["started", "doctor_inactive", "outside_hours"]
    address = "/api/appointments/explain/?at=2026-03-03T10:00&doctor=00000000-0000-0000-0000-000000000000"
    assert visitor.get(address).status_code == 404


@pytest.mark.parametrize(
    "at", ["", "soon", "2026-03-03", "2026-02-30T09:00", "2026-03-03T25:00", "9999-12-31T23:59"]
)
def test_other_times_are_refused(visitor: Any, working: Doctor, at: str) -> None:
    answer = visitor.get("/api/appointments/explain/", {"doctor": working.pk, "at": at})

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["at"])


@pytest.mark.parametrize(
    ("zone", "skipped", "doubled", "passes"),
    [
        ("Europe/London", "2026-03-29T01:30", "2026-10-25T01:30", ["00:30", "01:30"]),
        ("America/New_York", "2026-03-08T02:30", "2026-11-01T01:30", ["05:30", "06:30"]),
        ("Australia/Lord_Howe", "2026-10-04T02:15", "2026-04-05T01:45", ["14:45", "15:15"]),
        ("America/Havana", "2026-03-08T00:30", "2025-11-02T00:30", ["04:30", "05:30"]),
        ("Antarctica/Troll", "2026-03-29T02:30", "2026-10-25T01:30", ["23:30", "01:30"]),
    ],
)
def test_a_time_the_clock_skips_is_no_instant_and_one_it_shows_twice_two(
    zone: str, skipped: str, doubled: str, passes: list[str]
) -> None:
    none, both = (
        instants_at(datetime.fromisoformat(local).date(), minutes_of(local), ZoneInfo(zone))
        for local in (skipped, doubled)
    )

    assert none == []
    assert [f"{each:%H:%M}" for each in both] == passes


def test_both_passes_are_explained_and_a_skipped_time_is_said_to_be_one(
    ask: Ask,
) -> None:
    (none,), both = ask("2026-03-29T01:30"), ask("2026-10-25T01:30")

    assert (none["starts_at"], none["open"]) == (None, False)
    assert none["rules"] == [
        {
            "rule": "clock_skips",
            "words": "The clocks go forward on Sunday 29 March 2026, so 01:30 does not exist on that day. "
            "Choose another time.",
        }
    ]
    assert [(each["starts_at"], each["clock_pass"]) for each in both] == [
        ("2026-10-25T00:30:00Z", 1),
        ("2026-10-25T01:30:00Z", 2),
    ]
    assert [[rule["rule"] for rule in each["rules"]] for each in both] == [["outside_hours", "window"]] * 2


def minutes_of(local: str) -> int:
    return int(local[-5:-3]) * 60 + int(local[-2:])
