"""Chains of visits: compare the search with a check of every combination."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from scheduling.visit_chains.sequencing import Opening, find_sequences

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
Steps = list[tuple[list[Opening], timedelta]]


def opening(
    number: int, begins: int, *, lasts: int = 30, doctor: int = 1, place: int = 0, gap: int = 0
) -> Opening:
    """An opening `begins` minutes after noon, with buffers of `gap` minutes before and after."""
    starts_at = NOON + timedelta(minutes=begins)
    ends_at = starts_at + timedelta(minutes=lasts)
    buffer = timedelta(minutes=gap)
    place_id = UUID(int=place) if place else None
    return Opening(
        UUID(int=number), UUID(int=doctor), place_id, starts_at, ends_at, starts_at - buffer, ends_at + buffer
    )


def all_sequences(steps: Steps) -> list[tuple[Opening, ...]]:
    """Find the sequences by trying every combination."""
    sequences = [
        sequence for sequence in product(*(openings for openings, _ in steps)) if is_valid(sequence, steps)
    ]
    return sorted(sequences, key=lambda sequence: [(visit.starts_at, visit.slot) for visit in sequence])


def is_valid(sequence: Sequence[Opening], steps: Steps) -> bool:
    """Whether the visits follow each other, and no doctor is busy with two at once."""
    for number in range(1, len(sequence)):
        wait = sequence[number].starts_at - sequence[number - 1].ends_at
        if (
            not timedelta() <= wait <= steps[number][1]
            or sequence[number].place != sequence[number - 1].place
        ):
            return False
    return not any(
        visit.doctor == previous.doctor
        and visit.busy_from < previous.busy_until
        and previous.busy_from < visit.busy_until
        for index, visit in enumerate(sequence)
        for previous in sequence[:index]
    )


openings = st.builds(
    opening,
    st.integers(1, 10_000),
    st.integers(0, 24).map(lambda n: n * 10),
    lasts=st.sampled_from([10, 20, 30]),
    doctor=st.integers(1, 2),
    place=st.integers(0, 1),
    gap=st.sampled_from([0, 0, 10, 40]),
)
steps_of_a_chain = st.lists(
    st.tuples(
        st.lists(openings, max_size=8, unique_by=lambda opening: opening.slot),
        st.integers(0, 6).map(lambda n: timedelta(minutes=n * 10)),
    ),
    min_size=1,
    max_size=3,
)


@given(steps_of_a_chain)
def test_the_search_finds_the_same_sequences_as_a_check_of_every_combination(steps: Steps) -> None:
    assert list(find_sequences(steps)) == all_sequences(steps)


def test_the_next_visit_may_start_from_the_end_of_the_previous_one_to_the_end_of_the_wait() -> None:
    first = opening(1, 0)
    later = [opening(number, begins, doctor=2) for number, begins in ((2, 29), (3, 30), (4, 40), (5, 41))]

    sequences = list(find_sequences([([first], timedelta()), (later, timedelta(minutes=10))]))

    assert sequences == [(first, later[1]), (first, later[2])]


def test_a_doctor_can_do_both_visits_if_the_buffered_times_do_not_overlap() -> None:
    first = opening(1, 0, gap=5)
    later = [opening(number, begins, gap=5) for number, begins in ((2, 30), (3, 39), (4, 40))]

    assert list(find_sequences([([first], timedelta()), (later, timedelta(hours=1))])) == [(first, later[2])]


def test_without_steps_there_are_no_sequences() -> None:
    assert list(find_sequences([])) == []
