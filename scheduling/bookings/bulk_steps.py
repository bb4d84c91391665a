"""Take a step with several bookings: each separately, so that a refusal does not stop the others."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.db import transaction

from scheduling.models import Booking
from tenants.base.errors import DomainError


@dataclass(frozen=True, slots=True)
class Refused:
    """A booking for which the step was refused, and why."""

    booking: Booking
    error: DomainError


@dataclass(frozen=True, slots=True)
class StepResult:
    """What became of the bookings."""

    done: list[Booking] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


def apply_to_each(bookings: Iterable[Booking], service: Callable[[Booking], Booking]) -> StepResult:
    """Apply `service` to each booking, and collect the refusals.

    Outside a transaction each booking has its own, so nothing waits for the others. In a page of the admin,
    which is one transaction, each has a savepoint.
    """
    result = StepResult()
    for booking in bookings:
        try:
            if transaction.get_connection().in_atomic_block:
                with transaction.atomic():
                    result.done.append(service(booking))
            else:
                result.done.append(service(booking))
        except DomainError as error:
            result.refused.append(Refused(booking, error))
    return result
