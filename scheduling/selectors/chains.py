"""Visits in a row: which there are, and at which times they can be booked."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from clinics.models import ClinicSettings
from clinics.selectors import clinic_settings
from scheduling import open_times_sql as sql
from scheduling.chaining import Opening, rows_of
from scheduling.models import Chain, ChainStep, Place, VisitType
from scheduling.models.visits import kept_around
from scheduling.planning import LONGEST_SLOT
from scheduling.selectors.availability import run_availability_sql
from scheduling.selectors.windows import booking_window
from tenants.base.clock import day_start
from tenants.base.errors import NotFound
from tenants.door import current_clinic

_MAX_OPTIONS = 50
_SEARCH_STEP = timedelta(days=7)
"""At a time: mostly a week has as many as are shown."""


@dataclass(frozen=True, slots=True)
class ChainTime:
    """When one visit of a chain could be, and where."""

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
    """Those that can be booked by somebody, by name, with their steps."""
    steps = ChainStep.objects.filter(chain=OuterRef("pk"))
    in_use = Chain.objects.filter(Exists(steps), ~Exists(steps.filter(visit_type__is_active=False)))
    return in_use.filter(is_active=True).prefetch_related("steps__visit_type").order_by("name")


def chains_offered() -> QuerySet[Chain]:
    """Those that patients can book, by name."""
    for_staff = ChainStep.objects.filter(chain=OuterRef("pk"), visit_type__who_may_book=VisitType.Who.STAFF)
    return chains_in_use().filter(~Exists(for_staff))


def chain_meant(chain_id: uuid.UUID, among: QuerySet[Chain]) -> Chain:
    """The chain of that id.

    :raises NotFound: it is not among them
    """
    chain = among.filter(pk=chain_id).first()
    if chain is None:
        raise NotFound
    return chain


def chain_options(
    chain: Chain, *, first: date, last: date, limit: int = _MAX_OPTIONS, now: datetime
) -> list[list[ChainTime]]:
    """When the visits of a chain can be one after the other, soonest first. Days are the clinic's own."""
    zone, steps, settings = current_clinic().zone, list(chain.steps.all()), clinic_settings()
    places: dict[uuid.UUID | None, Place] = {place.pk: place for place in Place.objects.all()}
    found: list[list[ChainTime]] = []
    begin, end = day_start(first, zone), day_start(last + timedelta(days=1), zone)
    while begin < end and len(found) < limit:
        until = min(begin + _SEARCH_STEP, end)
        openings = _openings_of_steps(steps, settings, begin=max(begin, now), until=until, now=now)
        for row in islice(rows_of(openings), limit - len(found)):
            found.append([_chain_time(one, step, places) for one, step in zip(row, steps, strict=True)])
        begin = until
    return found


def _openings_of_steps(
    steps: Sequence[ChainStep], settings: ClinicSettings, *, begin: datetime, until: datetime, now: datetime
) -> list[tuple[list[Opening], timedelta]]:
    """Of each step when it is open, for chains whose first visit begins between two instants."""
    found: list[tuple[list[Opening], timedelta]] = []
    for step in steps:
        wait = timedelta(minutes=step.longest_wait_minutes)
        if found:  # later ones may begin as much later as those before last, and as people wait
            until += timedelta(minutes=LONGEST_SLOT) + wait
        openings = list(_openings_of_visit_type(step.visit_type, settings, begin=begin, until=until, now=now))
        found.append((openings, wait))
        if not openings:
            return []
    return found


def _openings_of_visit_type(
    visit_type: VisitType, settings: ClinicSettings, *, begin: datetime, until: datetime, now: datetime
) -> Iterator[Opening]:
    """When such a visit is open."""
    window = booking_window(settings, visit_type=visit_type, now=now)
    values: dict[str, Any] = {"soonest": max(begin, window.soonest), "before": min(until, window.before)}
    if values["before"] <= values["soonest"]:
        return
    for slot, doctor, place, starts_at, ends_at in run_availability_sql(
        sql.OPEN_PERIODS, values, whose="", visit_type=visit_type, now=now
    ):
        yield Opening(slot, doctor, place, starts_at, ends_at, *kept_around(visit_type, starts_at, ends_at))


def _chain_time(one: Opening, step: ChainStep, places: dict[uuid.UUID | None, Place]) -> ChainTime:
    """An opening with what it is for and where."""
    return ChainTime(
        slot=one.slot,
        doctor=one.doctor,
        visit_type=step.visit_type_id,
        place=places.get(one.place),
        starts_at=one.starts_at,
        ends_at=one.ends_at,
    )
