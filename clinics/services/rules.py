"""Booking rules that others must hear of."""

from tenants.base.clock import now
from tenants.door import current_clinic
from tenants.queue import enqueue


def booking_rules_changed() -> None:
    """Ask for every doctor's slots to be brought in line with the rules, as soon as this commits."""
    enqueue(kind="booking_rules", row_id=current_clinic().pk, due_at=now())
