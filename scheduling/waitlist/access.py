"""Look up waiting-list entries and offers for a user, and record refusals in the audit log."""

import uuid

from scheduling.models import WaitlistEntry, WaitlistOffer
from scheduling.patients.access_log import recording_refusals
from scheduling.waitlist.selectors import own_entry, own_offer
from tenants.accounts.models import User
from tenants.base.errors import NotFound


def find_entry(*, entry_id: uuid.UUID, by: User) -> WaitlistEntry:
    """A waiting-list entry of the user or of a dependant.

    :raises NotFound: it does not exist, or is somebody else's
    """
    with recording_refusals(WaitlistEntry.objects.filter(pk=entry_id), by=by):
        return own_entry(by, entry_id)


def find_offer(*, offer_id: uuid.UUID, by: User) -> WaitlistOffer:
    """An offer to the user or to a dependant.

    :raises NotFound: it does not exist, or is somebody else's
    """
    with recording_refusals(WaitlistOffer.objects.filter(pk=offer_id), by=by):
        return own_offer(by, offer_id)


def any_entry(entry_id: uuid.UUID) -> WaitlistEntry:
    """An entry of any patient, for the front desk.

    :raises NotFound: it does not exist
    """
    entry = WaitlistEntry.objects.select_related("patient", "visit_type").filter(pk=entry_id).first()
    if entry is None:
        raise NotFound
    return entry


def any_offer(offer_id: uuid.UUID) -> WaitlistOffer:
    """An offer to any patient, for the front desk.

    :raises NotFound: it does not exist
    """
    offer = WaitlistOffer.objects.select_related("entry__patient").filter(pk=offer_id).first()
    if offer is None:
        raise NotFound
    return offer
