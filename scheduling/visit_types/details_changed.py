"""Record that details of upcoming bookings have changed: an address, or the name of a doctor."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from clinics.models import Doctor
from scheduling.models import Booking, BookingEvent, BookingQuerySet, Place, VisitType
from tenants.accounts.models import User
from tenants.queue.jobs import enqueue_all

ADDRESS, DOCTOR = "address", "doctor"
"""What can change, stored in the event."""


def record_address_changed(*, place: Place | None, by: User | None, now: datetime) -> int:
    """Tell the patients of upcoming visits that the address of a place, or of the clinic (None), has changed.

    Visits by video and telephone are not affected.

    :return: how many bookings have changed
    """
    remote = [VisitType.Mode.VIDEO, VisitType.Mode.PHONE]
    bookings = Booking.objects.filter(place=place).exclude(visit_type__mode__in=remote)
    return _record(bookings, changed=ADDRESS, by=by, now=now)


def record_doctor_renamed(*, doctor: Doctor, by: User | None, now: datetime) -> int:
    """Tell the patients of a doctor's upcoming visits that the doctor's name has changed.

    :return: how many bookings have changed
    """
    return _record(Booking.objects.filter(doctor=doctor), changed=DOCTOR, by=by, now=now)


@transaction.atomic
def _record(bookings: BookingQuerySet, *, changed: str, by: User | None, now: datetime) -> int:
    """Raise the version of those bookings that are confirmed and upcoming, each with an event and its job."""
    upcoming = bookings.filter(status=Booking.Status.CONFIRMED, starts_at__gt=now)
    # In the order of their ids, so that two changes at once do not wait for each other.
    locked = list(upcoming.select_for_update(of=("self",)).order_by("id").values_list("pk", "version"))
    Booking.objects.filter(pk__in=[pk for pk, _version in locked]).update(version=F("version") + 1)
    events = BookingEvent.objects.bulk_create(
        BookingEvent(
            booking_id=pk,
            kind=BookingEvent.Kind.DETAILS_CHANGED,
            by=by,
            details={"changed": [changed], "version": version + 1},
            created_at=now,
        )
        for pk, version in locked
    )
    enqueue_all(kind="booking_event", rows=[(event.pk, now) for event in events])
    return len(events)
