"""Chains of visits, and the times at which they can be booked."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from clinics.models import ClinicSettings
from clinics.selectors import clinic_settings
from scheduling.availability import sql
from scheduling.availability.booking_window import booking_window, notice_period
from scheduling.availability.open_slots import run_availability_sql
from scheduling.clock.planning import LONGEST_SLOT
from scheduling.models import Chain, ChainStep, Place, VisitType
from scheduling.models.visit_types import with_buffers
from scheduling.visit_chains.sequencing import Opening, find_sequences
from tenants.base.clock import day_start
from tenants.base.errors import NotFound
from tenants.current import current_clinic

_MAX_OPTIONS = 50
_SEARCH_STEP = timedelta(days=7)
"""The span that is searched at a time. One week usually has enough options."""


@dataclass(frozen=True, slots=True)
class ChainTime:
    """A time and place for one visit of a chain."""

    slot: uuid.UUID
    doctor: uuid.UUID
    visit_type: uuid.UUID
    place: Place | None
    starts_at: datetime
    ends_at: datetime

    @property
    def place_id(self) -> uuid.UUID | None:
        """The place's id; None at the clinic's own address."""
        return self.place.pk if self.place else None


def chains_in_use() -> QuerySet[Chain]:
    """The chains that can be booked, by patients or staff, by name and with their steps."""
    steps = ChainStep.objects.filter(chain=OuterRef("pk"))
    in_use = Chain.objects.filter(Exists(steps), ~Exists(steps.filter(visit_type__is_active=False)))
    return in_use.filter(is_active=True).prefetch_related("steps__visit_type").order_by("name")


def chains_offered() -> QuerySet[Chain]:
    """The chains that patients can book, by name."""
    for_staff = ChainStep.objects.filter(chain=OuterRef("pk"), visit_type__who_may_book=VisitType.Who.STAFF)
    return chains_in_use().filter(~Exists(for_staff))


def get_chain(chain_id: uuid.UUID, chains: QuerySet[Chain]) -> Chain:
    """The chain with that id.

    :raises NotFound: it is not in the queryset
    """
    chain = chains.filter(pk=chain_id).first()
    if chain is None:
        raise NotFound
    return chain


def chain_options(
    chain: Chain, *, first: date, last: date, limit: int = _MAX_OPTIONS, now: datetime
) -> list[list[ChainTime]]:
    """The times at which the visits of a chain can follow each other, soonest first.

    :param first: the first of the clinic's days to search
    :param last: the last day, inclusive
    """
    zone, steps, settings = current_clinic().zone, list(chain.steps.all()), clinic_settings()
    places: dict[uuid.UUID | None, Place] = {place.pk: place for place in Place.objects.all()}
    found: list[list[ChainTime]] = []
    begin, end = day_start(first, zone), day_start(last + timedelta(days=1), zone)
    while begin < end and len(found) < limit:
        until = min(begin + _SEARCH_STEP, end)
        openings = _openings_of_steps(steps, settings, begin=max(begin, now), until=until, now=now)
        for sequence in islice(find_sequences(openings), limit - len(found)):
            visits = zip(sequence, steps, strict=True)
            found.append([_chain_time(opening, step, places) for opening, step in visits])
        begin = until
    return found


def options_until(chain: Chain, options: Iterable[Sequence[ChainTime]]) -> datetime | None:
    """When the first of the options can no longer be booked; None if there are none."""
    settings, steps = clinic_settings(), list(chain.steps.all())
    notices = [notice_period(settings, step.visit_type) for step in steps]
    ends = [
        visit.starts_at - notice for option in options for visit, notice in zip(option, notices, strict=True)
    ]
    return min(ends, default=None)


def _openings_of_steps(
    steps: Sequence[ChainStep], settings: ClinicSettings, *, begin: datetime, until: datetime, now: datetime
) -> list[tuple[list[Opening], timedelta]]:
    """The openings and the longest wait of each step, for chains that begin between two instants.

    Empty if a step has no opening.
    """
    found: list[tuple[list[Opening], timedelta]] = []
    for step in steps:
        wait = timedelta(minutes=step.longest_wait_minutes)
        if found:  # a later step may begin later, by the length of the previous visit and the wait
            until += timedelta(minutes=LONGEST_SLOT) + wait
        openings = list(_openings_of_visit_type(step.visit_type, settings, begin=begin, until=until, now=now))
        found.append((openings, wait))
        if not openings:
            return []
    return found


def _openings_of_visit_type(
    visit_type: VisitType, settings: ClinicSettings, *, begin: datetime, until: datetime, now: datetime
) -> Iterator[Opening]:
    """The openings for a visit of that type."""
    window = booking_window(settings, visit_type=visit_type, now=now)
    params: dict[str, Any] = {"soonest": max(begin, window.soonest), "before": min(until, window.before)}
    if params["before"] <= params["soonest"]:
        return
    for slot, doctor, place, starts_at, ends_at in run_availability_sql(
        sql.OPEN_PERIODS, params, doctor_condition="", visit_type=visit_type, now=now
    ):
        yield Opening(slot, doctor, place, starts_at, ends_at, *with_buffers(visit_type, starts_at, ends_at))


def _chain_time(opening: Opening, step: ChainStep, places: dict[uuid.UUID | None, Place]) -> ChainTime:
    """An opening with its visit type and place."""
    return ChainTime(
        slot=opening.slot,
        doctor=opening.doctor,
        visit_type=step.visit_type_id,
        place=places.get(opening.place),
        starts_at=opening.starts_at,
        ends_at=opening.ends_at,
    )
