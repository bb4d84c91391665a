"""Choose the visits of a demo clinic's month: who comes when, and what becomes of it.

Pure, and repeatable: the same slots, time and random numbers give the same visits.
"""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum, auto
from itertools import groupby
from random import Random
from zoneinfo import ZoneInfo

PAST_DAYS = 21
FUTURE_DAYS = 14
_MINUTE = timedelta(minutes=1)
_FULL = 0.7
"""The share of today's slots in which a visit begins, if the doctor is free."""
_ONLINE, _LATE, _EARLY, _STAYS = 0.6, 0.4, 0.6, 0.93
"""The shares of bookings made online, of patients who are late or early, and of visits not cancelled."""


class Outcome(Enum):
    """What becomes of a visit."""

    COMPLETED = auto()
    NO_SHOW = auto()
    CANCELLED_BY_PATIENT = auto()
    CANCELLED_BY_CLINIC = auto()
    RESCHEDULED = auto()
    """It was booked at another time first, and then took place."""
    IN_PROGRESS = auto()
    ARRIVED = auto()
    LATE = auto()
    """It should have begun, and the patient is not there."""
    EXPECTED = auto()


_PAST_OUTCOMES = (
    *(Outcome.COMPLETED,) * 13,
    Outcome.NO_SHOW,
    *(Outcome.CANCELLED_BY_PATIENT,) * 2,
    Outcome.CANCELLED_BY_CLINIC,
    *(Outcome.RESCHEDULED,) * 3,
)


@dataclass(frozen=True, slots=True)
class SlotTime:
    """A slot of a doctor."""

    id: uuid.UUID
    doctor: str
    """The doctor's name."""
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class TypeLength:
    """A visit type as the plan needs it. `minutes` is None if a visit lasts one slot."""

    name: str
    minutes: int | None
    doctors: frozenset[str]
    """The names of the doctors who offer it; empty for all."""

    def lasts(self, slot: SlotTime) -> timedelta:
        """Return how long a visit in the slot lasts."""
        return self.minutes * _MINUTE if self.minutes else slot.ends_at - slot.starts_at


@dataclass(frozen=True, slots=True)
class PlannedVisit:
    """A visit that is to be booked."""

    slot: SlotTime
    first_slot: SlotTime | None
    """For a visit that is moved: the slot it is booked in first."""
    patient: int
    """The patient's place in the list of patients."""
    visit_type: str
    """The name of the visit type; empty for none."""
    outcome: Outcome
    booked_at: datetime
    is_online: bool
    """Whether the patient books, if they have an account, or else the front desk."""


def plan_visits(
    slots: Sequence[SlotTime],
    visit_types: Sequence[TypeLength],
    *,
    patients: int,
    visits_a_day: float,
    zone: ZoneInfo,
    now: datetime,
    opened_at: datetime,
    rng: Random,
) -> list[PlannedVisit]:
    """Return the visits, by the time of booking. The same slots, `now` and `rng` give the same visits.

    :param slots: by doctor and start
    :param patients: how many patients there are
    """
    today = now.astimezone(zone).date()
    plan = _Plan(visit_types, patients=patients, now=now, opened_at=opened_at, rng=rng)
    for (_doctor, day), group in groupby(
        slots, lambda slot: (slot.doctor, slot.starts_at.astimezone(zone).date())
    ):
        times = list(group)
        share = _share(day, slots=len(times), today=today, visits_a_day=visits_a_day)
        plan.fill_day(times, share=share)
    return sorted(plan.visits, key=lambda visit: (visit.booked_at, visit.slot.starts_at, visit.slot.doctor))


def _share(day: date, *, slots: int, today: date, visits_a_day: float) -> float:
    """Return in what share of a day's slots a visit begins: fewer, the further the day is ahead."""
    if day == today:
        return _FULL
    wanted = visits_a_day if day < today else visits_a_day * 8 / (8 + (day - today).days)
    return wanted / slots


