"""Let the planned visits of a demo clinic happen, with the product's own services and the times of the plan.

Every service takes the current time as `now`, so a visit of last week is booked, checked in and completed
with last week's times. Events have these times. The audit log has the time at which the demo was made.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from clinics.models import Care, Patient
from console.demo_month.messages import Ledger
from console.demo_month.planning import Outcome, PlannedVisit
from scheduling.bookings.attendance import (
    check_in,
    complete_booking,
    confirm_attendance,
    confirm_booking,
    mark_no_show,
    start_visit,
)
from scheduling.bookings.book import book_slot
from scheduling.bookings.cancel import cancel_booking
from scheduling.bookings.reschedule import reschedule_booking
from scheduling.models import Booking, VisitType
from scheduling.visit_notes.services import save_note
from tenants.accounts.models import User
from tenants.base.errors import DomainError

_MINUTE = timedelta(minutes=1)
_REASONS = (
    "Sore throat since the weekend",
    "Blood pressure check",
    "Headaches in the evening",
    "Results of the last test",
    "Back pain after lifting",
    "Cough that does not go away",
    "Trouble sleeping",
    "Rash on the left arm",
    "Yearly check",
    "",
    "",
)
_NOTES = (
    "Examined, nothing to worry about. Rest and fluids. Come back if it lasts longer than a week.",
    "Blood pressure 128/82. Continue as before, check again in three months.",
    "Discussed sleep and work. Agreed on a diary for two weeks.",
    "Improved since the last visit. Exercises to be continued daily.",
    "Prescription renewed. Advised on side effects.",
)
_WHY_CANCELLED = ("The doctor is away that day.", "The room is not available. Please choose another time.")


@dataclass(frozen=True, slots=True)
class Staff:
    """Who does what at a demo clinic."""

    receptionist: User
    doctors: dict[str, User]
    """The accounts of the doctors who have one, by the doctor's name."""


class Visits:
    """Books visits and lets them happen."""

    def __init__(
        self,
        *,
        patients: list[Patient],
        visit_types: dict[str, VisitType],
        staff: Staff,
        ledger: Ledger,
        now: datetime,
    ) -> None:
        self._patients, self._visit_types, self._staff = patients, visit_types, staff
        self._ledger, self._now = ledger, now
        carers = Care.objects.select_related("carer__user").order_by("created_at")
        self._carers = {care.dependant_id: care.carer.user for care in carers}

    def carry_out(self, number: int, visit: PlannedVisit) -> Booking | None:
        """Book a visit and let happen what has happened until now; None if it cannot be booked.

        :param number: its place in the plan, from which details follow
        """
        patient = self._patients[visit.patient]
        online = self._account(patient) if visit.is_online else None
        visit_type = self._visit_types.get(visit.visit_type)
        if online and visit_type and visit.booked_at > visit.slot.starts_at - visit_type_notice(visit_type):
            online = None  # too late to book online: by telephone
        try:
            booking = book_slot(
                slot_id=(visit.first_slot or visit.slot).id,
                patient=patient,
                by=online or self._staff.receptionist,
                visit_type=visit_type,
                reason=_REASONS[number % len(_REASONS)],
                now=visit.booked_at,
            )
        except DomainError:
            return None  # the room is taken, for example
        self._ledger.plan(booking, at=visit.booked_at)
        return self._continue(number, booking, visit, online=online)

    def _account(self, patient: Patient) -> User | None:
        """Return the account with which appointments of the patient are booked, if there is one."""
        return patient.user or self._carers.get(patient.pk)

    def _continue(
        self, number: int, booking: Booking, visit: PlannedVisit, *, online: User | None
    ) -> Booking:
        desk = self._staff.receptionist
        if visit.first_slot is not None:
            moved_at = visit.booked_at + (min(booking.starts_at, visit.slot.starts_at) - visit.booked_at) / 2
            self._ledger.send_due(booking, until=moved_at)
            booking = reschedule_booking(
                booking=booking, slot_id=visit.slot.id, by=online or desk, now=moved_at
            )
            self._ledger.plan(booking, at=moved_at)
        if booking.status == Booking.Status.PENDING:
            # The last ones are left for the front desk of the demo to confirm.
            if booking.starts_at > self._now + timedelta(days=2):
                return booking
            confirmed_at = visit.booked_at + (booking.starts_at - visit.booked_at) / 4
            booking = confirm_booking(booking=booking, by=desk, now=min(confirmed_at, self._now))
            self._ledger.plan(booking, at=min(confirmed_at, self._now))
        if visit.outcome in (Outcome.CANCELLED_BY_PATIENT, Outcome.CANCELLED_BY_CLINIC):
            return self._cancel(number, booking, visit, online=online)
        if number % 3 == 0 and online is not None:
            said_at = booking.starts_at - timedelta(hours=20)
            if visit.booked_at < said_at < self._now:
                booking = confirm_attendance(booking=booking, by=online, now=said_at)
        return self._take_place(number, booking, visit)

    def _cancel(self, number: int, booking: Booking, visit: PlannedVisit, *, online: User | None) -> Booking:
        by_clinic = visit.outcome is Outcome.CANCELLED_BY_CLINIC
        latest = min(booking.starts_at, self._now)
        cancelled_at = visit.booked_at + (latest - visit.booked_at) * 3 / 4
        self._ledger.send_due(booking, until=cancelled_at)
        booking = cancel_booking(
            booking=booking,
            by=self._staff.receptionist if by_clinic or online is None else online,
            reason=_WHY_CANCELLED[number % len(_WHY_CANCELLED)] if by_clinic else "",
            now=cancelled_at,
        )
        self._ledger.plan(booking, at=cancelled_at)
        return booking

    def _take_place(self, number: int, booking: Booking, visit: PlannedVisit) -> Booking:
        """Let the patient arrive, the visit begin and end, as far as that has happened."""
        desk, now = self._staff.receptionist, self._now
        doctor = self._staff.doctors.get(visit.slot.doctor, desk)
        starts_at = booking.starts_at
        if visit.outcome in (Outcome.LATE, Outcome.EXPECTED):
            return booking
        self._ledger.send_due(booking, until=min(starts_at, now))
        if visit.outcome is Outcome.NO_SHOW:
            return mark_no_show(booking=booking, by=desk, now=starts_at + 15 * _MINUTE)
        arrived_at = min(starts_at - (2 + number % 14) * _MINUTE, now - (1 + number % 9) * _MINUTE)
        booking = check_in(booking=booking, by=desk, now=arrived_at)
        if visit.outcome is Outcome.ARRIVED:
            return booking
        if visit.outcome is Outcome.IN_PROGRESS:
            return start_visit(booking=booking, by=doctor, now=min(starts_at + 3 * _MINUTE, now))
        ended_at = min(booking.ends_at + (number % 8 - 3) * _MINUTE, now)
        booking = complete_booking(booking=booking, by=doctor, now=ended_at)
        if doctor is not desk and number % 2:
            save_note(booking=booking, based_on=0, text=_NOTES[number % len(_NOTES)], by=doctor, now=ended_at)
        if booking.visit_type and booking.visit_type.follow_up_days is not None:
            self._ledger.plan(booking, at=ended_at)
        return booking


def visit_type_notice(visit_type: VisitType) -> timedelta:
    """Return how long before the start patients can book a visit of this type."""
    return timedelta(minutes=visit_type.notice_minutes)
