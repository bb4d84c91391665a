"""Preview the effects of merging two patient records."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from clinics.models import Care, Patient, PatientMerge
from scheduling.models import Booking, WaitlistEntry
from scheduling.models.bookings import BookingQuerySet

UNDO_PERIOD = timedelta(days=1)
"""How long a merge can be undone."""


@dataclass(frozen=True, slots=True)
class MergePreview:
    """The effects of a merge."""

    survivor: Patient
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
    """Carers who would get access to the surviving record."""
    lost_carers: list[Patient]
    """Carers who would lose access."""
    overlapping: list[tuple[Booking, Booking]]
    """Pairs of upcoming bookings at the same time: (surviving record, merged record). They prevent it."""
    closes_account: str
    """The email address of the account that would be deactivated; empty if there is none."""


def preview_merge(*, survivor: Patient, merged: Patient, now: datetime) -> MergePreview:
    """Return the effects that `merge_patients` would have."""
    bookings = Booking.objects.booked().filter(patient=merged)
    upcoming = bookings.upcoming(now=now).count()
    carers = carers_of(merged)
    known = {carer.pk for carer in carers_of(survivor)} | {survivor.pk}
    gains = [] if survivor.user_id else [carer for carer in carers if carer.pk not in known]
    return MergePreview(
        survivor=survivor,
        merged=merged,
        upcoming=upcoming,
        past=bookings.count() - upcoming,
        waiting=WaitlistEntry.objects.filter(patient=merged).count(),
        dependants=list(Patient.objects.known().filter(cared_for_by__carer=merged).exclude(pk=survivor.pk)),
        new_carers=gains,
        lost_carers=[carer for carer in carers if carer not in gains and carer.pk not in known],
        overlapping=overlapping_bookings(survivor=survivor, merged=merged, now=now),
        closes_account=merged.user.email if merged.user else "",
    )


def carers_of(patient: Patient) -> list[Patient]:
    """Return the patient's carers, oldest link first."""
    cares = Care.objects.filter(dependant=patient).select_related("carer").order_by("created_at", "id")
    return [care.carer for care in cares]


def overlapping_bookings(
    *, survivor: Patient, merged: Patient, now: datetime
) -> list[tuple[Booking, Booking]]:
    """Return the pairs of upcoming bookings that the two records have at the same time, by start.

    Somebody has to decide which one of each pair takes place. A visit that has ended needs no decision.
    """
    upcoming = Booking.objects.upcoming(now=now).select_related("doctor", "visit_type", "place")
    own, others = (
        list(upcoming.filter(_overlaps_booking_of(other), patient=patient).order_by("starts_at", "id"))
        for patient, other in ((survivor, merged), (merged, survivor))
    )
    return [
        (booking, other)
        for other in others
        for booking in own
        if booking.starts_at < other.ends_at and booking.ends_at > other.starts_at
    ]


def ended_overlapping_bookings(*, survivor: Patient, merged: Patient, now: datetime) -> BookingQuerySet:
    """Bookings of either record that have ended and overlap a booking of the other record.

    No-shows are included: they take their time again if that step is undone.
    """
    overlap = Q(_overlaps_booking_of(merged), patient=survivor)
    overlap |= Q(_overlaps_booking_of(survivor), patient=merged)
    return Booking.objects.exclude(status="CANCELLED").filter(overlap, ends_at__lte=now)


def _overlaps_booking_of(patient: Patient) -> Exists:
    same_time = Booking.objects.exclude(status="CANCELLED").filter(
        patient=patient, starts_at__lt=OuterRef("ends_at"), ends_at__gt=OuterRef("starts_at")
    )
    return Exists(same_time)


def undoable_merge(patient: Patient, *, now: datetime) -> PatientMerge | None:
    """Return the latest merge into the record, if it can still be undone."""
    merges = PatientMerge.objects.filter(survivor=patient, undone_at=None, created_at__gt=now - UNDO_PERIOD)
    return merges.select_related("merged", "survivor").order_by("-created_at", "-id").first()
