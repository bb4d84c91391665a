"""Find open times at which the visits of a chain follow each other. Pure: no Django, no clock, no I/O."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Opening:
    """An open time for one visit, and the period it would keep its doctor busy: the visit and its buffers."""

    slot: UUID
    doctor: UUID
    place: UUID | None
    starts_at: datetime
    ends_at: datetime
    busy_from: datetime
    busy_until: datetime


class _Step:
    """The openings of one visit of the chain, indexed by place and sorted by start."""

    def __init__(self, openings: Sequence[Opening], longest_wait: timedelta) -> None:
        self.longest_wait = longest_wait
        self.openings = sorted(openings, key=lambda opening: (opening.starts_at, opening.slot))
        self.by_place: dict[UUID | None, list[Opening]] = defaultdict(list)
        for opening in self.openings:
            self.by_place[opening.place].append(opening)

    def after(self, earlier: Opening) -> Iterator[Opening]:
        """The openings at the same place that start after `earlier` ends, within the longest wait."""
        candidates = self.by_place.get(earlier.place, [])
        begin = bisect_left(candidates, earlier.ends_at, key=lambda opening: opening.starts_at)
        latest = earlier.ends_at + self.longest_wait
        following = (candidates[n] for n in range(begin, len(candidates)))
        return takewhile(lambda opening: opening.starts_at <= latest, following)


def find_sequences(steps: Sequence[tuple[Sequence[Opening], timedelta]]) -> Iterator[tuple[Opening, ...]]:
    """Every combination of openings, one for each step, in which the visits follow each other, soonest first.

    :param steps: for each visit its openings and the longest wait after the previous visit
    """
    pruned = _prune_dead_ends([_Step(openings, wait) for openings, wait in steps])
    return _search((), pruned) if pruned else iter(())


def _prune_dead_ends(steps: Sequence[_Step]) -> list[_Step]:
    """The steps without the openings that no opening of the next step can follow."""
    pruned = list(steps[-1:])
    for step in reversed(steps[:-1]):
        openings = [
            opening
            for opening in step.openings
            if any(_no_doctor_conflict((opening,), later) for later in pruned[0].after(opening))
        ]
        pruned.insert(0, _Step(openings, step.longest_wait))
    return pruned


def _search(chosen: tuple[Opening, ...], steps: Sequence[_Step]) -> Iterator[tuple[Opening, ...]]:
    """The sequences that begin with the chosen openings."""
    if len(chosen) == len(steps):
        yield chosen
        return
    step = steps[len(chosen)]
    for opening in step.after(chosen[-1]) if chosen else step.openings:
        if _no_doctor_conflict(chosen, opening):
            yield from _search((*chosen, opening), steps)


def _no_doctor_conflict(chosen: Sequence[Opening], later: Opening) -> bool:
    """Whether no doctor would be busy with the later visit and a chosen one at the same time."""
    return all(
        earlier.doctor != later.doctor
        or earlier.busy_until <= later.busy_from
        or later.busy_until <= earlier.busy_from
        for earlier in chosen
    )
