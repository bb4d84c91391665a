"""Visits in a row, booked together or not at all."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from clinics.models import Patient
from scheduling.errors import ChainDoesNotFit
from scheduling.models import Booking, Chain, ChainStep
from scheduling.services.booking import book_slot
from scheduling.services.next_open import time_changes
from tenants.accounts.models import User
from tenants.base.errors import InvalidInput
from tenants.retrying import retry_conflicts


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
    """Book every visit of the chain, or none: all in one transaction.

    :param slots: of each step, in their order
    :raises InvalidInput: there are not as many slots as steps, or a question is not answered
    :raises ChainDoesNotFit: a visit begins before the one before it ends, too long after it, or elsewhere
    :raises DomainError: a slot cannot be booked; as `book_slot`
    """
    with transaction.atomic(), time_changes():
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
    """Book one step after the other; runs in the transaction that is open.

    :raises DomainError: as `book_chain`
    """
    steps = list(chain.steps.all())
    if len(slots) != len(steps):
        raise InvalidInput(errors={"slots": [_("Say a time for each of the visits.")]})
    booked: list[Booking] = []
    for step, slot in zip(steps, slots, strict=True):
        booking = book_slot(
            slot_id=slot,
            patient=patient,
            by=by,
            visit_type=step.visit_type,
            reason=reason,
            answers=answers,
            now=now,
        )
        if booked and not _follows(booked[-1], booking, step):
            raise ChainDoesNotFit
        booked.append(booking)
    return booked


def _follows(earlier: Booking, later: Booking, step: ChainStep) -> bool:
    """Whether `later` begins once `earlier` is over, soon enough, at the same place."""
    waits = later.starts_at - earlier.ends_at
    soon = timedelta() <= waits <= timedelta(minutes=step.longest_wait_minutes)
    return soon and earlier.place_id == later.place_id
