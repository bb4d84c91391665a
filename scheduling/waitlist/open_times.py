"""The open times that suit waiting-list entries, by the same rules as the list of open slots."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from clinics.models import Doctor
from clinics.selectors import clinic_settings
from scheduling.availability import sql
from scheduling.availability.booking_window import Window, booking_window
from scheduling.availability.changed_times import OpenedTime
from scheduling.availability.doctor_limits import has_limits
from scheduling.availability.open_slots import MAX_CONFLICT_DISTANCE, run_availability_sql
from scheduling.bookings.release_holds import ReleaseReason
from scheduling.calendar.local_times import clinic_day
from scheduling.clock.time_off import Period, merge_periods, overlaps_any
from scheduling.models import Booking, VisitType, WaitlistEntry, WaitlistOffer
from scheduling.models.visit_types import with_buffers
from tenants.base.clock import day_start
from tenants.current import current_clinic

_WEEK = timedelta(days=7)


class OpenTime(NamedTuple):
    """A time at which a visit is possible (UTC). `day` is in the clinic's calendar."""

    slot_id: uuid.UUID
    doctor_id: uuid.UUID
    starts_at: datetime
    ends_at: datetime
    day: date


class OpenTimes:
    """The open times that overlap opened periods, and those among them that suit an entry.

    Open times are queried once for each visit type, and again when a new offer may have closed others.
    """

    def __init__(
        self,
        opened: Sequence[OpenedTime],
        entries: Sequence[WaitlistEntry],
        *,
        window_at: datetime,
        now: datetime,
    ) -> None:
        """Prepare the search.

        :param window_at: the instant whose booking window applies at its far end: `now`, or a later one to
            offer times before everybody can book them
        """
        self._now, self._window_at, self._entries = now, window_at, entries
        self._doctors = _doctors_waited_for(entries)
        self._practised = {
            doctor.pk: {specialty.pk for specialty in doctor.specialties.all()}
            for doctor in self._doctors.values()
        }
        self._opened = self._periods_by_doctor(opened)
        self._had_offers = _offers_had(entries, now=now)
        self._busy = _patients_busy_times(entries, now=now)
        self._by_visit_type: dict[uuid.UUID | None, list[OpenTime]] = {}

    def _periods_by_doctor(self, opened: Sequence[OpenedTime]) -> dict[uuid.UUID, list[Period]]:
        """The opened periods of each doctor, merged. With limits, a booking less opens the whole week."""
        periods: dict[uuid.UUID, list[Period]] = defaultdict(list)
        for time in opened:
            period = (time.begins, time.ends)
            for doctor in self._doctors.values():
                if time.doctor_id is None:
                    periods[doctor.pk].append(period)
                elif time.doctor_id == doctor.pk:
                    periods[doctor.pk].append(_week_around(time) if has_limits(doctor) else period)
        return {doctor_id: merge_periods(found) for doctor_id, found in periods.items()}

    def suiting(self, entry: WaitlistEntry) -> Iterator[OpenTime]:
        """The open times that suit the entry, soonest first, without those that its patient was offered."""
        had, busy = self._had_offers[entry.patient_id], self._busy[entry.patient_id]
        for time in list(self._open_for(entry.visit_type)):
            if (
                self._is_with(entry, time.doctor_id)
                and entry.first_on <= time.day <= entry.last_on
                and time.day.weekday() in entry.weekdays
                and (time.doctor_id, time.starts_at) not in had
                and not any(time.starts_at < ends and begins < time.ends_at for begins, ends in busy)
            ):
                yield time

    def on_offered(self, hold: Booking) -> None:
        """Leave out the times that an offer has taken."""
        self._busy[hold.patient_id].append((hold.starts_at, hold.ends_at))
        if hold.room_id is not None or has_limits(self._doctors[hold.doctor_id]):
            self._by_visit_type.clear()
            return
        taken = (hold.busy_from or hold.starts_at, hold.busy_until or hold.ends_at)
        visit_types = {entry.visit_type_id: entry.visit_type for entry in self._entries}
        for visit_type_id, times in self._by_visit_type.items():
            visit_type = visit_types[visit_type_id]
            # The visits that keep clear of it, with their own buffers: the gap after them comes before it.
            begins = taken[0] - (visit_type.buffer_after if visit_type else timedelta())
            ends = taken[1] + (visit_type.buffer_before if visit_type else timedelta())
            self._by_visit_type[visit_type_id] = [
                time
                for time in times
                if time.doctor_id != hold.doctor_id or time.ends_at <= begins or time.starts_at >= ends
            ]

    def window(self, visit_type: VisitType | None) -> Window:
        """The booking window of patients, its far end as of `window_at`."""
        settings = clinic_settings()
        return Window(
            soonest=booking_window(settings, visit_type=visit_type, now=self._now).soonest,
            before=booking_window(settings, visit_type=visit_type, now=self._window_at).before,
        )

    def _is_with(self, entry: WaitlistEntry, doctor_id: uuid.UUID) -> bool:
        """Whether the entry waits for this doctor."""
        return entry.doctor_id == doctor_id or entry.specialty_id in self._practised[doctor_id]

    def _open_for(self, visit_type: VisitType | None) -> list[OpenTime]:
        """The open times for the visit type, soonest first."""
        visit_type_id = visit_type.pk if visit_type else None
        if visit_type_id not in self._by_visit_type:
            self._by_visit_type[visit_type_id] = self._query(visit_type)
        return self._by_visit_type[visit_type_id]

    def _query(self, visit_type: VisitType | None) -> list[OpenTime]:
        """Query the open times for the visit type that overlap an opened period, buffers included."""
        waiting = [entry for entry in self._entries if entry.visit_type_id == (visit_type and visit_type.pk)]
        zone, window = current_clinic().zone, self.window(visit_type)
        begins = min((periods[0][0] for periods in self._opened.values()), default=window.before)
        ends = max((periods[-1][1] for periods in self._opened.values()), default=window.soonest)
        soonest = max(
            window.soonest,
            begins - MAX_CONFLICT_DISTANCE,
            day_start(min(entry.first_on for entry in waiting), zone),
        )
        last = max(entry.last_on for entry in waiting)
        before = min(
            window.before,
            ends + MAX_CONFLICT_DISTANCE,
            day_start(last + timedelta(days=1), zone),
        )
        if before <= soonest:
            return []
        doctors = list(self._opened)
        rows = run_availability_sql(
            sql.OPEN_PERIODS,
            {"soonest": soonest, "before": before, "doctors": doctors, "doctor": doctors[0]},
            doctor_condition=sql.OF_DOCTOR if len(doctors) == 1 else sql.OF_DOCTORS,
            visit_type=visit_type,
            now=self._now,
        )
        times = [
            OpenTime(slot_id, doctor_id, starts_at, ends_at, clinic_day(starts_at))
            for slot_id, doctor_id, _place, starts_at, ends_at in rows
        ]
        return [
            time
            for time in times
            if overlaps_any(_busy_period(visit_type, time), self._opened[time.doctor_id])
        ]


