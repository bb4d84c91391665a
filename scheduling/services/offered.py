"""What becomes of an offer when the hold behind it does: taken with the booking, or over with the hold.

The hold decides. Whoever changes one calls these in the same transaction, so that no way round the waiting
list leaves an offer behind that says something else.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import F

from scheduling.models import Booking, WaitlistEntry, WaitlistOffer

_Status, _Outcome = WaitlistEntry.Status, WaitlistOffer.Outcome


def take_offer(*, hold: Booking, now: datetime) -> None:
    """What was held is booked: if the waiting list held it, its offer is taken and the wait is over."""
    for offer in WaitlistOffer.objects.filter(booking=hold):
        if _close_offer(offer, _Outcome.TAKEN, now=now):
            WaitlistEntry.objects.filter(pk=offer.entry_id, status=_Status.OFFERED).update(
                status=_Status.BOOKED
            )


def end_offers(*, holds: Iterable[Booking], now: datetime) -> None:
    """The holds are over: who let an offer's time pass has missed it, who gave it back has declined.

    Either way they wait again.
    """
    for offer in WaitlistOffer.objects.filter(booking__in=holds):
        missed = offer.ends_at <= now
        if _close_offer(offer, _Outcome.EXPIRED if missed else _Outcome.DECLINED, now=now):
            WaitlistEntry.objects.filter(pk=offer.entry_id, status=_Status.OFFERED).update(
                status=_Status.WAITING, offers_missed=F("offers_missed") + int(missed)
            )


def _close_offer(offer: WaitlistOffer, outcome: WaitlistOffer.Outcome, *, now: datetime) -> bool:
    """Give an open offer its outcome. The UPDATE decides, so each has one.

    :return: whether it was open
    """
    open_one = WaitlistOffer.objects.filter(pk=offer.pk, outcome=_Outcome.OPEN)
    return open_one.update(outcome=outcome, answered_at=now) == 1
