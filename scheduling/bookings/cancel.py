"""Cancel a booking."""

from datetime import datetime, timedelta

from django.db import transaction

from clinics.models import ClinicSettings
from clinics.selectors import clinic_settings
from scheduling.availability.next_open_slot import tracking_changes
from scheduling.bookings.events import record_event
from scheduling.bookings.release_time import release_time
from scheduling.bookings.unannounced_moves import announced_before
from scheduling.errors import BookingNotChangeable, NoticeTooShort
from scheduling.models import Booking, BookingEvent
from tenants.accounts.audit.services import AuditAction, write_audit_entries
from tenants.accounts.models import User
from tenants.base.retry import retry_conflicts

CANCELLABLE = ["PENDING", "CONFIRMED"]


@retry_conflicts
def cancel_booking(
    *,
    booking: Booking,
    by: User,
    reason: str = "",
    private_reason: str = "",
    waive_notice: bool = False,
    same_version: bool = False,
    now: datetime,
) -> Booking:
    """Cancel `booking` and release its time.

    If it was rescheduled after it was read, its new time is cancelled, by the rules for that time.

    :param reason: for the others; staff's reason is emailed to the patient, unencrypted
    :param private_reason: for staff only
    :param waive_notice: whether a patient may cancel without notice, because they close their account
    :param same_version: whether to refuse instead if it was rescheduled after it was read
    :raises BookingNotChangeable: the booking has started, is cancelled or is completed
    :raises NoticeTooShort: `by` is a patient, and less than the clinic's cancellation notice is left
    """
    check_cancellable(booking, by=by, waive_notice=waive_notice, now=now)
    try:
        return _cancel(booking, by=by, reason=reason, private_reason=private_reason, now=now)
    except BookingNotChangeable:
        present = Booking.objects.shown().get(pk=booking.pk)
        if same_version or present.version == booking.version:
            raise
    return cancel_booking(
        booking=present,
        by=by,
        reason=reason,
        private_reason=private_reason,
        waive_notice=waive_notice,
        now=now,
    )


def _cancel(booking: Booking, *, by: User, reason: str, private_reason: str, now: datetime) -> Booking:
    """Cancel the booking as it was read.

    :raises BookingNotChangeable: it is not at that time any more, is cancelled or is completed
    """
    with transaction.atomic(), tracking_changes():
        rows = Booking.objects.filter(pk=booking.pk, status__in=CANCELLABLE, version=booking.version)
        if not rows.update(status=Booking.Status.CANCELLED, cancelled_at=now):
            raise BookingNotChangeable
        record_event(
            booking,
            BookingEvent.Kind.CANCELLED,
            by=by,
            note=reason,
            private_note=private_reason,
            # Read again: a move may have been announced since, which changes no version.
            details=announced_before(Booking.objects.get(pk=booking.pk)),
            now=now,
        )
        if by.role != User.Role.PATIENT:
            write_audit_entries(what=AuditAction.CANCELLED, by=by, about=[booking, booking.patient])
        release_time(booking, now=now)
    return Booking.objects.shown().get(pk=booking.pk)


def check_cancellable(booking: Booking, *, by: User, waive_notice: bool = False, now: datetime) -> None:
    """Check that `by` may cancel the booking now. The parameters and errors are those of `cancel_booking`."""
    if booking.starts_at <= now or booking.status not in CANCELLABLE:
        raise BookingNotChangeable
    needs_notice = by.role == User.Role.PATIENT and not waive_notice
    if needs_notice and not _gives_cancellation_notice(booking, rules=clinic_settings(), now=now):
        raise NoticeTooShort


def notice_deadline(booking: Booking, *, minutes: int) -> datetime:
    """The last instant at which the booking starts in at least that many minutes."""
    return booking.starts_at - timedelta(minutes=minutes)


def has_notice(booking: Booking, *, minutes: int, now: datetime) -> bool:
    """Whether the booking starts in at least that many minutes."""
    return now <= notice_deadline(booking, minutes=minutes)


def _gives_cancellation_notice(booking: Booking, *, rules: ClinicSettings, now: datetime) -> bool:
    """Whether the booking starts late enough for the patient to cancel online."""
    return has_notice(booking, minutes=rules.cancellation_notice_minutes, now=now)


def can_cancel(booking: Booking, *, rules: ClinicSettings, now: datetime) -> bool:
    """Whether the patient may cancel now."""
    is_upcoming = booking.status in CANCELLABLE and booking.starts_at > now
    return is_upcoming and _gives_cancellation_notice(booking, rules=rules, now=now)
