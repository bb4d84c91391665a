"""Nightly maintenance: at each clinic's own night, once, caught up when missed, step by step."""

import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise, product
from typing import Any, ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import time_machine
from celery.schedules import crontab, schedule
from django.conf import settings
from django.db.models import Q

from clinics.models import Doctor
from config.celery import app
from scheduling.models import Slot
from scheduling.tasks import regenerate_all_slots
from tenants.base.clock import now as clock_now
from tenants.current import enter_public
from tenants.models import Clinic, QueueLine
from tenants.queue import jobs, nights
from tenants.queue.beat import LockedScheduler
from tenants.queue.nights import latest_night, start_due_nights
from tests.factories.people import make_doctor
from tests.factories.queue import queued_jobs, run_due_jobs
from tests.factories.schedule import make_hours
from tests.factories.threads import run_concurrently
from tests.profiles import FULL, examples

STEPS = [
    "phone_numbers", "nightly_calendars", "nightly_slots", "nightly_answers", "nightly_newcomers",
    "nightly_accounts", "nightly_waitlist", "nightly_offers", "nightly_closings", "nightly_merges",
    "nightly_staff_notices", "nightly_webhooks",
    "nightly_messages", "nightly_senders", "nightly_message_texts",
]  # fmt: skip
NEW_YORK = ZoneInfo("America/New_York")
CLOCK_CHANGES = ["2027-03-14T10:00", "2027-11-07T09:00", "2027-03-28T01:00", "2027-10-31T01:00"]
"""In Los Angeles and London (UTC)."""
PROCESS_ZONES = ["America/Los_Angeles", "Europe/London"]


def only_live(*clinics: Clinic) -> None:
    """Suspend all other clinics."""
    with enter_public():
        others = Clinic.objects.exclude(pk__in=[clinic.pk for clinic in clinics])
        others.update(status=Clinic.Status.SUSPENDED)


def start(now: datetime, *clinics: Clinic) -> int:
    """Run the timer's task once; only these clinics are live."""
    only_live(*clinics)
    with enter_public():
        return start_due_nights(now=now)


def set_clinic(clinic: Clinic, **fields: Any) -> None:
    with enter_public():
        Clinic.objects.filter(pk=clinic.pk).update(**fields)


@pytest.mark.parametrize(
    ("local", "night"),
    [
        ("2026-06-09 01:09", "2026-06-08"),
        ("2026-06-09 01:10", "2026-06-09"),
        ("2026-06-09 23:59", "2026-06-09"),
        ("2026-06-10 00:00", "2026-06-09"),
    ],
)
def test_a_night_is_due_from_ten_past_one_of_the_clinics_own_clock(local: str, night: str) -> None:
    instant = datetime.fromisoformat(local).replace(tzinfo=NEW_YORK)

    assert latest_night(NEW_YORK, instant) == date.fromisoformat(night)


@pytest.mark.parametrize(
    ("zone", "change"),
    [
        ("America/Los_Angeles", "2027-03-14"),
        ("America/Los_Angeles", "2027-11-07"),
        ("Europe/London", "2027-03-28"),  # skips 01:00 to 02:00, in which the night starts
        ("Europe/London", "2027-10-31"),
        ("America/Havana", "2027-03-14"),  # skips midnight
        ("America/Havana", "2027-11-07"),
    ],
)
def test_every_local_night_is_started_once_also_across_clock_changes(
    clinic: Clinic, zone: str, change: str
) -> None:
    """BC29. The timer keeps nothing in memory, so a restart inside the doubled hour changes nothing."""
    local, first = ZoneInfo(zone), datetime.fromisoformat(change).replace(tzinfo=UTC) - timedelta(days=1)
    set_clinic(clinic, time_zone=zone, maintained_on=latest_night(local, first))
    only_live(clinic)
    started: list[date] = []

    with enter_public():
        for number in range(3 * 24 * 6):
            instant = first + timedelta(minutes=10) * number
            if start_due_nights(now=instant):
                started.append(instant.astimezone(local).date())

    between = (latest_night(local, instant) - latest_night(local, first)).days
    assert started == [latest_night(local, first) + timedelta(days=day) for day in range(1, between + 1)]
    assert between >= 3


