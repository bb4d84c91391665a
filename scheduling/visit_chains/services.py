"""Book the visits of a chain together or not at all."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from clinics.models import Patient
from scheduling.availability.next_open_slot import tracking_changes
from scheduling.bookings.book import book_slot
from scheduling.errors import ChainDoesNotFit
from scheduling.models import Booking, Chain, ChainStep
from tenants.accounts.models import User
from tenants.base.errors import InvalidInput
from tenants.base.retry import retry_conflicts


@retry_conflicts
def book_chain(
    *,
    chain: Chain,
    patient: Patient,
    by: User,
    slots: Sequence[uuid.UUID],
    reason: str = "",
    answers: Mapping[str, str] | None = None,
    now: datetime,
) -> list[Booking]:
    """Book every visit of the chain, or none, in one transaction.

    :param slots: one slot for each step, in the order of the steps
    :raises InvalidInput: there are more or fewer slots than steps, or a required question is not answered
    :raises ChainDoesNotFit: a visit starts before the previous one ends, too long after it, or at another
        place
    :raises DomainError: a slot cannot be booked; as `book_slot`
    """
    with transaction.atomic(), tracking_changes():
        return book_steps(
            chain=chain, patient=patient, by=by, slots=slots, reason=reason, answers=answers, now=now
        )


def book_steps(
    *,
    chain: Chain,
    patient: Patient,
    by: User,
    slots: Sequence[uuid.UUID],
    reason: str,
    answers: Mapping[str, str] | None,
    now: datetime,
) -> list[Booking]:
    """Book one step after the other, in the caller's transaction.

    :raises DomainError: as `book_chain`
    """
    steps = list(chain.steps.all())
    if len(slots) != len(steps):
        raise InvalidInput(errors={"slots": [_("Choose a time for each of the visits.")]})
    booked: list[Booking] = []
    made_together = uuid.uuid4()
    for step, slot in zip(steps, slots, strict=True):
        booking = book_slot(
            slot_id=slot,
            patient=patient,
            by=by,
            visit_type=step.visit_type,
            reason=reason,
            answers=answers,
            made_together=made_together,
            now=now,
        )
        if booked and not _follows(booked[-1], booking, step):
            raise ChainDoesNotFit
        booked.append(booking)
    return booked


def _follows(earlier: Booking, later: Booking, step: ChainStep) -> bool:
    """Whether the later visit starts after the earlier one, within the longest wait and at the same place."""
    wait = later.starts_at - earlier.ends_at
    in_time = timedelta() <= wait <= timedelta(minutes=step.longest_wait_minutes)
    return in_time and earlier.place_id == later.place_id
