"""Visits in a row: which open times follow each other. Pure: no Django, no clock, no I/O."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Opening:
    """A time at which one visit could be, and what it would keep its doctor for."""

    slot: UUID
    doctor: UUID
    place: UUID | None
    starts_at: datetime
    ends_at: datetime
    busy_from: datetime
    busy_until: datetime


class _Step:
    """The openings of one visit of the row, to be looked up by place and time."""

    def __init__(self, openings: Sequence[Opening], longest_wait: timedelta) -> None:
        self.longest_wait = longest_wait
        self.openings = sorted(openings, key=lambda one: (one.starts_at, one.slot))
        self.at_place: dict[UUID | None, list[Opening]] = defaultdict(list)
        for one in self.openings:
            self.at_place[one.place].append(one)

    def after(self, earlier: Opening) -> Iterator[Opening]:
        """Those that begin once `earlier` is over, at the same place, before anybody has waited too long."""
        there = self.at_place.get(earlier.place, [])
        begin = bisect_left(there, earlier.ends_at, key=lambda one: one.starts_at)
        latest = earlier.ends_at + self.longest_wait
        return takewhile(lambda one: one.starts_at <= latest, (there[n] for n in range(begin, len(there))))


def rows_of(steps: Sequence[tuple[Sequence[Opening], timedelta]]) -> Iterator[tuple[Opening, ...]]:
    """Every way to take an opening of each step, one after the other; those that begin soonest come first.

    :param steps: of each visit its openings, and how long after the visit before it may begin at most
    """
    pruned = _prune_dead_ends([_Step(openings, wait) for openings, wait in steps])
    return _search((), pruned) if pruned else iter(())


def _prune_dead_ends(steps: Sequence[_Step]) -> list[_Step]:
    """The same without openings from which nothing follows, so that the search runs into few dead ends."""
    kept = list(steps[-1:])
    for step in reversed(steps[:-1]):
        onward = [
            one
            for one in step.openings
            if any(_no_doctor_conflict((one,), later) for later in kept[0].after(one))
        ]
        kept.insert(0, _Step(onward, step.longest_wait))
    return kept


def _search(taken: tuple[Opening, ...], steps: Sequence[_Step]) -> Iterator[tuple[Opening, ...]]:
    if len(taken) == len(steps):
        yield taken
        return
    step = steps[len(taken)]
    for one in step.after(taken[-1]) if taken else step.openings:
        if _no_doctor_conflict(taken, one):
            yield from _search((*taken, one), steps)


def _no_doctor_conflict(taken: Sequence[Opening], later: Opening) -> bool:
    """Whether no doctor would be busy with two of them at once."""
    return all(
        one.doctor != later.doctor or one.busy_until <= later.busy_from or later.busy_until <= one.busy_from
        for one in taken
    )
