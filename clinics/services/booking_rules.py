"""Act on a change of booking rules: regenerate slots, and tell the scheduling app."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from clinics.models import Doctor
from tenants.base.clock import now
from tenants.current import current_clinic
from tenants.queue.jobs import enqueue

RulesChangeHandler = Callable[[Doctor | None, datetime], Any]
_handlers: list[RulesChangeHandler] = []


def register_rules_change_handler(handler: RulesChangeHandler) -> RulesChangeHandler:
    """Register what follows a change of rules in its transaction: the scheduling app, not importable here."""
    _handlers.append(handler)
    return handler


def request_regeneration_of_all_slots() -> None:
    """Enqueue the regeneration of all doctors' slots. The job runs once the transaction commits."""
    enqueue(kind="booking_rules", row_id=current_clinic().pk, due_at=now())


def on_booking_rules_changed() -> None:
    """Act on a change of the clinic's booking rules in its transaction, and regenerate all slots after it.

    Holds that break a rule end, and times that opened are offered to the waiting list.
    """
    request_regeneration_of_all_slots()
    announce_rules_change(None)


def announce_rules_change(doctor: Doctor | None) -> None:
    """Call the registered functions in the transaction that changed the rules.

    :param doctor: whose times the change concerns; None: those of all doctors
    """
    for handler in _handlers:
        handler(doctor, now())