def _busy_period(visit_type: VisitType | None, time: OpenTime) -> Period:
    """The visit with its buffers."""
    return with_buffers(visit_type, time.starts_at, time.ends_at)


def _week_around(time: OpenedTime) -> Period:
    """The clinic's weeks, from Monday, that the period touches."""
    zone, first, last = current_clinic().zone, clinic_day(time.begins), clinic_day(time.ends)
    monday, sunday = first - timedelta(days=first.weekday()), last - timedelta(days=last.weekday()) + _WEEK
    return day_start(monday, zone), day_start(sunday, zone)


def _doctors_waited_for(entries: Collection[WaitlistEntry]) -> dict[uuid.UUID, Doctor]:
    """The active doctors for whom one of the entries waits, by id."""
    doctors = Doctor.objects.bookable().prefetch_related("specialties")
    by_id = doctors.filter(pk__in={entry.doctor_id for entry in entries if entry.doctor_id})
    specialties = {entry.specialty_id for entry in entries if entry.specialty_id}
    practising = doctors.filter(specialties__in=specialties) if specialties else doctors.none()
    return {doctor.pk: doctor for doctor in (*by_id, *practising)}


def _offers_had(
    entries: Collection[WaitlistEntry], *, now: datetime
) -> dict[uuid.UUID, set[tuple[uuid.UUID, datetime]]]:
    """The doctors and starts that each patient was offered before.

    An offer that ended because its time was closed does not count: the time may open again.
    """
    offers = WaitlistOffer.objects.filter(
        entry__patient__in={entry.patient_id for entry in entries}, booking__starts_at__gt=now
    ).exclude(booking__events__details__because=ReleaseReason.TIME_CLOSED)
    had: dict[uuid.UUID, set[tuple[uuid.UUID, datetime]]] = defaultdict(set)
    for patient_id, doctor_id, starts_at in offers.values_list(
        "entry__patient", "booking__doctor", "booking__starts_at"
    ):
        had[patient_id].add((doctor_id, starts_at))
    return had


def _patients_busy_times(
    entries: Collection[WaitlistEntry], *, now: datetime
) -> dict[uuid.UUID, list[Period]]:
    """The upcoming bookings and holds of each patient."""
    bookings = Booking.objects.active(now=now).filter(
        patient__in={entry.patient_id for entry in entries}, ends_at__gt=now
    )
    busy: dict[uuid.UUID, list[Period]] = defaultdict(list)
    for patient_id, starts_at, ends_at in bookings.values_list("patient", "starts_at", "ends_at"):
        busy[patient_id].append((starts_at, ends_at))
    return busy
