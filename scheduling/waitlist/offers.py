"""Offers of open times to patients on the waiting list: make, accept, decline and withdraw one."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from clinics.models import Patient
from clinics.selectors import clinic_settings
from scheduling.availability.booking_window import Window
from scheduling.availability.next_open_slot import tracking_changes
from scheduling.bookings.cancel import cancel_booking
from scheduling.bookings.hold import alternatives_to_hold, confirm_hold, hold_slot
from scheduling.bookings.release_holds import ReleaseReason, on_holds_released, release_holds
from scheduling.errors import (
    AlreadyOffered,
    HoldExpired,
    NobodyToTell,
    NotReplaceable,
    OfferEnded,
    OfferWithdrawn,
    TimeWithdrawn,
)
from scheduling.models import Booking, BookingEvent, Slot, WaitlistEntry, WaitlistOffer
from scheduling.waitlist.replacements import replaceable_bookings
from scheduling.waitlist.selectors import can_be_notified
from tenants.accounts.audit.services import AuditAction, write_audit_entries
from tenants.accounts.credentials.endings import Grant, ends
from tenants.accounts.models import User
from tenants.base.retry import retry_conflicts
from tenants.queue.jobs import enqueue_all


@transaction.atomic
def make_offer(
    *, entry: WaitlistEntry, slot_id: uuid.UUID, ends_at: datetime, now: datetime
) -> WaitlistOffer | None:
    """Hold the slot for the entry's patient, and create the offer with its message, to be sent at once.

    :return: None if the entry is no longer waiting
    :raises DomainError: the patient cannot book the slot; as `hold_slot`
    """
    hold = hold_for_entry(entry=entry, slot_id=slot_id, until=ends_at, now=now)
    return record_offers([(entry, hold)], now=now)[0] if hold else None


@transaction.atomic
def hold_for_entry(
    *,
    entry: WaitlistEntry,
    slot_id: uuid.UUID,
    until: datetime,
    window: Window | None = None,
    now: datetime,
) -> Booking | None:
    """Hold the slot for the entry's patient. Call `record_offers` with it in the same transaction.

    :param window: as in `hold_slot`
    :return: None if the entry is no longer waiting
    :raises DomainError: the patient cannot book the slot; as `hold_slot`
    """
    waiting = WaitlistEntry.objects.waiting().filter(pk=entry.pk)
    # This UPDATE comes first because it locks the entry: a concurrent offer to the same entry has to wait.
    if not waiting.update(status=WaitlistEntry.Status.OFFERED):
        return None
    return hold_slot(
        slot_id=slot_id,
        patient=entry.patient,
        by=None,
        visit_type=entry.visit_type,
        until=until,
        window=window,
        replaces=_first_replaceable(entry, slot_id),
        now=now,
    )


@transaction.atomic
def record_offers(
    held: Sequence[tuple[WaitlistEntry, Booking]], *, notify_at: datetime | None = None, now: datetime
) -> list[WaitlistOffer]:
    """Create the offers of held times with their messages, in few statements however many there are.

    :param held: entries, each with its hold
    :param notify_at: when the patients are notified; None: at once
    """
    offers = WaitlistOffer.objects.bulk_create(
        WaitlistOffer(entry=entry, booking=hold, ends_at=_end_of(hold), created_at=now)
        for entry, hold in held
    )
    holds = [hold.pk for _entry, hold in held]
    events = BookingEvent.objects.filter(booking__in=holds, kind=BookingEvent.Kind.HELD)
    event_ids = dict(events.values_list("booking_id", "pk"))
    due_at = notify_at or now
    enqueue_all(kind="booking_event", rows=[(event_ids[hold], due_at) for hold in holds])
    enqueue_all(kind="waitlist_changed", rows=[(entry.pk, due_at) for entry, _hold in held])
    return offers


def _end_of(hold: Booking) -> datetime:
    assert hold.held_until is not None  # noqa: S101  a hold has an end
    return hold.held_until


@retry_conflicts
def offer_at_desk(
    *, entry: WaitlistEntry, slot_id: uuid.UUID, ends_at: datetime, by: User, now: datetime
) -> WaitlistOffer:
    """Offer a waiting patient a time that staff have chosen, regardless of the order of the list.

    :param ends_at: the end of the offer
    :raises NobodyToTell: no message can be sent to the patient
    :raises AlreadyOffered: the entry has an open offer, or is no longer on the list
    :raises DomainError: the patient cannot book the slot; as `hold_slot`
    """
    if not WaitlistEntry.objects.filter(can_be_notified(), pk=entry.pk).exists():
        raise NobodyToTell
    with transaction.atomic(), tracking_changes():
        offer = make_offer(entry=entry, slot_id=slot_id, ends_at=ends_at, now=now)
        if offer is None:
            raise AlreadyOffered
        write_audit_entries(what=AuditAction.CHANGED, by=by, about=[entry, entry.patient])
    return offer


def _first_replaceable(entry: WaitlistEntry, slot_id: uuid.UUID) -> Booking | None:
    """A later booking of the patient that the slot could replace; None if there is no limit of bookings."""
    if clinic_settings().upcoming_limit is None:
        return None
    slot = Slot.objects.filter(pk=slot_id).first()
    if slot is None:
        return None
    return replaceable_bookings(
        patient=entry.patient, doctor_id=slot.doctor_id, starts_at=slot.starts_at
    ).first()


@retry_conflicts
def accept_offer(
    *,
    offer: WaitlistOffer,
    by: User,
    reason: str = "",
    answers: Mapping[str, str] | None = None,
    replaces: uuid.UUID | None = None,
    now: datetime,
) -> Booking:
    """Book the offered slot. The entry leaves the waiting list.

    :param replaces: the id of a later booking of the patient, which is cancelled in the same transaction
    :raises OfferEnded: the offer has expired or was answered; `data.alternatives` lists other open slots
    :raises OfferWithdrawn: the clinic ended the offer; with alternatives too
    :raises NotReplaceable: the offer cannot replace that booking
    :raises DomainError: as `confirm_hold`
    """
    try:
        with transaction.atomic(), tracking_changes():
            if replaces is not None:
                # First, so that it does not count towards the patient's limit.
                _cancel_replaced(offer.booking, replaces, by=by, now=now)
            return confirm_hold(
                hold_id=offer.booking_id,
                patient=offer.entry.patient,
                by=by,
                reason=reason,
                answers=answers,
                now=now,
            )
    except HoldExpired as error:
        raise OfferEnded({"alternatives": alternatives_to_hold(offer.booking, now=now)}) from error
    except TimeWithdrawn as error:
        raise OfferWithdrawn(error.data) from error


def _cancel_replaced(hold: Booking, booking_id: uuid.UUID, *, by: User, now: datetime) -> None:
    """Cancel the later booking. The clinic offered the earlier time, so no notice is required.

    :raises NotReplaceable: it is not a later booking of the patient with a similar doctor
    """
    later = replaceable_bookings(patient=hold.patient, doctor_id=hold.doctor_id, starts_at=hold.starts_at)
    booking = later.select_related("patient").filter(pk=booking_id).first()
    if booking is None:
        raise NotReplaceable
    reason = _("Replaced by an earlier appointment from the waiting list.")
    cancel_booking(booking=booking, by=by, reason=reason, waive_notice=True, now=now)


@retry_conflicts
def decline_offer(*, offer: WaitlistOffer, by: User, now: datetime) -> None:
    """Decline an offer. The patient stays on the waiting list and keeps their position.

    :raises OfferEnded: the offer has expired or was answered
    """
    with transaction.atomic(), tracking_changes():
        held = Booking.objects.filter(pk=offer.booking_id, held_until__gt=now)
        released = release_holds(held, by=by, now=now)
        if not released:
            raise OfferEnded
        on_holds_released(released, now=now)


@retry_conflicts
def withdraw_offer(*, offer: WaitlistOffer, by: User, now: datetime) -> None:
    """Withdraw an offer for the clinic. The patient is told and keeps their position.

    The time is offered to the next patient, if it suits somebody.

    :raises OfferEnded: the offer has expired or was answered
    """
    with transaction.atomic(), tracking_changes():
        held = Booking.objects.filter(pk=offer.booking_id, held_until__gt=now)
        released = release_holds(held, by=by, because=ReleaseReason.OFFER_WITHDRAWN, now=now)
        if not released:
            raise OfferEnded
        write_audit_entries(what=AuditAction.REMOVED, by=by, about=[offer.entry, offer.entry.patient])
        on_holds_released(released, now=now)


@ends(Grant.OFFERS)
def decline_open_offers(user: User, now: datetime) -> None:
    """Decline the open offers of `user` and their dependants. The entries stay on the waiting list."""
    with tracking_changes():
        held = Booking.objects.filter(
            offer__isnull=False, status=Booking.Status.HELD, patient__in=Patient.objects.of_user(user)
        )
        on_holds_released(release_holds(held, by=user, now=now), now=now)
