"""Request the regeneration of slots after a change of booking rules."""

from tenants.base.clock import now
from tenants.current import current_clinic
from tenants.queue.jobs import enqueue


def request_regeneration_of_all_slots() -> None:
    """Enqueue the regeneration of all doctors' slots. The job runs once the transaction commits."""
    enqueue(kind="booking_rules", row_id=current_clinic().pk, due_at=now())
