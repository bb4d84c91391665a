"""What two patient records that might be merged contain, and what a merge of them would do."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from clinics.models import Care, Patient, PatientMerge
from scheduling.models import Booking, WaitlistEntry
from scheduling.models.booking_states import TIME_TAKING_STATES

UNDO_PERIOD = timedelta(days=1)
"""How long a merge can be undone."""


@dataclass(frozen=True, slots=True)
class MergePreview:
    """What a merge would do."""

    kept: Patient
    merged: Patient
    upcoming: int
    """Upcoming bookings that would move."""
    past: int
    """Other bookings that would move."""
    waiting: int
    """Waiting-list entries that would move."""
    dependants: list[Patient]
    """The dependants who would move."""
    new_carers: list[Patient]
    """The people who would come to see the kept record."""
    lost_carers: list[Patient]
    """The people who would no longer see anything of the merged record."""
    overlapping: list[tuple[Booking, Booking]]
    """Bookings at the same time, which prevent the merge: the kept record's and the other's."""
    closes_account: str
    """The email address of the account that would be switched off; empty if there is none."""


def preview_merge(*, kept: Patient, merged: Patient, now: datetime) -> MergePreview:
    """Return what `merge_patients` would do. Changes nothing."""
    bookings = Booking.objects.booked().filter(patient=merged)
    upcoming = bookings.upcoming(now=now).count()
    carers = carers_of(merged)
    known = {carer.pk for carer in carers_of(kept)} | {kept.pk}
    gains = [] if kept.user_id else [carer for carer in carers if carer.pk not in known]
    return MergePreview(
        kept=kept,
        merged=merged,
        upcoming=upcoming,
        past=bookings.count() - upcoming,
        waiting=WaitlistEntry.objects.filter(patient=merged).count(),
        dependants=list(Patient.objects.known().filter(cared_for_by__carer=merged).exclude(pk=kept.pk)),
        new_carers=gains,
        lost_carers=[carer for carer in carers if carer not in gains and carer.pk not in known],
        overlapping=overlapping_bookings(kept=kept, merged=merged),
        closes_account=merged.user.email if merged.user else "",
    )


def carers_of(patient: Patient) -> list[Patient]:
    """Return the patient's carers, those of longest standing first."""
    cares = Care.objects.filter(dependant=patient).select_related("carer").order_by("created_at", "id")
    return [care.carer for care in cares]


def overlapping_bookings(*, kept: Patient, merged: Patient) -> list[tuple[Booking, Booking]]:
    """Return the pairs of bookings that the two records have at the same time, by start."""
    taking = Booking.objects.taking_time().select_related("doctor", "visit_type", "place")
    pairs = []
    others = list(
        taking.filter(patient=merged).filter(Exists(_at_same_time(kept))).order_by("starts_at", "id")
    )
    for other in others:
        own = taking.filter(patient=kept, starts_at__lt=other.ends_at, ends_at__gt=other.starts_at)
        pairs += [(booking, other) for booking in own.order_by("starts_at", "id")]
    return pairs


def _at_same_time(patient: Patient) -> QuerySet[Booking]:
    return Booking.objects.filter(
        patient=patient,
        status__in=TIME_TAKING_STATES,
        starts_at__lt=OuterRef("ends_at"),
        ends_at__gt=OuterRef("starts_at"),
    )


def undoable_merge(patient: Patient, *, now: datetime) -> PatientMerge | None:
    """Return the latest merge into the record, if it can still be undone."""
    merges = PatientMerge.objects.filter(kept=patient, undone_at=None, created_at__gt=now - UNDO_PERIOD)
    return merges.select_related("merged", "kept").order_by("-created_at", "-id").first()
