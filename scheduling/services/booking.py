"""Booking: every path to a booking ends here, whoever books and however they came."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction

from clinics.models import ClinicSettings, Patient
from clinics.selectors import clinic_settings
from scheduling.models import Booking, VisitType
from scheduling.selectors.windows import booking_window
from scheduling.services.answers import checked_answers
from scheduling.services.claiming import Claim, claim_slot, tell_of_time
from scheduling.services.limits import check_patient_limit
from scheduling.services.next_open import time_changes
from scheduling.services.refusing import check_not_taken, check_patient_may, why_not
from scheduling.services.turns import Turn
from tenants.accounts.audit import What, record
from tenants.accounts.models import User
from tenants.retrying import retry_conflicts

MISSED_WITHIN = timedelta(days=365)
"""For how long a missed appointment counts."""


class NotGiven(Exception):
    """The database did not let it be written."""


@retry_conflicts
def book_slot(
    *,
    slot_id: uuid.UUID,
    patient: Patient,
    by: User,
    visit_type: VisitType | None = None,
    reason: str = "",
    answers: Mapping[str, str] | None = None,
    overbook: bool = False,
    series_id: uuid.UUID | None = None,
    turn: Turn | None = None,
    now: datetime,
) -> Booking:
    """Give the slot to `patient`; of any number who try, one gets it.

    It is confirmed, or waits for the clinic's approval where the visit type or the patient's missed
    appointments ask for that. The clinic's people need give no notice, and what they book is confirmed.

    :param answers: to the questions of the visit type, by the question's id
    :param overbook: where something takes the slot, in addition to it; only heard from the clinic's people
    :param turn: of a patient who is not alone in wanting it; it ends once the slot is given for good
    :raises NotFound: there is no such slot, or the patient is gone
    :raises SlotStarted: it has begun
    :raises SlotNotOffered: the doctor does not offer it
    :raises VisitTypeNotOffered: the doctor does not offer such visits, or not to this patient
    :raises VisitTooLong: the visit takes longer than the time that is open there
    :raises BookedTooLate: there is less notice than the clinic asks for
    :raises TooFarAhead: it is beyond the days the clinic takes bookings for
    :raises NewPatientsNotAccepted: the doctor has never seen the patient and takes no new ones
    :raises SlotTaken: somebody has it; `data.alternatives` holds the nearest open ones
    :raises RoomsTaken: no room is free for it
    :raises PatientBusy: the patient is somewhere else then
    :raises LimitReached: the patient has, or the doctor sees, no more than so many
    :raises InvalidInput: a question that must be answered is not
    """
    rules, by_patient = clinic_settings(), by.role == User.Role.PATIENT
    claim = Claim(
        slot_id=slot_id,
        patient=patient,
        by=by,
        visit_type=visit_type,
        reason=reason,
        answers=checked_answers(visit_type, answers or {}),
        series_id=series_id,
        limits_checked=overbook and not by_patient,
    )
    window = booking_window(rules, visit_type=visit_type, by_staff=not by_patient, now=now)
    if not overbook:
        check_not_taken(claim, window=window, now=now)
    try:
        with transaction.atomic(), time_changes():
            if by_patient:
                check_patient_may(visit_type, patient=patient)
                check_patient_limit(patient, rules=rules, now=now)
                claim = claim.asking(approval_needed(visit_type, patient=patient, rules=rules, now=now))
            written = claim_slot(claim, window=window, now=now)
            if written is None and overbook and not by_patient:
                # Only where it is needed: what is in addition stands outside the constraints.
                claim = replace(claim, overbook=True)
                written = claim_slot(claim, window=window, now=now)
            if written is None:
                raise NotGiven
            tell_of_time(written, now=now)
            if not by_patient:
                what = What.OVERBOOKED if claim.overbook else What.BOOKED
                record(what=what, by=by, about=[Booking(pk=written.booking_id), patient])
    except NotGiven:
        # Once it is over: looking for the reason holds up nobody, and no answer about open slots.
        if turn:
            turn.lost(window=window, now=now)
        raise why_not(claim, window=window, now=now) from None
    if turn:
        transaction.on_commit(partial(turn.won, window=window, now=now))
    return Booking.objects.shown().get(pk=written.booking_id)


def approval_needed(
    visit_type: VisitType | None, *, patient: Patient, rules: ClinicSettings, now: datetime
) -> bool:
    """Whether the clinic has to confirm what this patient books."""
    if visit_type is not None and visit_type.needs_approval:
        return True
    if rules.no_show_limit is None:
        return False
    missed = Booking.objects.filter(
        patient=patient, status=Booking.Status.NO_SHOW, starts_at__gt=now - MISSED_WITHIN
    )
    return missed.count() >= rules.no_show_limit
