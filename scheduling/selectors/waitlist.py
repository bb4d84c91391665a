"""Who waits, for what, and where each stands."""

import uuid
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from clinics.models import Care, Doctor, Patient
from scheduling.models import Slot, WaitlistEntry, WaitlistOffer
from scheduling.models.waitlist import TURN, WaitlistQuerySet
from scheduling.selectors.wall import clinic_day
from tenants.accounts.models import User
from tenants.base.errors import NotFound

_DoctorSpecialty = Doctor.specialties.through


def entries_fitting(slot: Slot, *, now: datetime) -> WaitlistQuerySet:
    """Those who wait for such a time as the slot's, whoever is offered it first, first.

    Not those whom nobody can tell of it, nor those who were offered this very slot before.
    """
    day = clinic_day(slot.starts_at)
    practised = slot.doctor.specialties.values("pk")
    told = Q(patient__user__is_active=True) | Exists(
        Care.objects.filter(dependant=OuterRef("patient"), carer__user__is_active=True)
    )
    had_it = WaitlistOffer.objects.filter(booking__slot=slot).values("entry__patient")
    return (
        WaitlistEntry.objects.waiting()
        .filter(Q(doctor=slot.doctor_id) | Q(specialty__in=practised), told)
        .filter(first_on__lte=day, last_on__gte=day, weekdays__contains=[day.weekday()])
        .filter(patient__erased_at=None)
        .exclude(patient__in=had_it)
        .select_related("patient", "visit_type")
        .in_turn()
    )


def live_entries(*, now: datetime) -> WaitlistQuerySet:
    """All who are on the list, longest waiting first, with where each stands and what it is offered.

    Where one stands is counted in people: nobody waits behind another wish of their own.
    """
    today = clinic_day(now)
    rivals = WaitlistEntry.objects.live(today=today).filter(_competes()).exclude(patient=OuterRef("patient"))
    open_offers = WaitlistOffer.objects.filter(outcome=WaitlistOffer.Outcome.OPEN, ends_at__gt=now)
    shown = open_offers.select_related(
        "booking__doctor", "booking__patient", "booking__place", "booking__visit_type"
    ).prefetch_related("booking__doctor__specialties")
    return (
        WaitlistEntry.objects.live(today=today)
        .annotate(
            waiting=_count_patients(rivals) + 1, position=_count_patients(rivals.filter(_comes_first())) + 1
        )
        .select_related("patient", "doctor", "specialty", "visit_type")
        .prefetch_related("doctor__specialties", Prefetch("offers", shown, to_attr="open_offers"))
        .order_by("created_at", "id")
    )


def visible_entries(user: User, *, now: datetime) -> WaitlistQuerySet:
    """At the desk all; else one's own, and of those one cares for."""
    live = live_entries(now=now)
    return live if user.is_at_the_desk else live.filter(patient__in=Patient.objects.of_user(user))


def own_entry(user: User, entry_id: uuid.UUID) -> WaitlistEntry:
    """A patient's own, or of somebody they care for.

    :raises NotFound: there is none, or it is another's
    """
    own = WaitlistEntry.objects.filter(patient__in=Patient.objects.of_user(user))
    entry = own.select_related("patient").filter(pk=entry_id).first()
    if entry is None:
        raise NotFound
    return entry


def own_offer(user: User, offer_id: uuid.UUID) -> WaitlistOffer:
    """What a patient, or somebody they care for, is or was offered.

    :raises NotFound: there is no such offer, or it is another's
    """
    own = WaitlistOffer.objects.filter(entry__patient__in=Patient.objects.of_user(user))
    offer = own.select_related("entry__patient").filter(pk=offer_id).first()
    if offer is None:
        raise NotFound
    return offer


def _competes() -> Q:
    """Entries that an outer query's entry shares times with: its doctor's, or its specialty's."""
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
    """Entries whose turn is before that of an outer query's entry."""
    before, equal = Q(pk__in=[]), Q()
    for field in TURN:
        before |= equal & Q(**{f"{field}__lt": OuterRef(field)})
        equal &= Q(**{field: OuterRef(field)})
    return before


def _count_patients(entries: QuerySet[WaitlistEntry]) -> Coalesce:
    counted = entries.order_by().values(one=Value(1)).values(count=Count("patient", distinct=True))
    return Coalesce(Subquery(counted), 0)