def test_a_missed_night_is_caught_up_once_and_older_ones_are_not_repeated(clinic: Clinic) -> None:
    set_clinic(clinic, maintained_on=date(2026, 6, 1))
    noon = datetime(2026, 6, 9, 11, tzinfo=UTC)

    assert [start(noon, clinic), start(noon + timedelta(minutes=5), clinic)] == [1, 0]
    clinic.refresh_from_db()
    assert clinic.maintained_on == date(2026, 6, 9)


def test_a_suspended_clinic_is_caught_up_when_it_is_resumed(clinic: Clinic) -> None:
    noon = datetime(2026, 6, 9, 11, tzinfo=UTC)

    assert start(noon) == 0
    set_clinic(clinic, status=Clinic.Status.LIVE)
    assert start(noon, clinic) == 1


def test_each_clinic_has_its_own_night(clinic: Clinic, other_clinic: Clinic) -> None:
    for each, zone in ((clinic, "Europe/London"), (other_clinic, "America/New_York")):
        set_clinic(each, time_zone=zone, maintained_on=date(2026, 6, 8))
    evening_in_new_york = datetime(2026, 6, 9, 0, 10, tzinfo=UTC)

    started = [
        start(evening_in_new_york + timedelta(hours=hours), clinic, other_clinic) for hours in (0, 1, 2, 5, 6)
    ]

    assert started == [1, 0, 0, 1, 0]  # London at 01:10, New York at 01:10, five hours later


