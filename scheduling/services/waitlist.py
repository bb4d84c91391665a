"""Offering freed time to whoever waits for it."""

import uuid
from datetime import datetime

from scheduling.models import WaitlistEntry


def offer_freed_time(*, slot_id: uuid.UUID, now: datetime) -> None:
    """Offer the slot to whoever waits for such a time and comes first."""
    if not WaitlistEntry.objects.filter(status=WaitlistEntry.Status.WAITING).exists():
        return
