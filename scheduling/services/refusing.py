"""Why a time cannot be had: asked once the database has said no, or where it is plain that it would."""

from datetime import datetime

from clinics.models import Patient
from scheduling.errors import (
    BookedTooLate,
    NewPatientsNotAccepted,
    PatientBusy,
    RoomsTaken,
    SlotNotOffered,
    SlotStarted,
    SlotTaken,
    TooFarAhead,
    VisitTooLong,
    VisitTypeNotOffered,
)
from scheduling.models import Booking, Slot, VisitType
from scheduling.models.bookings import BookingQuerySet
from scheduling.selectors.availability import Moment, nearest_open_slots, offered_until
from scheduling.selectors.windows import Window
from scheduling.services.claiming import Claim, kept_by, length_of, taken_from
from tenants.base.errors import DomainError, NotFound


def check_patient_may(visit_type: VisitType | None, *, patient: Patient) -> None:
    """Refuse a visit type that patients cannot book, or this one cannot.

    :raises VisitTypeNotOffered: it is for the clinic's people to book, for patients who have been here, or
        for those who have not
    """
    if visit_type is None:
        return
    if not visit_type.is_active or visit_type.who_may_book == VisitType.Who.STAFF:
        raise VisitTypeNotOffered
    known_only = visit_type.who_may_book == VisitType.Who.KNOWN
    if known_only or visit_type.new_patients_only:
        known = Booking.objects.making_known().filter(patient=patient).exists()
        if known != known_only:
            raise VisitTypeNotOffered


def why_not(claim: Claim, *, window: Window, now: datetime) -> DomainError:
    """The reason for which the slot could not be given to the patient."""
    taken = None if claim.overbook else taken_from(claim, now=now)
    if taken:
        return slot_taken(taken, visit_type=claim.visit_type, window=window, now=now)
    slot = Slot.objects.live().select_related("doctor").filter(pk=claim.slot_id).first()
    if slot is None or not Patient.objects.known().filter(pk=claim.patient.pk).exists():
        return NotFound()
    if slot.starts_at <= now:
        return SlotStarted()
    if claim.overbook:
        return why_not_in_addition(claim, slot, window=window, now=now)
    held = others_of(claim, slot, now=now).overlapping(slot.starts_at, slot.ends_at).exists()
    reason = None if held else why_not_offered(slot, window=window) or why_not_for(claim, slot, now=now)
    # Where there is no reason any more, it was taken at the moment of writing and given back since.
    moment = Moment(slot.pk, slot.doctor_id, slot.starts_at)
    return reason or slot_taken(moment, visit_type=claim.visit_type, window=window, now=now)


def check_not_taken(claim: Claim, *, window: Window, now: datetime) -> None:
    """Spare whoever comes too late the try, which would also withdraw what is kept about open slots.

    Who gets a slot is not decided here: what passes is left to the database.

    :raises SlotTaken: others have it
    """
    taken = taken_from(claim, now=now)
    if taken:
        raise slot_taken(taken, visit_type=claim.visit_type, window=window, now=now)


def slot_taken(moment: Moment, *, visit_type: VisitType | None, window: Window, now: datetime) -> SlotTaken:
    """That somebody has the slot, with what can be had instead."""
    nearest = nearest_open_slots(moment, visit_type=visit_type, window=window, now=now)
    return SlotTaken({"alternatives": nearest})


def why_not_in_addition(claim: Claim, slot: Slot, *, window: Window, now: datetime) -> DomainError:
    """Why not even in addition to another booking."""
    if not slot.doctor.is_active:
        return SlotNotOffered()
    if slot.starts_at >= window.before:
        return TooFarAhead()
    return why_not_for(claim, slot, now=now) or RoomsTaken()


def why_not_offered(slot: Slot, *, window: Window) -> DomainError | None:
    """Why nobody can book the slot."""
    if slot.status != Slot.Status.FREE or not slot.fits_hours or not slot.doctor.is_active:
        return SlotNotOffered()
    if slot.starts_at >= window.before:
        return TooFarAhead()
    return BookedTooLate() if slot.starts_at < window.soonest else None


def why_not_for(claim: Claim, slot: Slot, *, now: datetime) -> DomainError | None:
    """Why this visit of this patient cannot be there."""
    visit, ends_at = claim.visit_type, slot.starts_at + length_of(claim, slot)
    if visit and not VisitType.objects.offered_by(slot.doctor).filter(pk=visit.pk).exists():
        return VisitTypeNotOffered()
    busy = Booking.objects.taking().filter(
        patient=claim.patient, starts_at__lt=ends_at, ends_at__gt=slot.starts_at
    )
    if busy.exclude(pk=claim.booking_id).exists():
        return PatientBusy()
    known = Booking.objects.making_known().filter(patient=claim.patient, doctor=slot.doctor)
    if not slot.doctor.accepting_new_patients and not known.exists():
        return NewPatientsNotAccepted()
    if not claim.overbook:
        if offered_until(slot, ends_at) < ends_at:
            return VisitTooLong()
        if others_of(claim, slot, now=now).overlapping(*kept_by(claim, slot)).exists():
            return None
    return RoomsTaken() if visit and visit.needs_room else None


def others_of(claim: Claim, slot: Slot, *, now: datetime) -> BookingQuerySet:
    """The other bookings of the slot's doctor."""
    return Booking.objects.alive(now=now).filter(doctor=slot.doctor).exclude(pk=claim.booking_id)
