"""Any sequence of actions on bookings, hours and the waiting list leaves every invariant intact.

`MINUTES=20 make drills ARGS="-k random_sequences"` runs new sequences for that long.
"""

import os
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from clinics.models import ClinicSettings, Doctor, Patient
from scheduling.availability.changed_times import any_time_of
from scheduling.bookings.book import book_slot
from scheduling.bookings.cancel import cancel_booking
from scheduling.bookings.hold import confirm_hold, hold_slot, release_hold
from scheduling.bookings.release_holds import expire_hold
from scheduling.bookings.reschedule import reschedule_booking
from scheduling.clock.planning import Hours
from scheduling.clock.time_off import TimeOffSpec
from scheduling.hours.services import remove_exception, set_exception, set_working_hours
from scheduling.hours.slot_generator import generate_slots
from scheduling.models import Booking, BookingEvent, Place, Room, Slot, TimeOff, WaitlistEntry, WaitlistOffer
from scheduling.models import VisitType as Visit
from scheduling.slots.services import add_slots, change_slot, withdraw_slot
from scheduling.time_off.decisions import Action
from scheduling.time_off.give import give_time_off
from scheduling.time_off.revoke import revoke_time_off
from scheduling.waitlist.join_checks import WaitlistRequest
from scheduling.waitlist.offer_open_times import offer_open_times
from scheduling.waitlist.offers import accept_offer, decline_offer
from scheduling.waitlist.services import join_waitlist, leave_waitlist
from tenants.accounts.models import User
from tenants.base.errors import DomainError
from tenants.current import current_clinic
from tenants.models import Clinic
from tests.factories.people import make_admin, make_doctor, make_patient, user_of
from tests.factories.visit_types import make_place, make_room, make_visit_type
from tests.profiles import examples

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
FIRST_DAYS = [
    datetime(2026, 3, 2, 8, tzinfo=UTC),
    datetime(2026, 3, 27, 23, 30, tzinfo=UTC),  # two days before the clocks go forward in London
    datetime(2026, 10, 23, 9, 10, tzinfo=UTC),  # and back
]
DAYS_AHEAD = 3
INTERVALS = [(9 * 60, 12 * 60), (13 * 60, 16 * 60), (0, 3 * 60), (10 * 60, 11 * 60 + 30)]
"""Hours of a day, in minutes after midnight. One of them contains the hour at which clocks change."""

pick = st.integers(0, 10_000)
"""The number of an item: the same sequence picks the same items, so that a failure can be repeated."""


