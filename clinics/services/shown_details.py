"""Act on a change of details in messages to patients: the clinic's address, or the name of a doctor."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from clinics.models import Doctor
from tenants.accounts.models import User
from tenants.base.clock import now

DetailsChangeHandler = Callable[[Doctor | None, User | None, datetime], Any]
_handlers: list[DetailsChangeHandler] = []


def register_details_change_handler(handler: DetailsChangeHandler) -> DetailsChangeHandler:
    """Register what follows a change in its transaction: the scheduling app, not importable here."""
    _handlers.append(handler)
    return handler


def announce_details_change(doctor: Doctor | None, *, by: User | None) -> None:
    """Call the registered functions in the transaction that changed the details.

    :param doctor: whose name has changed; None: the clinic's address has
    """
    for handler in _handlers:
        handler(doctor, by, now())
