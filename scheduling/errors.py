"""Errors of the schedule: slots, bookings, working hours and the waiting list."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from tenants.base.errors import DomainError, Text


class SlotTaken(DomainError):
    """Another booking has the slot. `data.alternatives` has the nearest open slots."""

    code = "slot_taken"
    message = _("Someone else has just booked this time. Choose another time.")
    status = 409

    def __init__(self, data: Any = None, *, is_booked: bool = False, until: datetime | None = None) -> None:
        super().__init__(data)
        self.is_booked = is_booked
        """Whether a booking has the slot, not only a hold."""
        self.until = until
        """When the slot starts, or an alternative can no longer be booked, so that the refusal is wrong."""


class BusyElsewhere(SlotTaken):
    """The doctor is busy at that time in an outside calendar. Only the explanation for staff says so."""

    message = _("This time is no longer available. Choose another time.")


class TimeOffered(SlotTaken):
    """For staff: the time is offered to a patient on the waiting list. `data.offer` has the offer."""

    code = "time_offered"
    message = _(
        "This time is offered to a patient on the waiting list. Withdraw the offer to book it, book it in "
        "addition to the offer, or choose another time."
    )


class SlotNotOffered(DomainError):
    """The doctor does not offer this slot, or no longer offers it."""

    code = "slot_not_offered"
    message = _("This time is no longer available. Choose another time.")
    status = 409


class SlotStarted(DomainError):
    """The slot has started or is over."""

    code = "slot_started"
    message = _("This time has already started. Choose a later time.")
    status = 409


class PatientBusy(DomainError):
    """The patient has another booking at that time."""

    code = "patient_busy"
    message = _("There is already an appointment at this time. Cancel it first, or choose another time.")
    status = 409


class TooFarAhead(DomainError):
    """The slot is beyond the clinic's booking window."""

    code = "too_far_ahead"
    message = _("This time is too far ahead to book. Choose an earlier time.")


class NewPatientsNotAccepted(DomainError):
    """The doctor accepts only patients who have been seen before."""

    code = "new_patients_not_accepted"
    message = _("This doctor is not accepting new patients. Choose another doctor.")


class VisitTypeNotOffered(DomainError):
    """The doctor does not offer this visit type, or this patient may not book it."""

    code = "visit_type_not_offered"
    message = _("You cannot book this type of visit here. Choose another type, or call the clinic.")


class VisitTooLong(DomainError):
    """The open time from this slot on is shorter than the visit."""

    code = "visit_too_long"
    message = _("There is not enough time for this visit. Choose another time.")
    status = 409


class RoomsTaken(DomainError):
    """Every room that suits the visit is in use at that time."""

    code = "rooms_taken"
    message = _("No room is free at this time. Choose another time.")
    status = 409


class LimitReached(DomainError):
    """The clinic's maximum number of bookings is reached, for the patient or for the doctor's day or week."""

    code = "limit_reached"
    message = _(
        "The limit of appointments has been reached. Choose another day, cancel an appointment, or call the "
        "clinic."
    )


class EmailNotConfirmed(DomainError):
    """The account has as many upcoming bookings as the clinic allows before the address is confirmed."""

    code = "email_not_confirmed"
    message = _("Confirm your email address to book more. We have sent you an email with a link.")


class PhoneRequired(DomainError):
    """The visit is by telephone, and neither the patient nor a carer has a valid telephone number."""

    code = "phone_required"
    message = _("We call you for this visit. Add a phone number to your details first.")


class WaitlistFull(LimitReached):
    """The patient has the maximum number of waiting-list entries."""

    message = _("You have reached the limit of waiting-list entries. Remove one first.")


class WaitlistLimitReached(LimitReached):
    """The patient has the maximum number of bookings, and none that an earlier time could replace."""

    message = _(
        "You have reached the limit of upcoming appointments, so we cannot offer you another one. "
        "Cancel an appointment first, or wait for an earlier time than one of yours."
    )


class NoDoctorAvailable(DomainError):
    """No doctor with bookings offers the visit type in the specialty."""

    code = "no_doctor_available"
    message = _("No doctor takes bookings for this here. Choose another specialty, or call the clinic.")


class AlreadyWaiting(DomainError):
    """The patient already has a waiting-list entry for the same doctor or specialty."""

    code = "already_waiting"
    message = _("You are already on the waiting list for this. Remove that entry first to change it.")
    status = 409


class HoldExpired(DomainError):
    """The hold has expired or was released."""

    code = "hold_expired"
    message = _("We are no longer holding this time for you. Choose a time again.")
    status = 409


class TimeWithdrawn(DomainError):
    """The clinic ended the hold, since it no longer offers the time."""

    code = "time_withdrawn"
    message = _("The clinic can no longer offer this time. Choose another time.")
    status = 409


class HoursChanged(DomainError):
    """Somebody else changed the hours since they were read (RFC 9110, section 13.1.1)."""

    code = "hours_changed"
    message = _("Someone else has changed these hours. Reload the page, then make your change again.")
    status = 409


class OfferEnded(DomainError):
    """The waiting-list offer has ended."""

    code = "offer_ended"
    message = _("This offer has ended. You stay on the waiting list and may get another offer.")
    status = 409


class NobodyToTell(DomainError):
    """Neither the patient nor a carer has an account to which the offer could be sent."""

    code = "nobody_to_tell"
    message = _("No message can be sent to this patient. Call the patient, and book the time for them.")


