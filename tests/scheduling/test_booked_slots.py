"""Slots that are plainly booked: patients are turned away before anything is tried for them."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import OperationalError, transaction

from clinics.models import Doctor, Patient
from scheduling.availability_cache import look_up
from scheduling.errors import SlotTaken
from scheduling.models import Booking, Slot
from scheduling.services import booking, turns
from scheduling.services.booking import book_slot
from scheduling.services.cancelling import cancel_booking
from scheduling.services.holding import hold_slot
from scheduling.services.turns import Wanted
from tenants.accounts.models import AuditEntry, User
from tenants.models import Clinic
from tests.drills.house import wait_until
from tests.factories.client import ClinicClient
from tests.factories.people import make_patient, user_of
from tests.factories.queries import queries_of
from tests.factories.schedule import make_booking, make_slot, shown
from tests.factories.visits import make_visit_type

AsUser = Callable[..., ClinicClient]
BOOKINGS = "/api/appointments/bookings/"


@pytest.fixture
def clinic(committed_clinic: Clinic) -> Clinic:
    """One whose bookings are committed: an answer is kept once no change is under way."""
    return committed_clinic


@pytest.fixture
def slot(doctor: Doctor, now: datetime) -> Slot:
    """A slot an hour from now."""
    return make_slot(doctor, now + timedelta(hours=1))


@pytest.fixture
def other(doctor: Doctor, now: datetime) -> Slot:
    """An open slot beside it."""
    return make_slot(doctor, now + timedelta(hours=2))


def wanted(slot_id: UUID) -> Wanted:
    return Wanted(slot_id, None, lambda: None)


def refuse(slot: Slot, *, now: datetime) -> None:
    """As whoever tries after another one."""
    asked = wanted(slot.pk)
    asked.refuse_if_booked(asked.look_up(to_keep=True), now=now)


def another_waits_for(slot: Slot) -> bool:
    """Whether somebody who wants the slot waits as long as anybody does."""

    def try_for_it() -> float:
        began = time.monotonic()
        with turns.in_turn(wanted(slot.pk)):
            return time.monotonic() - began

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(try_for_it).result() >= turns.LONGEST_TURN


def test_who_comes_second_is_shown_what_is_open_without_a_try(
    slot: Slot, other: Slot, patient: Patient, as_user: AsUser, now: datetime
) -> None:
    make_booking(slot, make_patient(), now=now)
    before = look_up("any").version

    answers = [as_user(patient.user).post(BOOKINGS, {"slot": str(slot.pk)}) for _twice in range(2)]

    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(409, "slot_taken")] * 2
    assert [answer.json()["data"] for answer in answers] == [{"alternatives": shown(other)}] * 2
    assert look_up("any").version == before, "what is kept about open slots still holds"


def test_the_second_to_be_refused_costs_no_query(slot: Slot, other: Slot, now: datetime) -> None:
    make_booking(slot, make_patient(), now=now)

    def refused() -> None:
        with pytest.raises(SlotTaken):
            refuse(slot, now=now)

    assert len(queries_of(refused)) > 0
    assert queries_of(refused) == []


def test_a_slot_that_is_given_back_is_had_at_once(
    slot: Slot, patient: Patient, admin: User, as_user: AsUser, now: datetime
) -> None:
    booked = make_booking(slot, make_patient(), now=now)
    with pytest.raises(SlotTaken):
        refuse(slot, now=now)
    cancel_booking(booking=booked, by=admin, now=now)

    answer = as_user(patient.user).post(BOOKINGS, {"slot": str(slot.pk)})

    assert answer.status_code == 201


def test_what_is_shown_instead_is_open_after_every_change(
    slot: Slot, other: Slot, doctor: Doctor, now: datetime
) -> None:
    later = make_slot(doctor, now + timedelta(hours=3))
    make_booking(slot, make_patient(), now=now)

    with pytest.raises(SlotTaken) as first:
        refuse(slot, now=now)
    make_booking(other, make_patient(), now=now)
    with pytest.raises(SlotTaken) as second:
        refuse(slot, now=now)

    assert first.value.data == {"alternatives": shown(other, later)}
    assert second.value.data == {"alternatives": shown(later)}


def test_a_slot_that_is_only_held_is_left_to_the_database(
    slot: Slot, patient: Patient, now: datetime
) -> None:
    hold_slot(slot_id=slot.pk, patient=patient, by=patient.user, now=now)

    refuse(slot, now=now)

    assert make_booking(slot, patient, now=now).status == Booking.Status.CONFIRMED


def test_a_short_visit_may_have_what_another_leaves_of_a_slot(
    doctor: Doctor, patient: Patient, as_user: AsUser, now: datetime
) -> None:
    long, following = (make_slot(doctor, now + timedelta(hours=n), minutes=60) for n in (1, 2))
    prepared, short = make_visit_type(buffer_before_minutes=30), make_visit_type(duration_minutes=20)
    other = make_patient()
    book_slot(slot_id=following.pk, patient=other, by=user_of(other), visit_type=prepared, now=now)

    asks = [{"slot": str(long.pk), "visit_type": str(each.pk)} for each in (make_visit_type(), short)]
    answers = [as_user(patient.user).post(BOOKINGS, ask).status_code for ask in asks]

    assert answers == [409, 201]


def test_those_who_want_one_slot_take_turns_and_nobody_waits_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(turns, "LONGEST_TURN", 0.05)
    one, another, said = UUID(int=1), UUID(int=2), list[str]()

    def want(slot_id: UUID, name: str) -> None:
        with turns.in_turn(wanted(slot_id)):
            said.append(name)

    with turns.in_turn(wanted(one)), ThreadPoolExecutor(2) as pool:
        second = pool.submit(want, one, "second")
        pool.submit(want, another, "of another slot").result()
        first_said = list(said)
        second.result()

    assert (first_said, said) == (["of another slot"], ["of another slot", "second"])


def test_a_turn_ends_when_it_is_decided_who_has_the_slot(
    slot: Slot, patient: Patient, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "LONGEST_TURN", 0.05)
    with turns.in_turn(wanted(slot.pk)) as turn, transaction.atomic():
        book_slot(slot_id=slot.pk, patient=patient, by=user_of(patient), turn=turn, now=now)
        waited = [another_waits_for(slot)]
        transaction.on_commit(lambda: waited.append(another_waits_for(slot)))

    assert waited == [True, False]


def test_who_wins_leaves_the_answer_for_those_who_wait(
    slot: Slot, other: Slot, patient: Patient, now: datetime
) -> None:
    def wait() -> None:
        with turns.in_turn(wanted(slot.pk)):
            pass

    with turns.in_turn(wanted(slot.pk)) as turn, ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(wait)
        wait_until(lambda: bool(turns.line_of(slot.pk).waiting), "the other to wait")
        book_slot(slot_id=slot.pk, patient=patient, by=user_of(patient), turn=turn, now=now)
        waiting.result()

    with pytest.raises(SlotTaken) as kept:
        wanted(slot.pk).look_up(to_keep=False)
    assert kept.value.data == {"alternatives": shown(other)}


def test_who_wins_alone_asks_nothing_for_others(slot: Slot, patient: Patient, now: datetime) -> None:
    with turns.in_turn(wanted(slot.pk)) as turn:
        book_slot(slot_id=slot.pk, patient=patient, by=user_of(patient), turn=turn, now=now)

    assert wanted(slot.pk).look_up(to_keep=False).value is None


def test_a_booking_stands_whatever_becomes_of_the_answer_for_others(
    slot: Slot, patient: Patient, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = list[object]()

    def gone(slot_id: UUID, **_named: object) -> None:
        asked.append(slot_id)
        raise OperationalError

    monkeypatch.setattr(turns, "when_booked", gone)
    turns.line_of(slot.pk).waiting.add(0)
    with turns.in_turn(wanted(slot.pk)) as turn:
        booked = book_slot(slot_id=slot.pk, patient=patient, by=user_of(patient), turn=turn, now=now)
        turns.line_of(slot.pk).waiting.discard(0)

    assert (asked, booked.status) == ([slot.pk], Booking.Status.CONFIRMED)
    assert not another_waits_for(slot)


def test_who_loses_leaves_the_answer_for_who_comes_next(
    slot: Slot, other: Slot, patient: Patient, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_booking(slot, make_patient(), now=now)
    # The other's commit comes after one has looked.
    monkeypatch.setattr(booking, "check_not_taken", lambda *_claim, **_named: None)

    with turns.in_turn(wanted(slot.pk)) as turn, pytest.raises(SlotTaken) as refused:
        book_slot(slot_id=slot.pk, patient=patient, by=user_of(patient), turn=turn, now=now)

    with pytest.raises(SlotTaken) as kept:
        wanted(slot.pk).look_up(to_keep=False)
    assert refused.value.data == kept.value.data == {"alternatives": shown(other)}


def test_who_comes_first_is_not_held_up_by_a_question(slot: Slot, now: datetime) -> None:
    make_booking(slot, make_patient(), now=now)

    with turns.in_turn(wanted(slot.pk)) as turn:
        assert turn
        assert queries_of(lambda: turn.begin(now=now)) == []


def test_who_comes_next_is_turned_away_before_a_try(slot: Slot, now: datetime) -> None:
    make_booking(slot, make_patient(), now=now)
    with turns.in_turn(wanted(slot.pk)):
        pass

    with turns.in_turn(wanted(slot.pk)) as turn:
        assert turn
        with pytest.raises(SlotTaken):
            turn.begin(now=now)


def test_a_slot_that_has_begun_is_left_to_the_database(slot: Slot, now: datetime) -> None:
    make_booking(slot, make_patient(), now=now)

    refuse(slot, now=slot.starts_at)


def test_without_redis_the_refusal_is_the_same(slot: Slot, other: Slot, now: datetime, settings: Any) -> None:
    make_booking(slot, make_patient(), now=now)
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"}}

    with pytest.raises(SlotTaken) as refused:
        refuse(slot, now=now)

    assert refused.value.data == {"alternatives": shown(other)}


def test_a_repeat_of_the_winners_request_is_answered_as_the_first(
    slot: Slot, patient: Patient, as_user: AsUser
) -> None:
    client, body = as_user(patient.user), {"slot": str(slot.pk)}

    first, again = (client.post(BOOKINGS, body, headers={"Idempotency-Key": "one"}) for _twice in range(2))

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()


def test_who_names_somebody_elses_patient_is_refused_and_it_is_written_down(
    slot: Slot, patient: Patient, as_user: AsUser, now: datetime
) -> None:
    stranger = make_patient()
    make_booking(slot, make_patient(), now=now)
    written = AuditEntry.objects.count()

    answer = as_user(patient.user).post(
        BOOKINGS,
        {"slot": str(slot.pk), "patient": str(stranger.pk)},
        headers={"Idempotency-Key": "two"},
    )

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert AuditEntry.objects.count() == written + 1
