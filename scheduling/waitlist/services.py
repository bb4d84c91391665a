"""Join and leave the waiting list."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from clinics.models import Patient
from clinics.selectors import clinic_settings
from scheduling.availability.next_open_slot import tracking_changes
from scheduling.availability.unconfirmed_limit import check_unconfirmed_entries
from scheduling.bookings.refusals import check_eligibility
from scheduling.bookings.release_holds import on_holds_released, release_holds
from scheduling.calendar.local_times import clinic_day
from scheduling.errors import AlreadyWaiting, VisitTypeNotOffered, WaitlistFull
from scheduling.models import Booking, VisitType, WaitlistEntry
from scheduling.models.waitlist import LIVE_STATES
from scheduling.waitlist.join_checks import WaitlistRequest, check_can_succeed
from tenants.accounts.audit.services import AuditAction, write_audit_entries
from tenants.accounts.models import User
from tenants.base.errors import InvalidInput, NotFound
from tenants.base.retry import retry_conflicts
from tenants.queue.jobs import enqueue, enqueue_all

MAX_ENTRIES = 10
"""The most entries that one patient may have."""


@transaction.atomic
def join_waitlist(*, patient: Patient, by: User, request: WaitlistRequest, now: datetime) -> WaitlistEntry:
    """Add `patient` to the waiting list. The days may be beyond the clinic's booking horizon.

    :raises InvalidInput: no time can match the request
    :raises NotFound: the patient does not exist
    :raises VisitTypeNotOffered: the doctor does not offer the visit type, or not to this patient
    :raises AlreadyWaiting: the patient already has the same entry
    :raises WaitlistFull: the patient has reached the limit of entries
    :raises EmailNotConfirmed: the patient has to confirm the email address first
    :raises WaitlistLimitReached: the patient may have no more bookings, and an earlier time replaces none
    :raises NoDoctorAvailable: no doctor who takes bookings practises the specialty and offers the visit type
    :raises NewPatientsNotAccepted: none of the doctors accepts this patient
    :raises BookedTooLate: every day is too soon to book
    """
    _check_request(request, now=now)
    check_can_succeed(request, patient=patient, now=now)
    if by.role == User.Role.PATIENT:
        check_eligibility(request.visit_type, patient=patient)
    # The patient is locked, so that concurrent requests cannot exceed the limit or add an entry twice.
    if not Patient.objects.known().select_for_update(no_key=True).filter(pk=patient.pk).exists():
        raise NotFound
    live = WaitlistEntry.objects.live(today=clinic_day(now)).filter(patient=patient)
    values = {
        "doctor": request.doctor,
        "specialty": request.specialty,
        "visit_type": request.visit_type,
        "first_on": request.first,
        "last_on": request.last,
        "weekdays": sorted(set(request.weekdays)),
    }
    if live.filter(**values).exists():
        raise AlreadyWaiting
    if live.count() >= MAX_ENTRIES:
        raise WaitlistFull
    if by.role == User.Role.PATIENT:
        check_unconfirmed_entries(patient, rules=clinic_settings(), now=now)
    entry = WaitlistEntry.objects.create(patient=patient, created_at=now, **values)
    enqueue(kind="waitlist_changed", row_id=entry.pk, due_at=now)
    if by.role != User.Role.PATIENT:
        write_audit_entries(what=AuditAction.ADDED, by=by, about=[entry, patient])
    return entry


def _check_request(request: WaitlistRequest, *, now: datetime) -> None:
    """Check that a time can match the request.

    :raises InvalidInput: no time can
    :raises VisitTypeNotOffered: the doctor does not offer the visit type
    """
    days = range((request.last - request.first).days + 1)
    if (request.doctor is None) == (request.specialty is None):
        raise InvalidInput(errors={"doctor": [_("Choose either a doctor or a specialty.")]})
    if request.first < clinic_day(now):
        raise InvalidInput(errors={"from": [_("This day is in the past. Choose a later one.")]})
    if not days:
        raise InvalidInput(
            errors={"to": [_("The latest date is before the earliest date. Choose a later one.")]}
        )
    if not {(request.first + timedelta(days=n)).weekday() for n in days[:7]} & set(request.weekdays):
        raise InvalidInput(
            errors={
                "weekdays": [
                    _("None of these weekdays is between the earliest and the latest date. Choose others.")
                ]
            }
        )
    visit_types = VisitType.objects.offered_by(request.doctor) if request.doctor else VisitType.objects.all()
    if request.visit_type and not visit_types.filter(pk=request.visit_type.pk).exists():
        raise VisitTypeNotOffered


@retry_conflicts
def leave_waitlist(*, entry: WaitlistEntry, by: User, now: datetime) -> None:
    """Remove an entry from the waiting list. If it has an open offer, the slot is offered to the next entry.

    :raises NotFound: the entry is no longer on the list
    """
    with transaction.atomic(), tracking_changes():
        # Locked, so that the entry gets no new offer after its hold is released and before it is ended.
        if not WaitlistEntry.objects.select_for_update().filter(pk=entry.pk, status__in=LIVE_STATES).exists():
            raise NotFound
        holds = Booking.objects.filter(offer__entry=entry, status=Booking.Status.HELD)
        released = release_holds(holds, by=by, now=now)
        WaitlistEntry.objects.filter(pk=entry.pk).update(status=WaitlistEntry.Status.ENDED)
        enqueue(kind="waitlist_changed", row_id=entry.pk, due_at=now)
        if by.role != User.Role.PATIENT:
            write_audit_entries(what=AuditAction.REMOVED, by=by, about=[entry, entry.patient])
        on_holds_released(released, now=now)


def end_past_entries(*, now: datetime) -> int:
    """End the entries whose last day is past.

    :return: the number of entries
    """
    past = WaitlistEntry.objects.waiting().filter(last_on__lt=clinic_day(now))
    with transaction.atomic():
        # Locked, so that none of them gets an offer before it is ended.
        ids = list(past.select_for_update(no_key=True).values_list("pk", flat=True))
        enqueue_all(kind="waitlist_changed", rows=[(entry_id, now) for entry_id in ids])
        return WaitlistEntry.objects.filter(pk__in=ids).update(status=WaitlistEntry.Status.ENDED)
