"""The queue: written with its cause, given to one worker, kept until it is done."""

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from threading import Thread

import pytest
import time_machine
from django.db import connection, transaction

from tenants import queue
from tenants.base.errors import NotFound
from tenants.door import current_clinic, current_clinic_or_none, enter_clinic, enter_public
from tenants.models import Clinic, QueueLine
from tenants.queue import LEASE, LONGEST_WAIT, claim_lines, enqueue, put_back, run_line
from tenants.services.life import resume_clinic, suspend_clinic
from tenants.tasks import sweep_queue
from tests.factories.queue import forget_lines

Done = list[tuple[str, uuid.UUID]]
POISON = uuid.UUID(int=13)


@pytest.fixture
def clinic(clinics: tuple[Clinic, Clinic], db: None) -> Clinic:
    """The London clinic. A worker stands outside of it, as these tests do."""
    return clinics[0]


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> Done:
    """What was done: in which clinic, for which row. `POISON` is a row that cannot be worked on."""
    seen: Done = []

    def note(row_id: uuid.UUID, now: datetime) -> None:
        if row_id == POISON:
            raise ValueError("poison")
        seen.append((current_clinic().slug, row_id))

    monkeypatch.setitem(queue._handlers, "note", note)
    return seen


def write(
    clinic: Clinic, due_at: datetime, row_id: uuid.UUID | None = None, *, kind: str = "note"
) -> QueueLine:
    """A line of that clinic."""
    with enter_clinic(clinic):
        return enqueue(kind=kind, row_id=row_id or uuid.uuid4(), due_at=due_at)


def test_a_line_names_clinic_row_and_time_and_waits_untried(clinic: Clinic, now: datetime) -> None:
    row_id = uuid.uuid4()

    line = write(clinic, now, row_id)

    assert (line.clinic_id, line.kind, line.row_id) == (clinic.pk, "note", row_id)
    assert (line.due_at, line.attempts) == (now, 0)


def test_a_line_goes_with_its_cause(clinic: Clinic, now: datetime) -> None:
    with transaction.atomic():
        write(clinic, now)
        transaction.set_rollback(True)

    assert QueueLine.objects.count() == 0


def test_no_line_is_written_outside_a_clinic(clinic: Clinic, now: datetime) -> None:
    with pytest.raises(NotFound):
        enqueue(kind="note", row_id=uuid.uuid4(), due_at=now)


def test_claim_takes_what_is_due_and_nothing_else(clinic: Clinic, now: datetime) -> None:
    past, just = write(clinic, now - timedelta(days=1)), write(clinic, now)
    write(clinic, now + timedelta(microseconds=1))

    claimed = claim_lines(now=now, limit=10)

    assert claimed == [past, just]
    assert [(line.due_at, line.attempts) for line in claimed] == [(now + LEASE, 1)] * 2


def test_clinics_take_turns(clinic: Clinic, other_clinic: Clinic, now: datetime) -> None:
    busy = [write(clinic, now - timedelta(hours=1)) for _number in range(5)]
    quiet = write(other_clinic, now)

    rounds = [claim_lines(now=now, limit=2), claim_lines(now=now, limit=2)]

    assert rounds == [[busy[0], quiet], [busy[1], busy[2]]]


def test_a_claimed_line_is_left_alone_for_the_length_of_its_lease(clinic: Clinic, now: datetime) -> None:
    line = write(clinic, now)
    claim_lines(now=now, limit=1)

    assert claim_lines(now=now + LEASE - timedelta(microseconds=1), limit=1) == []
    assert claim_lines(now=now + LEASE, limit=1) == [line]


def test_a_line_put_back_untried_is_due_at_once(clinic: Clinic, now: datetime) -> None:
    line = write(clinic, now)

    put_back(claim_lines(now=now, limit=1), now=now)

    line.refresh_from_db()
    assert (line.attempts, claim_lines(now=now, limit=1)) == (0, [line])


