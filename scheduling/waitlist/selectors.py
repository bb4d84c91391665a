"""Waiting-list entries, their positions, and the entries that a slot suits."""

import uuid
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from clinics.models import Care, Doctor, Patient
from scheduling.calendar.local_times import clinic_day
from scheduling.models import Slot, WaitlistEntry, WaitlistOffer
from scheduling.models.waitlist import OFFER_ORDER, WaitlistQuerySet
from tenants.accounts.models import User
from tenants.base.errors import NotFound

_DoctorSpecialty = Doctor.specialties.through


def matching_entries(slot: Slot, *, now: datetime) -> WaitlistQuerySet:
    """The waiting entries that the slot suits, in the order in which they get offers.

    Patients are left out if neither they nor a carer has an active account to notify, or if they were offered
    this slot before.
    """
    day = clinic_day(slot.starts_at)
    practised = slot.doctor.specialties.values("pk")
    can_be_notified = Q(patient__user__is_active=True) | Exists(
        Care.objects.filter(dependant=OuterRef("patient"), carer__user__is_active=True)
    )
    had_offer = WaitlistOffer.objects.filter(booking__slot=slot).values("entry__patient")
    return (
        WaitlistEntry.objects.waiting()
        .filter(Q(doctor=slot.doctor_id) | Q(specialty__in=practised), can_be_notified)
        .filter(first_on__lte=day, last_on__gte=day, weekdays__contains=[day.weekday()])
        .filter(patient__erased_at=None)
        .exclude(patient__in=had_offer)
        .select_related("patient", "visit_type")
        .in_offer_order()
    )


def live_entries(*, now: datetime) -> WaitlistQuerySet:
    """The entries on the list, longest wait first, each with its `position` and its `open_offers`.

    `position` and `waiting` count patients: a patient's other entries do not count.
    """
    today = clinic_day(now)
    competing = (
        WaitlistEntry.objects.live(today=today).filter(_competes()).exclude(patient=OuterRef("patient"))
    )
    open_offers = WaitlistOffer.objects.filter(outcome=WaitlistOffer.Outcome.OPEN, ends_at__gt=now)
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