class AlreadyOffered(DomainError):
    """The entry has an open offer, or is no longer on the list."""

    code = "already_offered"
    message = _("This patient has an open offer, or is no longer on the waiting list. Reload the page.")
    status = 409


class NotReplaceable(DomainError):
    """The offer cannot replace this booking: it is not a later one of the patient with a similar doctor."""

    code = "not_replaceable"
    message = _(
        "This offer cannot replace that appointment. "
        "Choose a later appointment with the same doctor or specialty."
    )


class OfferWithdrawn(DomainError):
    """The clinic ended the offer. `data.alternatives` has the nearest open slots."""

    code = "offer_withdrawn"
    message = _(
        "The clinic can no longer offer you this time. You keep your place on the waiting list. "
        "Choose another time, or wait for another offer."
    )
    status = 409


class NoticeTooShort(DomainError):
    """It is too close to the start for the patient to cancel online."""

    code = "notice_too_short"
    message = _("It is too late to cancel this appointment online. Call the clinic.")


class RescheduledTooLate(NoticeTooShort):
    """It is too close to the start for the patient to reschedule online."""

    message = _("It is too late to change this appointment online. Call the clinic.")


class BookedTooLate(NoticeTooShort):
    """The clinic or the visit type requires a longer notice."""

    message = _("This time is too soon to book online. Choose a later time, or call the clinic.")


class NoTimeOpen(DomainError):
    """No other slot is open for a booking that has to move."""

    code = "no_time_open"
    message = _("No other time is available for this appointment. Keep it or cancel it.")
    status = 409


class RescheduledSince(DomainError):
    """The booking was rescheduled again, so it cannot be moved back."""

    code = "moved_since"
    message = _("This appointment was changed again in the meantime. Change it by hand if it has to move.")
    status = 409


class SameTime(DomainError):
    """The booking is at that time already."""

    code = "same_time"
    message = _("The appointment is at this time already. Choose another time.")
    status = 409


class BookingNotChangeable(DomainError):
    """The booking has started, or its status does not allow this change."""

    code = "booking_over"
    message = _("This appointment can no longer be changed. Reload the page to see its status.")
    status = 409

    @property
    def user_message(self) -> Text:
        """Says the appointment's status and its last change, if `data` is that of `last_change`."""
        if not self.data:
            return self.message
        text = gettext(
            "This is not possible now. Status of the appointment: %(status)s. Last change: %(words)s."
        )
        return text % {"status": self.data["status_text"], "words": self.data["words"]}


class BookingChanged(DomainError):
    """Somebody else has changed the booking. `data` has the change and the booking as it is now."""

    code = "booking_changed"
    message = _("Somebody else has changed this appointment. Look at it as it is now, then decide.")
    status = 409

    @property
    def user_message(self) -> Text:
        """Says what was changed, when and by whom."""
        text = gettext("Somebody else has changed this appointment: %(words)s. Look at it, then decide.")
        return text % {"words": self.data["words"]}


class TooEarly(DomainError):
    """The step is not allowed before the visit."""

    code = "too_early"
    message = _("It is too early for this. Try again at the time of the appointment.")
    status = 409


class IdempotencyKeyReused(DomainError):
    """The key was used for another request (draft-ietf-httpapi-idempotency-key-header, section 2.7)."""

    code = "idempotency_key_reused"
    message = _("This Idempotency-Key was used for another request. Send a new key.")


class SlotBooked(DomainError):
    """The slot is booked, so it cannot be changed or removed."""

    code = "slot_booked"
    message = _("This time is booked. Cancel or reschedule the appointment first.")
    status = 409


class SlotOverlaps(DomainError):
    """The slot overlaps another slot of the doctor."""

    code = "slot_overlaps"
    message = _("This time overlaps another slot of this doctor. Choose a different time.")
    status = 409


class SlotDuringTimeOff(DomainError):
    """The slot would be offered while the doctor or the clinic is away."""

    code = "during_time_off"
    message = _(
        "The doctor or the clinic is away at this time. Choose another time, or confirm that patients can "
        "book it anyway."
    )
    status = 409


class SeriesNotBooked(DomainError):
    """None of the visits could be booked. `data.instances` has the reason for each."""

    code = "series_not_booked"
    message = _("None of these visits could be booked. Choose another time or start date.")


class ChainDoesNotFit(DomainError):
    """The visits do not follow each other at one place within the allowed waiting times."""

    code = "chain_does_not_fit"
    message = _("These times do not follow each other. Choose the visits together.")


BOOKING_ERRORS = (
    SlotTaken,
    SlotNotOffered,
    SlotStarted,
    PatientBusy,
    RoomsTaken,
    VisitTooLong,
    VisitTypeNotOffered,
    NewPatientsNotAccepted,
    BookedTooLate,
    TooFarAhead,
    LimitReached,
    EmailNotConfirmed,
    PhoneRequired,
)
"""The errors of every operation that gives a slot to a patient."""


class DoctorHasBookings(DomainError):
    """The user cannot stop being a doctor while patients are booked with them."""

    code = "doctor_has_bookings"
    message = _("This doctor has upcoming bookings. Move or cancel them first, then change the role.")
    status = 409

    def __init__(self, *, count: int) -> None:
        """
        :param count: the number of bookings
        """
        super().__init__({"bookings": count})
        self._count = count

    @property
    def user_message(self) -> Text:
        """The message with the number of bookings."""
        return ngettext(
            "This doctor has %(count)d upcoming booking. Move or cancel it first, then change the role.",
            "This doctor has %(count)d upcoming bookings. Move or cancel them first, then change the role.",
            self._count,
        ) % {"count": self._count}
