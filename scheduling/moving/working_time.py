"""Whether a doctor works during a period: by the hours, dated exceptions and slots added by hand."""

import uuid
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from clinics.models import Doctor
from scheduling.calendar.local_times import clinic_day
from scheduling.clock.time_off import Period, overlaps_any
from scheduling.explain.hours_rules import hours_and_time_off_reasons
from scheduling.explain.reasons import Reason, sort_reasons
from scheduling.hours.selectors import planned_working_periods, removed_periods, working_periods
from scheduling.models import Place, Slot
from scheduling.models.slots import MAX_SLOT_LENGTH, SlotQuerySet

_MINUTE = timedelta(minutes=1)


def place_at(doctor: Doctor, at: datetime) -> tuple[bool, uuid.UUID | None]:
    """Whether the doctor works at an instant, and at which place (None: the clinic's own address)."""
    slot = _slots(doctor, at, at + _MINUTE).offered().first()
    if slot is not None:
        return True, slot.place_id
    day = clinic_day(at)
    for period in working_periods(doctor, first=day - timedelta(days=1), last=day):
        if period.starts_at <= at < period.ends_at:
            return True, period.place
    return False, None


def get_place(place_id: uuid.UUID | None) -> Place | None:
    """The place with that id; None: the clinic's own address."""
    return Place.objects.filter(pk=place_id).first() if place_id else None


def outside_hours_reasons(
    doctor: Doctor, begins: datetime, ends: datetime, *, place: uuid.UUID | None
) -> list[Reason]:
    """Why the doctor does not see patients during all of a period at a place; none if the doctor does.

    The period need not follow the slots: from 09:10 to 09:40 is within two slots of half an hour.
    """
    blocked = _slots(doctor, begins, ends).filter(status=Slot.Status.BLOCKED)
    reasons = [Reason("blocked", _("This time is not offered."), {"slot": str(slot.pk)}) for slot in blocked]
    gap = _covered_until((begins, ends), _offered_periods(doctor, begins, ends, place))
    if gap >= ends:
        return reasons
    found = hours_and_time_off_reasons(doctor, gap, ends, place=place)
    if overlaps_any((gap, ends), removed_periods(doctor, first=clinic_day(gap), last=clinic_day(ends))):
        found.append(Reason("withdrawn", _("This time has been removed.")))
    if not found and not reasons:
        found.append(Reason("other_place", _("The doctor does not work at this place then.")))
    unique = {(reason.rule, reason.message): reason for reason in [*reasons, *found]}
    return sort_reasons(unique.values())


def _slots(doctor: Doctor, begins: datetime, ends: datetime) -> SlotQuerySet:
    """The doctor's slots that overlap a period, by start."""
    return Slot.objects.filter(
        doctor=doctor, starts_at__gt=begins - MAX_SLOT_LENGTH, starts_at__lt=ends, ends_at__gt=begins
    ).order_by("starts_at")


def _offered_periods(
    doctor: Doctor, begins: datetime, ends: datetime, place: uuid.UUID | None
) -> list[Period]:
    """The periods around a period in which the doctor sees patients at a place, by start."""
    planned = planned_working_periods(
        doctor, first=clinic_day(begins) - timedelta(days=1), last=clinic_day(ends)
    )
    slots = _slots(doctor, begins, ends).offered().filter(place=place)
    periods = [(period.starts_at, period.ends_at) for period in planned if period.place == place]
    return sorted([*periods, *slots.values_list("starts_at", "ends_at")])


def _covered_until(wanted: Period, periods: list[Period]) -> datetime:
    """Up to when the periods, sorted by start, cover a period from its start without a gap."""
    until, ends = wanted
    for period_begins, period_ends in periods:
        if period_begins > until:
            break
        until = max(until, period_ends)
    return min(until, ends)
