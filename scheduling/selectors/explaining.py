"""“Why not?”: every rule that removes a time, by the same words in which the engine decides.

It asks one time after the other and may take its while: the hot paths decide in one statement each. That all
of them agree is what the tests of this file are for.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinics.models import Doctor, Patient
from clinics.selectors import clinic_settings
from scheduling.models import Booking, Room, Slot, VisitType
from scheduling.models.bookings import BookingQuerySet
from scheduling.models.visits import kept_around
from scheduling.selectors.availability import offered_until
from scheduling.selectors.explaining_hours import no_slot, off_the_plan, slot_in_plan
from scheduling.selectors.limits import Reached, limits_reached
from scheduling.selectors.reasons import Reason, clock_in_words, day_in_words, in_order
from scheduling.selectors.rooms import suitable_rooms, using_rooms
from scheduling.selectors.wall import clinic_day
from scheduling.selectors.windows import booking_window, last_day, notice

A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Wish:
    """A visit that somebody would have."""

    doctor: Doctor
    starts_at: datetime
    ends_at: datetime
    visit_type: VisitType | None
    patient: Patient | None
    """Who asks for themselves, if anybody does."""
    slot: Slot | None
    """What begins then, offered or not."""

    @property
    def kept(self) -> tuple[datetime, datetime]:
        """The visit with what is kept free around it."""
        return kept_around(self.visit_type, self.starts_at, self.ends_at)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Whether a time is open, and if not, why."""

    starts_at: datetime
    slot: Slot | None
    reasons: list[Reason]

    @property
    def is_open(self) -> bool:
        """Whether nothing removes it."""
        return not self.reasons


def explanation(
    doctor: Doctor, at: datetime, *, visit_type: VisitType | None, patient: Patient | None, now: datetime
) -> Explanation:
    """Every rule that keeps such a visit from starting at an instant.

    :param patient: who asks about themselves; their own bookings and limits count then
    """
    slots = Slot.objects.filter(doctor=doctor, starts_at=at)
    slot = slots.live().first()
    planned = (slot.starts_at, slot.ends_at) if slot else slot_in_plan(doctor, at)
    usual = clinic_settings().slot_minutes * A_MINUTE
    length = visit_type.duration if visit_type else None
    wish = Wish(
        doctor=doctor,
        starts_at=at,
        ends_at=at + (length or (planned[1] - planned[0] if planned else usual)),
        visit_type=visit_type,
        patient=patient,
        slot=slot,
    )
    reasons = [
        *of_the_time(wish, now=now),
        *of_the_slot(wish, planned, marked=slot is None and slots.exists(), now=now),
        *of_the_bookings(wish, now=now),
        *of_the_visit(wish, now=now),
        *(of_the_patient(wish, patient, now=now) if patient else ()),
    ]
    return Explanation(starts_at=at, slot=slot, reasons=in_order(reasons))


def of_the_time(wish: Wish, *, now: datetime) -> Iterator[Reason]:
    """What the clock, and how far ahead the clinic books, stand against."""
    rules, visit = clinic_settings(), wish.visit_type
    window = booking_window(rules, visit_type=visit, now=now)
    if not wish.doctor.is_active:
        yield Reason("doctor_inactive", _("This doctor does not take bookings."))
    if wish.starts_at <= now:
        yield Reason("started", _("This time has already begun."))
    elif wish.starts_at < window.soonest:
        minutes = notice(rules, visit) // A_MINUTE
        words = ngettext(
            "This is too soon to book online: %(minutes)d minute of notice is asked for.",
            "This is too soon to book online: %(minutes)d minutes of notice are asked for.",
            minutes,
        )
        yield Reason("notice", words % {"minutes": minutes}, {"minutes": minutes, "staff_may": True})
    if wish.starts_at >= window.before:
        last, furthest = last_day(rules, visit_type=visit, now=now), last_day(rules, visit_type=None, now=now)
        words = _("This is too far ahead: bookings are taken until %(day)s.") % {"day": day_in_words(last)}
        counts = visit.window_counts if visit and last < furthest else VisitType.DaysCounted.ALL
        days = visit.window_days if visit and last < furthest else rules.horizon_days
        details = {
            "until": last.isoformat(),
            "days": days,
            "counts": str(counts),
            "staff_may": clinic_day(wish.starts_at) <= furthest,
        }
        yield Reason("window", words, details)


def of_the_slot(
    wish: Wish, planned: tuple[datetime, datetime] | None, *, marked: bool, now: datetime
) -> list[Reason]:
    """Why no slot that can be booked begins then.

    :param marked: whether one was taken away there by hand
    """
    slot = wish.slot
    if slot is not None:
        reasons = []
        if slot.status == Slot.Status.BLOCKED:
            reasons.append(Reason("blocked", _("This time is not offered."), {"slot": str(slot.pk)}))
        if not slot.fits_hours:
            words = _("This time is outside the doctor's hours since they were changed.")
            details = {"slot": str(slot.pk)}
            against = off_the_plan(wish.doctor, slot.starts_at, slot.ends_at)
            reasons += [Reason("unfitting", words, details), *against]
        return reasons
    ends_at = planned[1] if planned else wish.starts_at + A_MINUTE
    reasons = off_the_plan(wish.doctor, wish.starts_at, ends_at)
    if marked:
        reasons.append(Reason("withdrawn", _("This time has been taken away.")))
    furthest = booking_window(clinic_settings(), visit_type=None, now=now).before
    not_made_yet = planned is not None and not now < wish.starts_at < furthest
    if not reasons and not not_made_yet:
        reasons.append(no_slot(wish.doctor, wish.starts_at))
    return reasons


