"""No path leaves a reminder of a booking that was moved or cancelled, not even at the moment of sending."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from email.message import EmailMessage
from random import Random
from time import perf_counter, process_time
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from clinics.models import ClinicSettings, Doctor, Patient
from notifications.models import Message
from notifications.services import sending, validity
from notifications.services.ledger import drop_all
from notifications.visit_context import period_in_words
from scheduling.account_closure import close_account, erase_patient
from scheduling.bookings.attendance import check_in, complete_booking
from scheduling.bookings.cancel import cancel_booking
from scheduling.clock.recurrence import Unit
from scheduling.clock.time_off import TimeOffSpec
from scheduling.models import Booking
from scheduling.recurring_visits.services import book_series, cancel_series
from scheduling.time_off.decisions import Action
from scheduling.time_off.give import give_time_off
from scheduling.visit_chains.services import book_chain
from tenants.accounts.models import User
from tenants.base.errors import DomainError
from tenants.current import enter_public
from tenants.models import Clinic, QueueLine
from tenants.queue.jobs import Lane
from tenants.queue.runner import run_due_jobs as run_lane
from tests.factories.people import PASSWORD, make_admin, make_dependant, make_doctor, make_patient, user_of
from tests.factories.queue import run_due_jobs
from tests.factories.schedule import make_booking, make_slot
from tests.factories.visit_types import make_chain, make_visit_type
from tests.notifications.conftest import Inbox
from tests.notifications.reminded_visits import VISIT, At, book, move, reminders
from tests.profiles import FULL, examples
from tests.scheduling.random_schedules import rolled_back

pytestmark = pytest.mark.usefixtures("with_reminders")

Cancel = Callable[[Booking, User, datetime], object]


def by_the_patient(booking: Booking, _admin: User, now: datetime) -> object:
    return cancel_booking(booking=booking, by=user_of(booking.patient), now=now)


def by_an_admin(booking: Booking, admin: User, now: datetime) -> object:
    return cancel_booking(booking=booking, by=admin, now=now)


def by_time_off(booking: Booking, admin: User, now: datetime) -> object:
    day = booking.starts_at.date()
    return give_time_off(
        doctor=booking.doctor, spec=TimeOffSpec(day, day), by=admin, others=Action.CANCEL, now=now
    )


def by_closing_the_account(booking: Booking, _admin: User, now: datetime) -> object:
    return close_account(user=user_of(booking.patient), password=PASSWORD, address="192.0.2.1", now=now)


def by_erasing_the_patient(booking: Booking, admin: User, now: datetime) -> object:
    return erase_patient(patient=booking.patient, by=admin, now=now)


def by_moving_it(booking: Booking, admin: User, now: datetime) -> object:
    return move(booking, VISIT + timedelta(days=30), now, by=admin)


@pytest.mark.parametrize(
    "change",
    [
        by_the_patient, by_an_admin, by_time_off, by_closing_the_account, by_erasing_the_patient,
        by_moving_it,
    ],
)  # fmt: skip
@pytest.mark.parametrize("is_planned", [True, False])
def test_no_path_leaves_a_reminder_of_the_former_time(
    doctor: Doctor, patient: Patient, admin: User, now: datetime, *, at: At, change: Cancel, is_planned: bool
) -> None:
    booking = book(doctor, patient, now)
    at(now)
    due = VISIT - timedelta(days=7)
    if is_planned:  # and dropped when the event is planned; otherwise by the check at the time of sending
        change(booking, admin, now)
        at(now)
    else:
        at(due - timedelta(minutes=1))
        change(booking, admin, due)
        delete_jobs_of_events()

    sent = [subject for step in range(8) for subject in at(due + timedelta(days=step))]

    assert [subject for subject in sent if subject.startswith("Reminder")] == []
    assert all(status == "DROPPED" for _offset, status, _reason in reminders(version=0))


def delete_jobs_of_events() -> None:
    """Delete the jobs that plan messages, as if workers had not come to them yet."""
    with enter_public():
        QueueLine.objects.filter(kind="booking_event").delete()


def test_a_series_sends_one_confirmation_and_one_cancellation_that_list_its_visits(
    doctor: Doctor, patient: Patient, now: datetime, at: At, inbox: Inbox
) -> None:
    ClinicSettings.objects.update(reminder_minutes=[24 * 60])
    for week in range(6):
        make_slot(doctor, VISIT + timedelta(weeks=week, hours=-1 if week > 1 else 0))
    booked = book_series(
        patient=patient, by=user_of(patient), doctor=doctor, first=VISIT.date(), clock=600,
        unit=Unit.WEEK, every=1, count=6, now=now,
    )  # fmt: skip

    confirmed = at(now)
    visits = Booking.objects.filter(series=booked.series).order_by("starts_at")
    cancel_series(bookings=visits, by=user_of(patient), now=now)
    cancelled = at(now + timedelta(minutes=10))

    assert confirmed == ["6 appointments booked, from Friday 20 March 2026, 10:00 am (London time)"]
    assert cancelled == ["6 appointments cancelled, from Friday 20 March 2026, 10:00 am (London time)"]
    for email in inbox.mails():
        for kind in ("plain", "html"):
            part = email.get_body((kind,))
            assert part is not None
            days = ("20 March", "27 March", "3 April", "10 April", "17 April", "24 April")
            assert all(f"Friday {day} 2026" in part.get_content() for day in days)
    at_once = Message.objects.filter(kind__in=["confirmation", "cancellation"])
    assert (at_once.filter(status="SENT").count(), at_once.filter(sent_with=None).count()) == (12, 2)
    assert at(VISIT - timedelta(days=1)) == []


def test_a_chain_sends_one_confirmation_that_lists_its_visits(
    doctor: Doctor, patient: Patient, now: datetime, at: At, inbox: Inbox
) -> None:
    nurse = make_doctor(name="Nurse Nell")
    first, second = make_visit_type(duration_minutes=30), make_visit_type(duration_minutes=30)
    first.doctors.add(nurse)
    second.doctors.add(doctor)
    slots = [make_slot(nurse, VISIT), make_slot(doctor, VISIT + timedelta(minutes=30))]
    book_chain(
        chain=make_chain(first, second),
        patient=patient,
        by=user_of(patient),
        slots=[slot.pk for slot in slots],
        now=now,
    )
    alone = make_booking(make_slot(doctor, VISIT + timedelta(hours=3)), patient, now=now)

    subjects = at(now)

    assert sorted(subjects) == [
        "2 appointments booked, from Friday 20 March 2026, 10:00 am (London time)",
        "Appointment booked: Friday 20 March 2026, 1:00 pm (London time)",
    ]
    together = next(mail for mail in inbox.mails() if mail["Subject"].startswith("2 "))
    for kind in ("plain", "html"):
        part = together.get_body((kind,))
        assert part is not None
        assert ("10:00" in part.get_content(), "10:30" in part.get_content()) == (True, True)
    assert Message.objects.exclude(sent_with=None).filter(kind="confirmation").count() == 1
    assert not Message.objects.filter(booking=alone).exclude(sent_with=None).exists()


class _People:
    """Those who take part in all histories."""

    def __init__(self, inbox: Inbox) -> None:
        self.inbox = inbox
        self.admin, self.doctor, patient = make_admin(), make_doctor(), make_patient()
        self.patients = [patient, make_dependant(patient)]
        self.carer = user_of(patient)


class _History:
    """Random changes of bookings, with workers that run from time to time."""

    def __init__(self, people: _People, rng: Random, now: datetime, clock: Any) -> None:
        self.people, self.rng, self.now, self.clock = people, rng, now, clock
        self.begins, self.hours = now.replace(minute=0, second=0), list(range(2, 15 * 24))
        self.bookings: list[Booking] = []
        self.sent: list[tuple[UUID, int, int]] = []
        self.wrong: list[str] = []

    def run(self) -> None:
        """Make some changes."""
        for _step in range(self.rng.randint(6, 14)):
            with suppress(DomainError), transaction.atomic():
                self._change()
            self.now += timedelta(minutes=self.rng.choice([0, 1, 30, 7 * 60, 25 * 60, 4 * 24 * 60]))
            self.clock.move_to(self.now)
            if self.rng.random() < 0.7:
                self._work()

    def _change(self) -> None:
        by, booking = self.people.admin, self.rng.choice(self.bookings or [None])
        hours = self.rng.choice(self.hours)
        self.hours.remove(hours)  # each time is one slot
        starts_at = self.begins + timedelta(hours=hours)
        action = self.rng.choice(["book", "book", "move", "move", "cancel", "attend"])
        if booking is not None:
            booking.refresh_from_db()
        if action == "book" or booking is None:
            patient = self.rng.choice(self.people.patients)
            by = self.rng.choice([self.people.admin, self.people.carer])
            self.bookings.append(book(self.people.doctor, patient, self.now, starts_at=starts_at, by=by))
        elif action == "move":
            move(booking, starts_at, self.now, by=by)
        elif action == "cancel":
            cancel_booking(booking=booking, by=by, now=self.now)
        else:
            service = self.rng.choice([check_in, complete_booking])
            service(booking=booking, by=by, now=self.now)

    def _work(self) -> None:
        inbox = Inbox(self.people.inbox.folder)
        if self.rng.random() < 0.5:
            with enter_public():
                run_lane(Lane.WORK)
            self._drop_others()
            run_due_jobs()
        else:  # those who plan messages are behind: only the check before sending can stop a reminder
            self._drop_others()
            with enter_public():
                run_lane(Lane.DELIVERY)
        for email in inbox.mails():
            if email["Subject"].startswith("Reminder"):
                self._check(email)

    def _drop_others(self) -> None:
        """Drop the messages that are no reminders. Most of the time would be spent on sending them."""
        others = Message.objects.exclude(kind="reminder")
        drop_all(others, because=Message.NotSent.BY_STAFF, now=self.now)

    def _check(self, email: EmailMessage) -> None:
        """Compare a reminder with the bookings as they are."""
        reminders = Message.objects.filter(kind="reminder", sent_with=None, status="SENT")
        text = email.get_body(("plain",))
        assert text is not None
        (leader,) = [message for message in reminders if message.message_id == email["Message-ID"]]
        for message in [leader, *leader.included.all()]:
            booking = Booking.objects.get(pk=message.booking_id)
            told = period_in_words(booking.starts_at, booking.ends_at, None)
            if booking.status != "CONFIRMED" or booking.starts_at <= self.now:
                self.wrong.append(f"{booking.status} at {self.now}")
            elif message.version != booking.version:
                self.wrong.append(f"about version {message.version} of {booking.version}")
            elif not all(told[name] in text.get_content() for name in ("day", "time", "end")):
                self.wrong.append(f"not at {told['time']} on {told['day']}")
            reminder = (booking.pk, message.version, message.offset_minutes)
            if reminder in self.sent:
                self.wrong.append(f"sent twice: {reminder}")
            self.sent.append(reminder)


def run_histories(count: int, seed: int, *, now: datetime, clock: Any, inbox: Inbox) -> tuple[int, list[str]]:
    """Run random histories. Return the number of reminders, and what was wrong."""
    sent, wrong, people = 0, list[str](), _People(inbox)
    for number in range(count):
        with rolled_back():
            clock.move_to(now)
            history = _History(people, Random(seed + number), now, clock)
            history.run()
            sent, wrong = sent + len(history.sent), [*wrong, *history.wrong]
        if wrong:
            break
    return sent, wrong


@pytest.mark.property
@pytest.mark.parametrize("part", range(examples(quick=1, full=40)))
def test_no_reminder_is_sent_for_moved_or_cancelled_bookings_in_random_histories(
    clinic: Clinic, clock: Any, now: datetime, inbox: Inbox, *, part: int
) -> None:
    """In the full profile 40 parts of 50 histories, so that several processes can share them."""
    ClinicSettings.objects.update(unconfirmed_limit=100)
    count = examples(quick=4, full=50)

    # In four histories by chance there may be no reminder at all, so these are the same in each run.
    seed = Random().randrange(2**32) if FULL else 5
    started = process_time(), perf_counter()
    sent, wrong = run_histories(count, seed, now=now, clock=clock, inbox=inbox)

    cpu, wall = process_time() - started[0], perf_counter() - started[1]
    print(  # noqa: T201
        f"part {part}: {count} histories from seed {seed}, {sent} reminders, {len(wrong)} of them wrong; "
        f"{wall / count:.2f} s each, {cpu / count:.2f} s of CPU time"
    )
    assert wrong == []
    assert sent >= count // 4


@pytest.mark.property
def test_control_without_the_check_such_histories_send_wrong_reminders(
    clinic: Clinic, clock: Any, now: datetime, inbox: Inbox, *, monkeypatch: pytest.MonkeyPatch
) -> None:
    ClinicSettings.objects.update(unconfirmed_limit=100)
    monkeypatch.setattr(validity, "_change_of_visit", lambda _message: "")
    monkeypatch.setattr(sending, "claim_for_sending", lambda _message, now: True)

    _sent, wrong = run_histories(25, 1, now=now, clock=clock, inbox=inbox)

    assert wrong