class _Plan:
    """The visits so far, and who is busy when."""

    def __init__(
        self,
        visit_types: Sequence[TypeLength],
        *,
        patients: int,
        now: datetime,
        opened_at: datetime,
        rng: Random,
    ) -> None:
        self.visits: list[PlannedVisit] = []
        self._types = visit_types
        self._now, self._opened_at, self._rng = now, opened_at, rng
        self._busy: dict[int, list[tuple[datetime, datetime]]] = {number: [] for number in range(patients)}

    def fill_day(self, slots: list[SlotTime], *, share: float) -> None:
        """Plan visits in about that share of a doctor's slots of one day."""
        free_from = slots[0].starts_at
        chosen = [slot for slot in slots if self._rng.random() < share]
        unused = [slot for slot in slots if slot not in chosen]
        for slot in chosen:
            if slot.starts_at < free_from:
                continue
            visit_type = self._visit_type(slot, last=slots[-1])
            lasts = visit_type.lasts(slot) if visit_type else slot.ends_at - slot.starts_at
            # Ten minutes are more than the longest buffer.
            buffer = 10 * _MINUTE if visit_type and visit_type.minutes else timedelta()
            free_from = slot.starts_at + lasts + buffer
            unused = [
                other for other in unused if other.starts_at >= free_from or other.ends_at <= slot.starts_at
            ]
            self._add(slot, visit_type, slot.starts_at + lasts, unused)

    def _visit_type(self, slot: SlotTime, *, last: SlotTime) -> TypeLength | None:
        """Return a visit type that the doctor offers and that ends with the doctor's day at the latest."""
        fitting = [
            visit_type
            for visit_type in self._types
            if slot.doctor in visit_type.doctors
            or (
                not visit_type.doctors
                and slot.starts_at + visit_type.lasts(slot) <= slot.ends_at + 45 * _MINUTE
            )
        ]
        own = [visit_type for visit_type in fitting if visit_type.doctors]
        return self._rng.choice(own or fitting) if fitting and slot.ends_at < last.ends_at else None

    def _add(
        self, slot: SlotTime, visit_type: TypeLength | None, ends_at: datetime, unused: list[SlotTime]
    ) -> None:
        booked_at = self._booked_at(slot)
        outcome = self._outcome(slot, ends_at)
        first_slot = None
        if outcome is Outcome.RESCHEDULED and not (visit_type and visit_type.minutes):
            first_slot = next(
                (other for other in unused if other.starts_at > booked_at + timedelta(days=1)), None
            )
        patient = self._patient(slot.starts_at, ends_at)
        if patient is None or booked_at >= slot.starts_at:
            return
        self.visits.append(
            PlannedVisit(
                slot=slot,
                first_slot=first_slot,
                patient=patient,
                visit_type=visit_type.name if visit_type else "",
                outcome=outcome,
                booked_at=booked_at,
                is_online=self._rng.random() < _ONLINE,
            )
        )

    def _patient(self, starts_at: datetime, ends_at: datetime) -> int | None:
        """Return a patient who has nothing else that day, and mark the time as theirs."""
        day = timedelta(hours=10)
        free = [
            number
            for number, periods in self._busy.items()
            if all(ends_at + day <= begins or ends + day <= starts_at for begins, ends in periods)
        ]
        if not free:
            return None
        # Rather those who have been here less often.
        fewest = sorted(free, key=lambda number: len(self._busy[number]))[: max(6, len(free) // 2)]
        patient = self._rng.choice(fewest)
        self._busy[patient].append((starts_at, ends_at))
        return patient

    def _booked_at(self, slot: SlotTime) -> datetime:
        """Return when the visit is booked: some hours to nine days before it, and before now."""
        latest = min(slot.starts_at, self._now) - timedelta(hours=3)
        return max(latest - timedelta(minutes=self._rng.randrange(9 * 24 * 60)), self._opened_at)

    def _outcome(self, slot: SlotTime, ends_at: datetime) -> Outcome:
        """Return what becomes of a visit, by where it is in time."""
        now = self._now
        if ends_at + 15 * _MINUTE <= now:
            return self._rng.choice(_PAST_OUTCOMES)
        if slot.starts_at <= now:
            is_late = slot.starts_at > now - 20 * _MINUTE and self._rng.random() < _LATE
            return Outcome.LATE if is_late else Outcome.IN_PROGRESS
        if slot.starts_at < now + 45 * _MINUTE and self._rng.random() < _EARLY:
            return Outcome.ARRIVED
        return Outcome.EXPECTED if self._rng.random() < _STAYS else Outcome.CANCELLED_BY_PATIENT


def days_of(now: datetime, zone: ZoneInfo) -> Iterator[date]:
    """Yield the days of the month that is planned: three weeks before today to two weeks after it."""
    today = now.astimezone(zone).date()
    for offset in range(-PAST_DAYS, FUTURE_DAYS + 1):
        yield today + timedelta(days=offset)