def test_the_lines_of_a_suspended_clinic_wait_untried_and_hold_up_no_other(
    clinic: Clinic, other_clinic: Clinic, now: datetime, done: Done
) -> None:
    waiting, next_door = write(clinic, now), write(other_clinic, now)
    suspend_clinic(clinic=clinic)

    while_suspended = sweep_queue()
    waiting.refresh_from_db()
    untouched = (waiting.due_at, waiting.attempts)
    resume_clinic(clinic=clinic)
    after = sweep_queue()

    assert (while_suspended, untouched, after) == (1, (now, 0), 1)
    assert done == [("hudson", next_door.row_id), ("riverside", waiting.row_id)]


def test_a_line_claimed_just_before_its_clinic_was_suspended_goes_back_untried(
    clinic: Clinic, now: datetime, done: Done
) -> None:
    line = write(clinic, now)
    (claimed,) = claim_lines(now=now, limit=1)
    suspend_clinic(clinic=clinic)

    assert run_line(claimed) is False

    line.refresh_from_db()
    assert (done, line.attempts) == ([], 0)


@pytest.fixture
def committed_lines(open_clinic: Clinic, now: datetime) -> Iterator[list[QueueLine]]:
    """Three due lines that every connection sees."""
    with enter_public():
        yield [write(open_clinic, now) for _number in range(3)]
    forget_lines(clinic_id=open_clinic.pk)


def test_two_workers_never_claim_the_same_line(committed_lines: list[QueueLine], now: datetime) -> None:
    theirs: list[QueueLine] = []

    def claim() -> None:
        theirs.extend(claim_lines(now=now, limit=10))
        connection.close()

    other = Thread(target=claim)
    with transaction.atomic():
        mine = claim_lines(now=now, limit=1)
        other.start()
        other.join(timeout=2)
        waited = other.is_alive()

    other.join()
    assert (mine, theirs, waited) == (committed_lines[:1], committed_lines[1:], False)


def test_a_line_that_is_done_is_gone(clinic: Clinic, now: datetime, done: Done) -> None:
    line = write(clinic, now)

    assert run_line(line) is True

    assert done == [("riverside", line.row_id)]
    assert (QueueLine.objects.count(), current_clinic_or_none()) == (0, None)


@pytest.mark.parametrize(
    ("attempts", "wait"),
    [
        (1, timedelta(seconds=10)),
        (2, timedelta(seconds=20)),
        (3, timedelta(seconds=40)),
        (9, timedelta(seconds=2560)),
        (10, LONGEST_WAIT),
        (10_000, LONGEST_WAIT),
    ],
)
def test_a_line_that_failed_waits_longer_each_time(
    clinic: Clinic, now: datetime, done: Done, attempts: int, wait: timedelta
) -> None:
    line = write(clinic, now, POISON)
    line.attempts = attempts

    with time_machine.travel(now, tick=False):
        assert run_line(line) is False

    line.refresh_from_db()
    assert line.due_at == now + wait


def test_a_line_that_nobody_knows_how_to_do_waits(clinic: Clinic, now: datetime) -> None:
    line = write(clinic, now, kind="of another version")

    assert run_line(line) is False
    assert QueueLine.objects.get() == line


def test_a_poison_line_stops_no_other(
    clinic: Clinic, other_clinic: Clinic, now: datetime, done: Done
) -> None:
    poison = write(clinic, now, POISON)
    good = [write(clinic, now), write(other_clinic, now)]

    assert sweep_queue() == 2

    assert sorted(done) == [("hudson", good[1].row_id), ("riverside", good[0].row_id)]
    assert list(QueueLine.objects.all()) == [poison]


def test_a_line_of_a_clinic_that_is_gone_is_run_nowhere(clinic: Clinic, now: datetime, done: Done) -> None:
    line = QueueLine.objects.create(clinic_id=uuid.uuid4(), kind="note", row_id=uuid.uuid4(), due_at=now)

    assert run_line(line) is False

    assert done == []
    assert QueueLine.objects.get() == line
