"""What the schedule refuses, and why, in words for the one who asked."""

from django.utils.translation import gettext_lazy as _

from tenants.base.errors import DomainError


class SlotTaken(DomainError):
    """Somebody else has it. `data.alternatives` holds the nearest that are open."""

    code = "slot_taken"
    message = _("That time has just been taken. Please choose another.")
    status = 409


class SlotNotOffered(DomainError):
    """The doctor does not offer this time (any more)."""

    code = "slot_not_offered"
    message = _("This time is not offered any more. Please choose another.")
    status = 409


class SlotStarted(DomainError):
    """It has begun, or is over."""

    code = "slot_started"
    message = _("This time has already begun. Please choose a later one.")
    status = 409


class PatientBusy(DomainError):
    """The patient has another booking at that time."""

    code = "patient_busy"
    message = _("There is already an appointment at that time. Cancel it first, or choose another time.")
    status = 409


class TooFarAhead(DomainError):
    """It is later than the clinic takes bookings for."""

    code = "too_far_ahead"
    message = _("This time is too far ahead. Please choose an earlier one.")


class NewPatientsNotAccepted(DomainError):
    """The doctor sees only patients who have been with them before."""

    code = "new_patients_not_accepted"
    message = _("This doctor does not accept new patients at the moment. Please choose another doctor.")


class VisitTypeNotOffered(DomainError):
    """The doctor does not offer it, or this patient cannot book it."""

    code = "visit_type_not_offered"
    message = _("This kind of visit cannot be booked here. Please choose another, or call the clinic.")


class VisitTooLong(DomainError):
    """What is open from there is shorter than the visit."""

    code = "visit_too_long"
    message = _("There is not enough time for this visit. Please choose another time.")
    status = 409


class RoomsTaken(DomainError):
    """Every room that suits the visit is used at that time."""

    code = "rooms_taken"
    message = _("No room is free at that time. Please choose another time.")
    status = 409


class LimitReached(DomainError):
    """There are as many bookings as the clinic allows: of the patient, or on the doctor's day or week."""

    code = "limit_reached"
    message = _("No more appointments can be booked here. Please choose another day, or call the clinic.")


class WaitlistFull(LimitReached):
    """Nobody waits for so many things."""

    message = _("You are on the waiting list as often as possible. Leave it somewhere first.")


class AlreadyWaiting(DomainError):
    """The same patient waits for the same already."""

    code = "already_waiting"
    message = _("You are already on the waiting list for this.")
    status = 409


class HoldExpired(DomainError):
    """The time was held, and is not any more."""

    code = "hold_expired"
    message = _("This time is no longer held for you. Please choose it again.")
    status = 409


class HoursChanged(DomainError):
    """Somebody else has changed the hours since they were read (RFC 9110, section 13.1.1)."""

    code = "hours_changed"
    message = _("These hours have been changed meanwhile. Load them again, then make your change.")
    status = 409


class OfferEnded(DomainError):
    """The time was offered to somebody on the waiting list, and is not any more."""

    code = "offer_ended"
    message = _("This time is no longer offered to you. While you are on the waiting list, others may be.")
    status = 409


class NoticeTooShort(DomainError):
    """Too close to the start for the patient to change it alone."""

    code = "notice_too_short"
    message = _("It is too late to cancel this appointment online. Please call the clinic.")


class MovedTooLate(NoticeTooShort):
    """Too close to the start for the patient to move it alone."""

    message = _("It is too late to move this appointment online. Please call the clinic.")


class BookedTooLate(NoticeTooShort):
    """The clinic asks for more notice before a visit."""

    message = _("This time is too soon to book online. Please choose a later one, or call the clinic.")


class NoTimeOpen(DomainError):
    """A booking is to move, and there is nowhere to go."""

    code = "no_time_open"
    message = _("No other time is open for this appointment.")
    status = 409


class MovedSince(DomainError):
    """The booking has been moved again, so that it is not for us to move it back."""

    code = "moved_since"
    message = _("This appointment has been moved again since.")
    status = 409


class BookingOver(DomainError):
    """It has started, or is not in a state that can be changed."""

    code = "booking_over"
    message = _("This appointment can no longer be changed.")
    status = 409


class TooEarly(DomainError):
    """The visit has to come first."""

    code = "too_early"
    message = _("It is too early for this: the appointment has not begun.")
    status = 409


class IdempotencyKeyReused(DomainError):
    """The key was used for another request (draft-ietf-httpapi-idempotency-key-header, section 2.7)."""

    code = "idempotency_key_reused"
    message = _("This request repeats the key of another one.")


class SlotBooked(DomainError):
    """Somebody has booked it, so it cannot be moved or taken away."""

    code = "slot_booked"
    message = _("This time is booked. Cancel or move the appointment first.")
    status = 409


class SlotOverlaps(DomainError):
    """Another slot of the doctor is there."""

    code = "slot_overlaps"
    message = _("This time overlaps another slot of the doctor.")
    status = 409


class SeriesNotBooked(DomainError):
    """Not one of its visits could be booked. `data.instances` says why of each."""

    code = "series_not_booked"
    message = _("None of these visits could be booked.")


class ChainDoesNotFit(DomainError):
    """The visits do not follow each other: in time, soon enough, at one place."""

    code = "chain_does_not_fit"
    message = _("These times do not follow each other. Please choose the visits together.")