def of_the_bookings(wish: Wish, *, now: datetime) -> Iterator[Reason]:
    """What is booked or held there, or too near."""
    begins, ends = wish.kept
    there = not_own_holds(Booking.objects.alive(now=now), wish.patient).filter(doctor=wish.doctor)
    for other in there.overlapping(begins, ends).order_by("starts_at", "id"):
        details = {
            "booking": str(other.pk),
            "starts_at": other.starts_at.isoformat(),
            "ends_at": other.ends_at.isoformat(),
        }
        if other.starts_at >= wish.ends_at or other.ends_at <= wish.starts_at:
            side = "after" if other.starts_at >= wish.ends_at else "before"
            words = (
                _("Time is kept free before the visit that follows.")
                if side == "after"
                else _("Time is kept free after the visit before it.")
            )
            yield Reason("buffer", words, {**details, "side": side})
        elif other.status == Booking.Status.HELD and other.held_until:
            words = _("Somebody is about to book this time. It is held until %(time)s.")
            until = {"held_until": other.held_until.isoformat()}
            yield Reason("held", words % {"time": clock_in_words(other.held_until)}, details | until)
        else:
            yield Reason("booked", _("This time is booked."), details)
    day = clinic_day(wish.starts_at)
    lasts = wish.ends_at - wish.starts_at
    for reached in limits_reached(wish.doctor, day=day, lasts=lasts, now=now):
        yield limit_said(reached)


def limit_said(reached: Reached) -> Reason:
    """A limit of the doctor's, without its number, which is the clinic's own."""
    words = (
        _("The doctor sees no more patients on that day.")
        if reached.limit.startswith("day")
        else _("The doctor sees no more patients in that week.")
    )
    return Reason("limit", words, {"limit": reached.limit, "most": reached.most, "there": reached.there})


def not_own_holds(bookings: BookingQuerySet, patient: Patient | None) -> BookingQuerySet:
    """Without what the patient holds: a booking of theirs ends it. What the waiting list holds stays."""
    if patient is None:
        return bookings
    own = Q(patient=patient, status=Booking.Status.HELD, offer=None)
    return bookings.exclude(pk__in=Booking.objects.filter(own).values("pk"))


def of_the_visit(wish: Wish, *, now: datetime) -> Iterator[Reason]:
    """What the kind of visit asks for and is not there."""
    visit, slot = wish.visit_type, wish.slot
    if slot is not None and slot.status == Slot.Status.FREE and slot.fits_hours:
        until = offered_until(slot, wish.ends_at)
        if until < wish.ends_at:
            words = _("There is not enough time for this visit: what is open ends at %(time)s.")
            details = {"minutes": (until - wish.starts_at) // A_MINUTE}
            yield Reason("too_long", words % {"time": clock_in_words(until)}, details)
    if visit is None:
        return
    if not VisitType.objects.offered_by(wish.doctor).filter(pk=visit.pk).exists():
        yield Reason("visit_type", _("The doctor does not offer this kind of visit."), {"why": "doctor"})
    if visit.who_may_book == VisitType.Who.STAFF:
        words = _("This kind of visit is booked by the clinic. Please call.")
        yield Reason("visit_type", words, {"why": "staff_only", "staff_may": True})
    rooms = suitable_rooms(visit)
    if rooms is not None:
        yield from no_room(wish, rooms, now=now)


def no_room(wish: Wish, suitable: list[uuid.UUID], *, now: datetime) -> Iterator[Reason]:
    """Where every room that suits the visit, at its place, is used."""
    begins, ends = wish.kept
    place = wish.slot.place_id if wish.slot else None
    rooms = list(Room.objects.filter(pk__in=suitable, place=place).values_list("pk", flat=True))
    used = using_rooms(rooms, begins=begins, ends=ends, now=now)
    used = not_own_holds(used, wish.patient).order_by("starts_at", "id")
    if {booking.room_id for booking in used} >= set(rooms):
        bookings = [str(booking.pk) for booking in used]
        yield Reason("room", _("No room is free then."), {"rooms": len(rooms), "bookings": bookings})


def of_the_patient(wish: Wish, patient: Patient, *, now: datetime) -> Iterator[Reason]:
    """What stands against this patient, who asks about themselves."""
    alive = Booking.objects.alive(now=now).filter(patient=patient)
    busy = not_own_holds(alive, patient).filter(starts_at__lt=wish.ends_at, ends_at__gt=wish.starts_at)
    if busy.exists():
        yield Reason("patient_busy", _("You have another appointment then."))
    been_here = Booking.objects.making_known().filter(patient=patient)
    visit, limit = wish.visit_type, clinic_settings().upcoming_limit
    if visit and visit.who_may_book == VisitType.Who.KNOWN and not been_here.exists():
        words = _("This kind of visit is for patients who have been here before.")
        yield Reason("visit_type", words, {"why": "known_only"})
    new_only = visit and visit.who_may_book == VisitType.Who.PUBLIC and visit.new_patients_only
    if new_only and been_here.exists():
        yield Reason("visit_type", _("This kind of visit is for new patients."), {"why": "new_only"})
    if not wish.doctor.accepting_new_patients and not been_here.filter(doctor=wish.doctor).exists():
        yield Reason("new_patients", _("This doctor does not accept new patients at the moment."))
    if limit is not None and alive.filter(ends_at__gt=now).count() >= limit:
        yield Reason("upcoming_limit", _("You have as many appointments as can be booked ahead."))
