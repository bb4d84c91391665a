"""Many patients want one slot at the same instant: all but one shall hear soon that it is taken.

In one process they try one after another, and the first answer that is put together is kept for the rest.
This spares work and decides nothing: who gets a slot is left to the database.
"""

import json
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock, get_ident

from django.db import DatabaseError, InterfaceError
from django.utils.translation import get_language

from clinics.selectors import clinic_settings
from scheduling.availability_cache import keep, look_up
from scheduling.errors import SlotTaken
from scheduling.models import VisitType
from scheduling.selectors.availability import when_booked
from scheduling.selectors.windows import Window, booking_window
from scheduling.services.refusing import slot_taken
from tenants.cache import Lookup

LONGEST_TURN = 2.0
"""Seconds after which the next does not wait any longer."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A slot, and what for, as a patient asks for it."""

    slot_id: uuid.UUID
    visit_type_id: uuid.UUID | None
    visit_type: Callable[[], VisitType | None]
    """What that means; only asked where the answer is not kept."""

    def look_up(self, *, to_keep: bool) -> Lookup:
        """See whether it is kept that the slot is booked.

        :raises SlotTaken: it is
        """
        lookup = look_up(self._question, to_keep=to_keep)
        if lookup.value is not None:
            raise SlotTaken(json.loads(lookup.value))
        return lookup

    def refuse_if_booked(self, lookup: Lookup, *, window: Window | None = None, now: datetime) -> None:
        """Look for the answer that was not kept, and keep it.

        :param window: when such visits can be booked, where that is known already
        :raises SlotTaken: somebody has the slot, and does not only hold it
        """
        visit_type = self.visit_type()
        booked = when_booked(self.slot_id, visit_type=visit_type, now=now)
        if booked:
            window = window or booking_window(clinic_settings(), visit_type=visit_type, now=now)
            refused = slot_taken(booked, visit_type=visit_type, window=window, now=now)
            keep(self._question, json.dumps(refused.data).encode(), lookup)
            raise refused

    @property
    def _question(self) -> str:
        return f"instead of {self.slot_id} for {self.visit_type_id} in {get_language()}"


@dataclass(slots=True)
class Line:
    """Those who want one slot, in this process."""

    lock: Lock = field(default_factory=Lock)
    waiting: set[int] = field(default_factory=set)
    """Their threads."""
    last_tried: uuid.UUID | None = None


# A slot's is found by its id; that others have the same costs a wait now and then.
_lines = [Line() for _ in range(256)]


def line_of(slot_id: uuid.UUID) -> Line:
    """In which those stand who want the slot."""
    return _lines[slot_id.int % len(_lines)]


class Turn:
    """One's turn to try for a slot. Whoever has waited for it long goes on without."""

    def __init__(self, line: Line, wanted: Wanted) -> None:
        self._line, self._wanted = line, wanted
        line.waiting.add(get_ident())
        self._has_it = line.lock.acquire(timeout=LONGEST_TURN)
        line.waiting.discard(get_ident())
        self._follows = line.last_tried == wanted.slot_id
        line.last_tried = wanted.slot_id

    def begin(self, *, now: datetime) -> None:
        """Hear it from what is kept if somebody has the slot.

        Where it is not kept, look for it only if the one before wanted the same: for who comes first that
        would be one more thing to do before the slot is theirs.

        :raises SlotTaken: somebody has it, and does not only hold it
        """
        lookup = self._wanted.look_up(to_keep=self._follows)
        if self._follows:
            self._wanted.refuse_if_booked(lookup, now=now)

    def lost(self, *, window: Window, now: datetime) -> None:
        """Somebody else was given the slot: say so, and keep that for who comes next.

        :raises SlotTaken: they do not only hold it
        """
        self._wanted.refuse_if_booked(self._wanted.look_up(to_keep=True), window=window, now=now)

    def won(self, *, window: Window, now: datetime) -> None:
        """The slot is one's own for good: let the next try, with their answer at hand if any wait."""
        # What was given stays given, whatever becomes of this.
        with suppress(SlotTaken, DatabaseError, InterfaceError):
            if self._line.waiting:
                lookup = self._wanted.look_up(to_keep=True)
                if lookup.version is not None:
                    self._wanted.refuse_if_booked(lookup, window=window, now=now)
        self.over()

    def over(self) -> None:
        """Let the next try."""
        if self._has_it:
            self._has_it = False
            self._line.lock.release()


@contextmanager
def in_turn(wanted: Wanted | None) -> Iterator[Turn | None]:
    """Let patients who want one slot try one after the other in this process; None: nobody wants one.

    All at once, each would do all the work of booking; who waits finds the slot booked.
    """
    if wanted is None:
        yield None
        return
    turn = Turn(line_of(wanted.slot_id), wanted)
    try:
        yield turn
    finally:
        turn.over()