class RandomSequence(RuleBasedStateMachine):
    """Two doctors, two places, two rooms, three visit types and four patients, in one transaction."""

    def __init__(self) -> None:
        super().__init__()
        self.rollback = transaction.atomic()
        self.rollback.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.rollback.__exit__(None, None, None)

    @initialize(first=st.sampled_from(FIRST_DAYS), upcoming=st.sampled_from([None, 2]), limits=pick)
    def set_up(self, first: datetime, upcoming: int | None, limits: int) -> None:
        self.now = first
        self.admin: User = make_admin()
        ClinicSettings.objects.update(
            horizon_days=DAYS_AHEAD, booking_notice_minutes=0, slot_minutes=30, upcoming_limit=upcoming
        )
        self.place: Place = make_place("Asia/Kathmandu")
        self.rooms: list[Room] = [make_room(), make_room(place=self.place)]
        self.visits: list[Visit | None] = [
            None,
            make_visit_type(duration_minutes=60, buffer_after_minutes=15),
            make_visit_type(duration_minutes=30, needs_room=True),
            make_visit_type(duration_minutes=20, buffer_before_minutes=10),
        ]
        day_limit = [None, 2, 4][limits % 3]
        self.doctors: list[Doctor] = [make_doctor(day_limit=day_limit), make_doctor()]
        self.patients: list[Patient] = [make_patient() for _ in range(4)]
        self.waiting_patient: Patient = make_patient()  # has no other bookings that could be in the way
        for doctor in self.doctors:
            week = [Hours(weekday, 9 * 60, 12 * 60, 30) for weekday in range(7)]
            week += [Hours(weekday, 20 * 60, 22 * 60, 30, place=self.place.pk) for weekday in range(7)]
            set_working_hours(doctor=doctor, week=week, now=self.now)
            generate_slots(doctor=doctor, now=self.now)

    # Picking rows. Rows are sorted by creation or time, since their ids are random.

    def doctor(self, number: int) -> Doctor:
        return Doctor.objects.get(pk=self.doctors[number % len(self.doctors)].pk)

    def patient(self, number: int) -> Patient:
        return self.patients[number % len(self.patients)]

    def visit(self, number: int) -> Visit | None:
        visit = self.visits[number % len(self.visits)]
        return visit and Visit.objects.get(pk=visit.pk)

    def slot(self, number: int) -> Slot | None:
        slots = list(Slot.objects.live().filter(starts_at__gt=self.now - DAY).select_related("doctor"))
        slots.sort(key=lambda slot: (slot.starts_at, self.doctors.index(slot.doctor)))
        return slots[number % len(slots)] if slots else None

    def booking(self, number: int, **filters: Any) -> Booking | None:
        found = list(Booking.objects.shown().filter(**filters).order_by("created_at", "starts_at"))
        return found[number % len(found)] if found else None

    def offer(self, number: int) -> WaitlistOffer | None:
        offers = WaitlistOffer.objects.filter(outcome="open").select_related("entry__patient")
        found = list(offers.order_by("created_at", "ends_at"))
        return found[number % len(found)] if found else None

    def day(self, number: int) -> date:
        return self.now.astimezone(current_clinic().zone).date() + timedelta(days=number % (DAYS_AHEAD + 1))

    def attempt(self, action: Callable[[], object]) -> None:
        """Run the action, a second after the previous one. A refusal must leave nothing behind."""
        self.now += timedelta(seconds=1)
        with suppress(DomainError), transaction.atomic():
            action()

    # Patients and the front desk

    @rule(slot=pick, patient=pick, visit=pick, by_staff=st.booleans(), overbook=st.booleans())
    def book(self, slot: int, patient: int, visit: int, by_staff: bool, overbook: bool) -> None:
        chosen, who = self.slot(slot), self.patient(patient)
        if chosen is not None:
            self.attempt(
                lambda: book_slot(
                    slot_id=chosen.pk,
                    patient=who,
                    by=self.admin if by_staff else user_of(who),
                    visit_type=self.visit(visit),
                    overbook=overbook,
                    now=self.now,
                )
            )

    @rule(slot=pick, patient=pick, visit=pick)
    def hold(self, slot: int, patient: int, visit: int) -> None:
        chosen, who = self.slot(slot), self.patient(patient)
        if chosen is not None:
            self.attempt(
                lambda: hold_slot(
                    slot_id=chosen.pk,
                    patient=who,
                    by=user_of(who),
                    visit_type=self.visit(visit),
                    now=self.now,
                )
            )

    @rule(number=pick, confirm=st.booleans())
    def answer_hold(self, number: int, confirm: bool) -> None:
        hold = self.booking(number, status="HELD", offer=None)
        if hold is None:
            return
        by = user_of(hold.patient)
        if confirm:
            self.attempt(lambda: confirm_hold(hold_id=hold.pk, patient=hold.patient, by=by, now=self.now))
        else:
            own = Patient.objects.of_user(by)
            self.attempt(lambda: release_hold(hold_id=hold.pk, patients=own, by=by, now=self.now))

    @rule(number=pick, slot=pick, by_staff=st.booleans())
    def move(self, number: int, slot: int, by_staff: bool) -> None:
        booking, chosen = self.booking(number, only_held=False), self.slot(slot)
        if booking is not None and chosen is not None:
            by = self.admin if by_staff else user_of(booking.patient)
            self.attempt(lambda: reschedule_booking(booking=booking, slot_id=chosen.pk, by=by, now=self.now))

    @rule(number=pick, by_staff=st.booleans())
    def cancel(self, number: int, by_staff: bool) -> None:
        booking = self.booking(number, only_held=False)
        if booking is not None:
            by = self.admin if by_staff else user_of(booking.patient)
            self.attempt(lambda: cancel_booking(booking=booking, by=by, now=self.now))

    # The waiting list

    @rule(doctor=pick, visit=pick, first=pick, last=pick)
    def join(self, doctor: int, visit: int, first: int, last: int) -> None:
        """Join the list, unless a time that suits is open already: nobody needs to wait for that."""
        days = sorted([self.day(first), self.day(last)])
        request = WaitlistRequest(
            first=days[0], last=days[1], doctor=self.doctor(doctor), visit_type=self.visit(visit)
        )

        def join_if_nothing_is_open() -> None:
            join_waitlist(
                patient=self.waiting_patient, by=user_of(self.waiting_patient), request=request, now=self.now
            )
            if self.possible_offers():
                transaction.set_rollback(True)

        self.attempt(join_if_nothing_is_open)

    def possible_offers(self) -> list[WaitlistOffer]:
        """Return the offers that could be made now, without making them."""
        with transaction.atomic():
            offers = offer_open_times(opened=[any_time_of(None, now=self.now)], now=self.now)
            transaction.set_rollback(True)
        return offers

    @rule(number=pick)
    def leave(self, number: int) -> None:
        entries = list(WaitlistEntry.objects.filter(status__in=["waiting", "offered"]).order_by("created_at"))
        if entries:
            entry = entries[number % len(entries)]
            self.attempt(lambda: leave_waitlist(entry=entry, by=user_of(entry.patient), now=self.now))

    @rule(number=pick, accept=st.booleans())
    def answer_offer(self, number: int, accept: bool) -> None:
        offer = self.offer(number)
        if offer is not None:
            by = user_of(offer.entry.patient)
            answer: Callable[..., object] = accept_offer if accept else decline_offer
            self.attempt(lambda: answer(offer=offer, by=by, now=self.now))

    # Doctors' hours, time off and slots

    @rule(doctor=pick, interval=pick, length=st.sampled_from([20, 30, 45]), two_places=st.booleans())
    def change_week(self, doctor: int, interval: int, length: int, two_places: bool) -> None:
        opens, closes = INTERVALS[interval % len(INTERVALS)]
        week = [Hours(weekday, opens, closes, length) for weekday in range(7)]
        if two_places:
            week += [Hours(weekday, 20 * 60, 22 * 60, 30, place=self.place.pk) for weekday in range(7)]
        changed = self.doctor(doctor)
        self.attempt(lambda: set_working_hours(doctor=changed, week=week, by=self.admin, now=self.now))
        self.regenerate(changed)

    @rule(doctor=pick, day=pick, interval=pick, action=st.sampled_from(["close", "open", "remove"]))
    def change_day(self, doctor: int, day: int, interval: int, action: str) -> None:
        changed, on = self.doctor(doctor), self.day(day)
        intervals = [INTERVALS[interval % len(INTERVALS)]] if action == "open" else []
        if action == "remove":
            self.attempt(lambda: remove_exception(doctor=changed, day=on, by=self.admin, now=self.now))
        else:
            self.attempt(
                lambda: set_exception(
                    doctor=changed, day=on, intervals=intervals, slot_minutes=30, by=self.admin, now=self.now
                )
            )
        self.regenerate(changed)

    @rule(doctor=pick, day=pick, interval=pick, whole_clinic=st.booleans(), others=st.sampled_from(Action))
    def take_time_off(self, doctor: int, day: int, interval: int, whole_clinic: bool, others: Action) -> None:
        opens, closes = [*INTERVALS, (0, 24 * 60)][interval % 5]
        spec = TimeOffSpec(first=self.day(day), last=self.day(day), opens=opens, closes=closes)
        absent = None if whole_clinic else self.doctor(doctor)
        self.attempt(
            lambda: give_time_off(doctor=absent, spec=spec, others=others, by=self.admin, now=self.now)
        )
        self.regenerate(absent)

    @rule(number=pick, revert=st.booleans())
    def revoke(self, number: int, revert: bool) -> None:
        standing = list(TimeOff.objects.standing().order_by("created_at"))
        if standing:
            time_off = standing[number % len(standing)]
            self.attempt(
                lambda: revoke_time_off(time_off=time_off, revert=revert, by=self.admin, now=self.now)
            )
            self.regenerate(time_off.doctor)

    @rule(number=pick, action=st.sampled_from(["block", "free", "withdraw", "move", "add"]))
    def change_slots(self, number: int, action: str) -> None:
        slot = self.slot(number)
        if slot is None:
            return
        start = slot.starts_at + 10 * MINUTE
        changes: dict[str, Callable[[], object]] = {
            "block": lambda: change_slot(slot=slot, status="blocked", by=self.admin, now=self.now),
            "free": lambda: change_slot(slot=slot, status="free", by=self.admin, now=self.now),
            "move": lambda: change_slot(
                slot=slot, starts_at=start, ends_at=start + 30 * MINUTE, by=self.admin, now=self.now
            ),
            "withdraw": lambda: withdraw_slot(slot=slot, by=self.admin, now=self.now),
            "add": lambda: add_slots(
                doctor=slot.doctor,
                periods=[(slot.ends_at, slot.ends_at + 30 * MINUTE)],
                by=self.admin,
                now=self.now,
            ),
        }
        self.attempt(changes[action])

    def regenerate(self, doctor: Doctor | None) -> None:
        """Regenerate slots, as the worker does within seconds of the change."""
        for changed in [doctor] if doctor else self.doctors:
            generate_slots(doctor=Doctor.objects.get(pk=changed.pk), now=self.now)

    # Time passes

    @rule(minutes=st.sampled_from([4, 11, 45, 600]), worker_runs=st.booleans())
    def wait(self, minutes: int, worker_runs: bool) -> None:
        self.now += minutes * MINUTE
        if worker_runs:
            for hold in Booking.objects.filter(status="HELD", held_until__lte=self.now):
                expire_hold(booking_id=hold.pk, now=self.now)
            self.regenerate(None)

    # Invariants, computed from the rows without the product's own queries

    def live_bookings(self) -> list[Booking]:
        rows = Booking.objects.filter(status__in=["HELD", "PENDING", "CONFIRMED", "CHECKED_IN", "COMPLETED"])
        return list(rows.select_related("slot").order_by("starts_at"))

    @invariant()
    def no_doctor_patient_or_room_is_in_two_visits(self) -> None:
        used: dict[object, list[tuple[datetime, datetime]]] = defaultdict(list)
        for booking in self.live_bookings():
            busy = (booking.busy_from or booking.starts_at, booking.busy_until or booking.ends_at)
            used["patient", booking.patient_id].append((booking.starts_at, booking.ends_at))
            if not booking.overbooked:
                used["doctor", booking.doctor_id].append(busy)
            if booking.room_id:
                used["room", booking.room_id].append(busy)
        for owner, periods in used.items():
            for earlier, later in pairwise(sorted(periods)):
                assert earlier[1] <= later[0], f"{owner} is in two visits at {later[0]}"

    @invariant()
    def slots_of_a_doctor_do_not_overlap(self) -> None:
        for doctor in getattr(self, "doctors", []):
            live = Slot.objects.exclude(status="withdrawn").filter(doctor=doctor).order_by("starts_at")
            for earlier, later in pairwise(live.values_list("starts_at", "ends_at")):
                assert earlier[1] <= later[0]

    @invariant()
    def the_history_ends_with_the_state(self) -> None:
        ended = {"CANCELLED": {"cancelled", "released"}, "HELD": {"held"}}
        for booking in Booking.objects.prefetch_related("events"):
            kinds = [event.kind for event in booking.events.all()]
            expected = ended.get(booking.status, {"booked", "confirmed", "rescheduled"})

            assert kinds[0] in {"held", "booked"}
            assert kinds[-1] in expected, f"{booking.status} after {kinds}"

    @invariant()
    def an_open_offer_is_a_hold_of_an_entry_with_an_offer(self) -> None:
        open_offers = WaitlistOffer.objects.filter(outcome="open").select_related("booking", "entry")
        for offer in open_offers:
            assert (offer.booking.status, offer.entry.status) == ("HELD", "offered")
            assert offer.booking.held_until == offer.ends_at
        offered = WaitlistEntry.objects.filter(status="offered")
        assert offered.count() == open_offers.count()

    @invariant()
    def every_time_that_opened_was_offered_to_the_waiting_list(self) -> None:
        assert self.possible_offers() == []

    @invariant()
    def a_hold_stands_on_offered_slots(self) -> None:
        for hold in self.live_bookings():
            if hold.status == "HELD" and hold.held_until and hold.held_until > self.now < hold.starts_at:
                slots = Slot.objects.filter(
                    doctor=hold.doctor_id, starts_at__lt=hold.ends_at, ends_at__gt=hold.starts_at
                ).exclude(status="withdrawn")

                assert slots.count() > 0
                assert all(slot.status == "free" and slot.fits_hours for slot in slots)

    @invariant()
    def no_patient_exceeds_the_limit_of_upcoming_bookings(self) -> None:
        limit = ClinicSettings.objects.get().upcoming_limit
        if limit is None:
            return
        upcoming: dict[object, int] = defaultdict(int)
        by_patient = BookingEvent.objects.filter(by__role="patient", kind__in=["booked", "held"])
        made_by_patient = set(by_patient.values_list("booking", flat=True))
        for booking in self.live_bookings():
            expired = booking.status == "HELD" and booking.held_until and booking.held_until <= self.now
            if booking.pk in made_by_patient and booking.ends_at > self.now and not expired:
                upcoming[booking.patient_id] += 1

        assert max(upcoming.values(), default=0) <= limit


def run_sequences(max_examples: int) -> None:
    """Run random sequences of thirty actions, and check all invariants after each action."""
    run_state_machine_as_test(
        RandomSequence,
        settings=settings(
            max_examples=max_examples,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.explicit, Phase.generate],
            database=None,
        ),
    )


@pytest.mark.property
def test_any_sequence_of_actions_keeps_every_invariant(clinic: Clinic) -> None:
    until = time.monotonic() + float(os.environ.get("MINUTES", "0")) * 60
    run_sequences(examples(quick=2, full=40))
    while time.monotonic() < until:
        run_sequences(200)