def test_the_steps_are_jobs_and_a_failing_one_neither_stops_nor_repeats_the_others(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: Counter[str] = Counter()

    def step(kind: str) -> jobs.Handler:
        def run(_clinic_id: UUID, _now: datetime) -> None:
            ran[kind] += 1
            if kind == "nightly_answers" and ran[kind] == 1:
                raise ValueError(kind)

        return run

    for kind in STEPS:
        monkeypatch.setitem(jobs.handlers, kind, step(kind))
    start(clock_now(), clinic)
    assert [job.kind for job in queued_jobs()] == STEPS

    run_due_jobs()
    assert [job.kind for job in queued_jobs()] == ["nightly_answers"]
    start(clock_now() + timedelta(days=1), clinic)  # the failing step is not enqueued a second time
    with enter_public():
        QueueLine.objects.update(due_at=clock_now())
    run_due_jobs()

    assert queued_jobs() == []
    assert ran == Counter(dict.fromkeys(STEPS, 2))


def test_the_nightly_run_generates_slots_and_leaves_the_version_of_the_schedule(
    clinic: Clinic, doctor: Doctor
) -> None:
    make_hours(doctor, *[(weekday, "09:00", "09:30") for weekday in range(7)], now=clock_now())
    before = Doctor.objects.get(pk=doctor.pk).schedule_version

    start(clock_now(), clinic)
    run_due_jobs()
    regenerate_all_slots(clinic.pk, clock_now())
    run_due_jobs()

    assert Slot.objects.filter(doctor=doctor).count() in {90, 91}
    assert Doctor.objects.get(pk=doctor.pk).schedule_version == before


@pytest.fixture
def due_clinic(committed_clinic: Clinic) -> Iterator[Clinic]:
    """A clinic whose night is due, in rows that other connections see."""
    set_clinic(committed_clinic, maintained_on=None)
    yield committed_clinic
    with enter_public():
        QueueLine.objects.filter(clinic_id=committed_clinic.pk).delete()


def _claims_of_eight_timers(clinic: Clinic) -> int:
    """How many of eight timers that run at once start the same night."""

    def run() -> bool:
        with enter_public():
            return nights._start_night(clinic, date(2026, 6, 9), now=datetime(2026, 6, 9, 11, tzinfo=UTC))

    return run_concurrently(clinic, *[run] * 8).count(True)


def test_two_timers_at_once_start_a_night_once(due_clinic: Clinic) -> None:
    assert _claims_of_eight_timers(due_clinic) == 1


def test_without_the_condition_on_the_night_every_timer_would_start_it(
    due_clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nights, "Q", lambda **_conditions: Q())

    assert _claims_of_eight_timers(due_clinic) == 8


def test_every_beat_entry_is_due_again_in_time_across_a_clock_change(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """BC29. Intervals are counted, and calendar entries are in UTC, whatever the zone of the process."""
    monkeypatch.setenv("TZ", "America/Los_Angeles")
    change = datetime(2027, 11, 7, 9, tzinfo=UTC)  # 02:00 becomes 01:00
    clock = [change]
    entries: dict[str, Any] = settings.CELERY["beat_schedule"]
    for name, entry in entries.items():
        plan, instant = entry["schedule"], change - timedelta(hours=2)
        if isinstance(plan, crontab):
            assert str(app.conf.timezone) == "UTC", name
            continue
        plan = schedule(timedelta(seconds=plan), nowfun=lambda: clock[0], app=app)
        while instant < change + timedelta(hours=2):
            clock[0] = instant
            is_due, wait = plan.is_due(instant - timedelta(seconds=entry["schedule"]))
            assert (is_due, round(wait)) == (True, round(entry["schedule"])), name
            instant += timedelta(minutes=10)


TICK = 0.5
"""How long sending a task takes, in seconds of the stopped clock."""


class RecordingScheduler(LockedScheduler):
    """The product's scheduler, which records when it would send each task."""

    sent: ClassVar[dict[str, list[datetime]]] = defaultdict(list)

    def apply_entry(self, entry: Any, producer: Any = None) -> None:
        """Record the task instead of sending it to a broker."""
        self.sent[entry.name].append(clock_now())
        self._store(entry)


@pytest.fixture(params=PROCESS_ZONES)
def process_zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[ZoneInfo]:
    """The time zone of the process, which may differ from UTC and from the clinics'."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield ZoneInfo(request.param)
    monkeypatch.undo()
    time.tzset()


@pytest.mark.property
@pytest.mark.parametrize(
    ("process_zone", "change"),
    list(
        product(PROCESS_ZONES, CLOCK_CHANGES) if FULL else zip(PROCESS_ZONES, CLOCK_CHANGES[1:3], strict=True)
    ),
    indirect=["process_zone"],
)
def test_beat_sends_every_task_in_time_across_a_clock_change_although_it_is_restarted(
    db: None, process_zone: ZoneInfo, change: str
) -> None:
    """BC29. It is restarted every seven minutes, also inside the doubled hour."""
    at = datetime.fromisoformat(change).replace(tzinfo=UTC)
    around, restarts = timedelta(minutes=examples(quick=28, full=70)), timedelta(minutes=7)
    start, end = at - around, at + around
    entries: dict[str, Any] = settings.CELERY["beat_schedule"]
    intervals = {name: entry["schedule"] for name, entry in entries.items()}
    RecordingScheduler.sent.clear()

    with time_machine.travel(start, tick=False) as clock:
        while clock_now() < end:
            scheduler = RecordingScheduler(app=app, max_interval=10)
            stop = clock_now() + restarts
            while clock_now() < stop:
                # A tick that sent a task asks to be called again at once.
                clock.shift(timedelta(seconds=max(scheduler.tick(), TICK)))
            scheduler.close()

    for name, interval in intervals.items():
        if isinstance(interval, crontab):
            continue
        instants = [start, *RecordingScheduler.sent[name], end]
        gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(instants)]
        # The tasks that are due at the same moment take a tick each.
        assert max(gaps) <= 2 * interval + TICK * len(intervals), name
        assert len(instants) <= (end - start).total_seconds() / interval + 3, name


def test_a_doctor_without_hours_does_not_disturb_the_night(clinic: Clinic) -> None:
    make_doctor()

    start(clock_now(), clinic)
    run_due_jobs()

    assert [job for job in queued_jobs() if job.due_at <= clock_now()] == []
