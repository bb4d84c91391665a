"""Waiting-list entries, their positions, and the entries that a slot suits."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from clinics.models import Care, Doctor, Patient
from scheduling.availability.changed_times import OpenedTime
from scheduling.calendar.local_times import clinic_day
from scheduling.models import WaitlistEntry, WaitlistOffer
from scheduling.models.waitlist import OFFER_ORDER, WaitlistQuerySet
from scheduling.waitlist.replacements import replaceable_by_offer
from tenants.accounts.models import User
from tenants.base.errors import NotFound

_DoctorSpecialty = Doctor.specialties.through
_WEEK = timedelta(days=7)


def entries_waiting_for(opened: Sequence[OpenedTime]) -> WaitlistQuerySet:
    """The waiting entries whose doctor and days the opened times may suit, in the order of offers.

    Patients are left out if neither they nor a carer has an active account to notify.
    """
    entries = (
        WaitlistEntry.objects.waiting()
        .filter(can_be_notified(), patient__erased_at=None)
        .filter(
            # A change may open times from the Monday of its week on (`OpenTimes`).
            last_on__gte=clinic_day(min(time.begins for time in opened)) - _WEEK,
            first_on__lte=clinic_day(max(time.ends for time in opened)) + _WEEK,
        )
        .exclude(visit_type__is_active=False)
        .select_related("patient", "visit_type")
        .in_offer_order()
    )
    doctors = [time.doctor_id for time in opened]
    if None in doctors:
        return entries
    practised = _DoctorSpecialty.objects.filter(doctor__in=doctors).values("specialty")
    return entries.filter(Q(doctor__in=doctors) | Q(specialty__in=practised))


def can_be_notified() -> Q:
    """Condition on entries: the patient or a carer has an active account to which offers are sent."""
    carers = Care.objects.filter(dependant=OuterRef("patient"), carer__user__is_active=True)
    return Q(patient__user__is_active=True) | Q(Exists(carers))


def live_entries(*, now: datetime) -> WaitlistQuerySet:
    """The entries on the list, longest wait first, each with its `position` and its `open_offers`.

    `position` and `waiting` count patients: a patient's other entries do not count.
    """
    today = clinic_day(now)
    competing = (
        WaitlistEntry.objects.live(today=today).filter(_competes()).exclude(patient=OuterRef("patient"))
    )
    open_offers = WaitlistOffer.objects.filter(outcome=WaitlistOffer.Outcome.OPEN, ends_at__gt=now).annotate(
        can_replace=ArraySubquery(replaceable_by_offer().values("pk"))
    )
    offers_with_bookings = open_offers.select_related(
        "booking__doctor", "booking__patient", "booking__place", "booking__visit_type"
    ).prefetch_related("booking__doctor__specialties")
    return (
        WaitlistEntry.objects.live(today=today)
        .annotate(
            waiting=_count_patients(competing) + 1,
            position=_count_patients(competing.filter(_comes_first())) + 1,
        )
        .select_related("patient", "doctor", "specialty", "visit_type")
        .prefetch_related(
            "doctor__specialties", Prefetch("offers", offers_with_bookings, to_attr="open_offers")
        )
        .order_by("created_at", "id")
    )


def visible_entries(user: User, *, now: datetime) -> WaitlistQuerySet:
    """The entries `user` may see: all for the front desk, else their own and their dependants'."""
    live = live_entries(now=now)
    return live if user.is_front_desk else live.filter(patient__in=Patient.objects.of_user(user))


def entries_in_order(*, now: datetime) -> WaitlistQuerySet:
    """The entries on the list, longest wait first, without the positions: to filter and to page."""
    entries: WaitlistQuerySet = WaitlistEntry.objects.live(today=clinic_day(now))
    return entries.order_by("created_at", "id")


def entries_at_desk(*, now: datetime) -> WaitlistQuerySet:
    """Entries as `live_entries` returns them, with `can_be_notified` and the number of `offers_made`."""
    entries = live_entries(now=now).select_related("patient__user")
    return entries.annotate(
        can_be_notified=Case(When(can_be_notified(), then=True), default=False),
        offers_made=Count("offers", distinct=True),
    )


def own_entry(user: User, entry_id: uuid.UUID) -> WaitlistEntry:
    """An entry of the user or of a dependant.

    :raises NotFound: it does not exist, or is somebody else's
    """
    own = WaitlistEntry.objects.filter(patient__in=Patient.objects.of_user(user))
    entry = own.select_related("patient").filter(pk=entry_id).first()
    if entry is None:
        raise NotFound
    return entry


def own_offer(user: User, offer_id: uuid.UUID) -> WaitlistOffer:
    """An offer, open or not, to the user or to a dependant.

    :raises NotFound: it does not exist, or is somebody else's
    """
    own = WaitlistOffer.objects.filter(entry__patient__in=Patient.objects.of_user(user))
    offer = own.select_related("entry__patient").filter(pk=offer_id).first()
    if offer is None:
        raise NotFound
    return offer


def _competes() -> Q:
    """Condition on entries: they could get the same slots as the outer query's entry.

    They name the same doctor or specialty, or one names a doctor who practises the other's specialty.
    """
    with_doctor = _DoctorSpecialty.objects.filter(
        doctor=OuterRef(OuterRef("doctor")), specialty=OuterRef("specialty")
    )
    of_specialty = _DoctorSpecialty.objects.filter(
        specialty=OuterRef(OuterRef("specialty")), doctor=OuterRef("doctor")
    )
    return (
        Q(doctor=OuterRef("doctor"))
        | Q(specialty=OuterRef("specialty"))
        | Exists(with_doctor)
        | Exists(of_specialty)
    )


def _comes_first() -> Q:
    """Condition on entries: they get offers before the outer query's entry."""
    before, equal = Q(pk__in=[]), Q()
    for field in OFFER_ORDER:
        before |= equal & Q(**{f"{field}__lt": OuterRef(field)})
        equal &= Q(**{field: OuterRef(field)})
    return before


def _count_patients(entries: QuerySet[WaitlistEntry]) -> Coalesce:
    """Expression for the number of different patients in `entries`."""
    counted = entries.order_by().values(group=Value(1)).values(count=Count("patient", distinct=True))
    return Coalesce(Subquery(counted), 0)
