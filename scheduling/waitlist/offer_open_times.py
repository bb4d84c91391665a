"""Offer opened times to the waiting list, in the transaction that opens them.

Whatever opens a time records it (`on_opened`, `on_released`, `on_rules_changed`), and
`tracking_changes` calls `act_on_changes` before the commit. So nobody else gets the time in between.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from clinics.models import ClinicSettings
from clinics.selectors import clinic_settings
from scheduling.availability.booking_window import booking_window
from scheduling.availability.changed_times import OpenedTime, TimeChanges
from scheduling.availability.doctor_limits import has_limits
from scheduling.availability.next_open_slot import tracking_changes
from scheduling.bookings.invalid_holds import end_invalid_holds
from scheduling.calendar.clinic_quiet_hours import quiet_hours
from scheduling.errors import LimitReached, NewPatientsNotAccepted, VisitTypeNotOffered
from scheduling.models import Booking, Slot, VisitType, WaitlistEntry, WaitlistOffer
from scheduling.waitlist.offers import hold_for_entry, record_offers
from scheduling.waitlist.open_times import OpenTime, OpenTimes
from scheduling.waitlist.selectors import entries_waiting_for
from tenants.base.batch_cache import batch_cache
from tenants.base.errors import DomainError
from tenants.base.retry import retry_conflicts

_MIN_LEAD_TIME = timedelta(minutes=30)
"""Minimum lead time for a waiting-list offer: slots that start sooner stay open to everybody."""
_PREPARATION_TIME = timedelta(hours=1)
"""How long before the start of the slot an offer ends at the latest. If the slot starts soon, the offer ends
after half of the remaining time."""
_UNTIL_NEXT_NIGHT = timedelta(hours=36)
"""How far the nightly maintenance looks ahead: to the next night, and some hours more if that is late."""
_MAX_REFUSALS = 5
"""How many open times are tried for one entry. An open time is rarely refused: a room may be gone."""


def act_on_changes(changes: TimeChanges) -> None:
    """End the holds whose time was closed, then offer the opened times to the waiting list."""
    if changes.rules_changed:
        end_invalid_holds(now=changes.now)
    if changes.opened:
        offer_open_times(opened=changes.opened, notify_at=changes.notify_at, now=changes.now)


@retry_conflicts
def offer_released_slot(*, slot_id: uuid.UUID, now: datetime) -> WaitlistOffer | None:
    """Offer the slot's time to the waiting list, if it is open.

    :return: the first offer, or None if none was made
    """
    slot = Slot.objects.offered().filter(pk=slot_id).first()
    if slot is None:
        return None
    with transaction.atomic(), tracking_changes():
        opened = OpenedTime(slot.starts_at, slot.ends_at, slot.doctor_id)
        return next(iter(offer_open_times(opened=[opened], now=now)), None)


def offer_open_times(
    *,
    opened: Sequence[OpenedTime],
    visit_type: VisitType | None = None,
    window_at: datetime | None = None,
    notify_at: datetime | None = None,
    now: datetime,
) -> list[WaitlistOffer]:
    """Offer the times that became possible to the waiting entries, in the list's order.

    Each entry gets the first open time that suits it and overlaps an opened period. In quiet hours the offer
    is made as well, so that the time is reserved, but the patient is notified afterwards and has the usual
    time from then on.

    :param visit_type: only to entries with this visit type; None: to all entries
    :param window_at: as in `OpenTimes`
    :param notify_at: when the patients are notified; None: at once
    """
    waiting = entries_waiting_for(opened)
    if visit_type is not None:
        waiting = waiting.filter(visit_type=visit_type)
    if not waiting.exists():
        return []
    # The lock is on the clinic's settings, so they can be read once for all entries.
    with transaction.atomic(), batch_cache():
        _lock_waiting_list()
        entries = list(waiting)
        times = OpenTimes(opened, entries, window_at=window_at or now, now=now)
        held = []
        for entry in entries:
            hold = _hold_first(entry, times, now=now)
            if hold is not None:
                held.append((entry, hold))
                times.on_offered(hold)
        return record_offers(held, notify_at=notify_at, now=now)


def offer_times_before_they_open(*, now: datetime) -> list[WaitlistOffer]:
    """Offer the times that the booking windows of visit types reach before the next night.

    Such a window moves with the clock, without a write. So the nightly maintenance offers these times to the
    waiting list before anybody else can book them.
    """
    settings, until, offers = clinic_settings(), now + _UNTIL_NEXT_NIGHT, []
    for visit_type in VisitType.objects.in_use().exclude(window_days=None).order_by("pk"):
        begins = booking_window(settings, visit_type=visit_type, now=now).before
        ends = booking_window(settings, visit_type=visit_type, now=until).before
        if begins < ends:
            with transaction.atomic(), tracking_changes():
                opened = [OpenedTime(begins, ends)]
                offers += offer_open_times(opened=opened, visit_type=visit_type, window_at=until, now=now)
    return offers


def _lock_waiting_list() -> None:
    """Let one transaction at a time offer times, until its commit. Taken only if somebody is waiting.

    Two that open adjacent times at once would otherwise miss the longer visit that both make possible.
    """
    ClinicSettings.objects.select_for_update(no_key=True).only("pk").get()


def _hold_first(entry: WaitlistEntry, times: OpenTimes, *, now: datetime) -> Booking | None:
    """Hold the first time that the entry's patient can book; None if there is none."""
    rules, refused = clinic_settings(), 0
    closed_to_patient: set[uuid.UUID] = set()
    for time in times.suiting(entry):
        ends_at = offer_end(time.starts_at, rules=rules, now=now)
        if ends_at is None or time.doctor_id in closed_to_patient:
            continue
        try:
            hold = hold_for_entry(
                entry=entry,
                slot_id=time.slot_id,
                until=ends_at,
                window=times.window(entry.visit_type),
                now=now,
            )
        except NewPatientsNotAccepted:
            closed_to_patient.add(time.doctor_id)
        except (LimitReached, VisitTypeNotOffered) as error:
            if isinstance(error, VisitTypeNotOffered) or not _is_limited(time):
                return None
        except DomainError:
            refused += 1
        else:
            return hold
        if refused == _MAX_REFUSALS:
            return None
    return None


def _is_limited(time: OpenTime) -> bool:
    """Whether the time's doctor has limits: then another day may be possible."""
    slot = Slot.objects.select_related("doctor").filter(pk=time.slot_id).first()
    return slot is not None and has_limits(slot.doctor)


def offer_end(starts_at: datetime, *, rules: ClinicSettings, now: datetime) -> datetime | None:
    """The end of an offer made at `now`; None if the slot starts too soon to be offered.

    In quiet hours the patient is told only at their end, so the time is counted from then on.
    """
    quiet = quiet_hours(rules)
    told_at = quiet.earliest_contact(now)
    lead_time = starts_at - told_at
    if lead_time < _MIN_LEAD_TIME:
        return None
    usual = quiet.add_duration(now, timedelta(minutes=rules.offer_minutes))
    return min(usual, told_at + max(lead_time - _PREPARATION_TIME, lead_time / 2))
