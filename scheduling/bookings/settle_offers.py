"""Close waiting-list offers when their holds are confirmed or released.

Every service that confirms or releases holds calls these functions in the same transaction, so an offer
always agrees with its hold.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import F

from scheduling.models import Booking, WaitlistEntry, WaitlistOffer
from tenants.queue.jobs import enqueue

_Status, _Outcome = WaitlistEntry.Status, WaitlistOffer.Outcome


def mark_offer_taken(*, hold: Booking, now: datetime) -> None:
    """Mark a confirmed hold's offer as taken and its entry as booked. Does nothing for other holds."""
    for offer in WaitlistOffer.objects.filter(booking=hold):
        if _close_offer(offer, _Outcome.TAKEN, now=now):
            WaitlistEntry.objects.filter(pk=offer.entry_id, status=_Status.OFFERED).update(
                status=_Status.BOOKED
            )
            enqueue(kind="waitlist_changed", row_id=offer.entry_id, due_at=now)


def close_offers(*, holds: Iterable[Booking], withdrawn: bool = False, now: datetime) -> None:
    """Close the offers behind released holds, and let their entries wait again.

    An offer that has ended counts as missed. An offer whose hold is released before its end is declined.

    :param withdrawn: whether the clinic ends them
    """
    for offer in WaitlistOffer.objects.filter(booking__in=holds):
        missed = offer.ends_at <= now
        early = _Outcome.WITHDRAWN if withdrawn else _Outcome.DECLINED
        if _close_offer(offer, _Outcome.EXPIRED if missed else early, now=now):
            WaitlistEntry.objects.filter(pk=offer.entry_id, status=_Status.OFFERED).update(
                status=_Status.WAITING, offers_missed=F("offers_missed") + int(missed)
            )
            enqueue(kind="waitlist_changed", row_id=offer.entry_id, due_at=now)


def _close_offer(offer: WaitlistOffer, outcome: WaitlistOffer.Outcome, *, now: datetime) -> bool:
    """Set the outcome of an open offer. The UPDATE matches an open offer only, so each gets one outcome.

    :return: whether the offer was open
    """
    open_offer = WaitlistOffer.objects.filter(pk=offer.pk, outcome=_Outcome.OPEN)
    return open_offer.update(outcome=outcome, answered_at=now) == 1
