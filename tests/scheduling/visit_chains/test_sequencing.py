"""Visits in a row: the search against a walk over every combination."""

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
    """An opening so many minutes after noon, with `gap` minutes kept free on either side."""
    starts_at = NOON + timedelta(minutes=begins)
    ends_at = starts_at + timedelta(minutes=lasts)
    kept = timedelta(minutes=gap)
    where = UUID(int=place) if place else None
    return Opening(
        UUID(int=number), UUID(int=doctor), where, starts_at, ends_at, starts_at - kept, ends_at + kept
    )


def every_row(steps: Steps) -> list[tuple[Opening, ...]]:
    """The same by trying everything."""
    rows = [row for row in product(*(openings for openings, _ in steps)) if holds(row, steps)]
    return sorted(rows, key=lambda row: [(one.starts_at, one.slot) for one in row])


def holds(row: Sequence[Opening], steps: Steps) -> bool:
    """Whether the visits follow each other, and no doctor is busy with two at once."""
    for number in range(1, len(row)):
        waits = row[number].starts_at - row[number - 1].ends_at
        if not timedelta() <= waits <= steps[number][1] or row[number].place != row[number - 1].place:
            return False
    return not any(
        one.doctor == other.doctor and one.busy_from < other.busy_until and other.busy_from < one.busy_until
        for place, one in enumerate(row)
        for other in row[:place]
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
        st.lists(openings, max_size=8, unique_by=lambda one: one.slot),
        st.integers(0, 6).map(lambda n: timedelta(minutes=n * 10)),
    ),
    min_size=1,
    max_size=3,
)


@given(steps_of_a_chain)
def test_the_search_finds_what_a_walk_over_every_combination_finds_in_the_same_order(steps: Steps) -> None:
    assert list(find_sequences(steps)) == every_row(steps)


def test_the_next_visit_may_begin_at_the_end_of_the_one_before_and_at_the_end_of_the_wait() -> None:
    first = opening(1, 0)
    later = [opening(number, begins, doctor=2) for number, begins in ((2, 29), (3, 30), (4, 40), (5, 41))]

    rows = list(find_sequences([([first], timedelta()), (later, timedelta(minutes=10))]))

    assert rows == [(first, later[1]), (first, later[2])]


def test_a_doctor_does_both_where_what_is_kept_free_does_not_overlap() -> None:
    first = opening(1, 0, gap=5)
    later = [opening(number, begins, gap=5) for number, begins in ((2, 30), (3, 39), (4, 40))]

    assert list(find_sequences([([first], timedelta()), (later, timedelta(hours=1))])) == [(first, later[2])]


def test_no_steps_give_nothing() -> None:
    assert list(find_sequences([])) == []
