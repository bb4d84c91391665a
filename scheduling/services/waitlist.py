"""The waiting list: putting oneself on it, and leaving it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from clinics.models import Doctor, Patient, Specialty
from scheduling.errors import AlreadyWaiting, VisitTypeNotOffered, WaitlistFull
from scheduling.models import Booking, VisitType, WaitlistEntry
from scheduling.models.time_off import every_day
from scheduling.models.waitlist import LIVE
from scheduling.selectors.wall import clinic_day
from scheduling.services.holds import free_released, release
from scheduling.services.next_open import time_changes
from scheduling.services.refusing import check_patient_may
from tenants.accounts.audit import What, record
from tenants.accounts.models import User
from tenants.base.errors import InvalidInput, NotFound
from tenants.retrying import retry_conflicts

MOST = 10
"""For how many things one patient may wait."""


@dataclass(frozen=True, slots=True)
class Wish:
    """For which time somebody waits: with a doctor or in a specialty, on days of the clinic's calendar."""

    first: date
    last: date
    doctor: Doctor | None = None
    specialty: Specialty | None = None
    visit_type: VisitType | None = None
    weekdays: Iterable[int] = field(default_factory=every_day)


@transaction.atomic
def join_waitlist(*, patient: Patient, by: User, wish: Wish, now: datetime) -> WaitlistEntry:
    """Put `patient` on the waiting list. How far ahead the clinic books does not matter: it will, one day.

    :raises InvalidInput: no such time can ever be freed
    :raises NotFound: the patient is gone
    :raises VisitTypeNotOffered: the doctor offers no such visits, or not to this patient
    :raises AlreadyWaiting: they wait for just this already
    :raises WaitlistFull: they wait for as much as one may already
    """
    _check_request(wish, now=now)
    if by.role == User.Role.PATIENT:
        check_patient_may(wish.visit_type, patient=patient)
    # Behind the patient's lock: of any number that are added at once, none is one too many, or there twice.
    if not Patient.objects.known().select_for_update(no_key=True).filter(pk=patient.pk).exists():
        raise NotFound
    live = WaitlistEntry.objects.live(today=clinic_day(now)).filter(patient=patient)
    wanted = {
        "doctor": wish.doctor,
        "specialty": wish.specialty,
        "visit_type": wish.visit_type,
        "first_on": wish.first,
        "last_on": wish.last,
        "weekdays": sorted(set(wish.weekdays)),
    }
    if live.filter(**wanted).exists():
        raise AlreadyWaiting
    if live.count() >= MOST:
        raise WaitlistFull
    entry = WaitlistEntry.objects.create(patient=patient, created_at=now, **wanted)
    if by.role != User.Role.PATIENT:
        record(what=What.ADDED, by=by, about=[entry, patient])
    return entry


def _check_request(wish: Wish, *, now: datetime) -> None:
    """Refuse to wait for what can never be.

    :raises InvalidInput: it cannot
    :raises VisitTypeNotOffered: the doctor offers no such visits
    """
    days = range((wish.last - wish.first).days + 1)
    if (wish.doctor is None) == (wish.specialty is None):
        raise InvalidInput(errors={"doctor": [_("Say with which doctor, or in which specialty.")]})
    if wish.first < clinic_day(now):
        raise InvalidInput(errors={"from": [_("This day has passed.")]})
    if not days:
        raise InvalidInput(errors={"to": [_("The last day is before the first.")]})
    if not {(wish.first + timedelta(days=n)).weekday() for n in days[:7]} & set(wish.weekdays):
        raise InvalidInput(errors={"weekdays": [_("None of these weekdays is among your days.")]})
    offered = VisitType.objects.offered_by(wish.doctor) if wish.doctor else VisitType.objects.all()
    if wish.visit_type and not offered.filter(pk=wish.visit_type.pk).exists():
        raise VisitTypeNotOffered


@retry_conflicts
def leave_waitlist(*, entry: WaitlistEntry, by: User, now: datetime) -> None:
    """Take an entry off the list. What it is offered at that moment goes to the next.

    :raises NotFound: it is off the list already
    """
    with transaction.atomic(), time_changes():
        # Locked, so that it is not offered something between giving one time back and leaving.
        if not WaitlistEntry.objects.select_for_update().filter(pk=entry.pk, status__in=LIVE).exists():
            raise NotFound
        held = Booking.objects.filter(offer__entry=entry, status=Booking.Status.HELD)
        released = release(held, by=by, now=now)
        WaitlistEntry.objects.filter(pk=entry.pk).update(status=WaitlistEntry.Status.ENDED)
        if by.role != User.Role.PATIENT:
            record(what=What.REMOVED, by=by, about=[entry, entry.patient])
        free_released(released, now=now)


def end_past_entries(*, now: datetime) -> int:
    """Take those off the list whose last day is over.

    :return: how many
    """
    over = WaitlistEntry.objects.waiting().filter(last_on__lt=clinic_day(now))
    return over.update(status=WaitlistEntry.Status.ENDED)
