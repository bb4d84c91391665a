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


class NoticeTooShort(DomainError):
    """Too close to the start for the patient to change it alone."""

    code = "notice_too_short"
    message = _("It is too late to cancel this appointment online. Please call the clinic.")


class BookingOver(DomainError):
    """It has started, or is not in a state that can be changed."""

    code = "booking_over"
    message = _("This appointment can no longer be changed.")
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
