"""End the holds and offers whose time, doctor, visit type, room or place is no longer offered."""

import uuid
from datetime import datetime
from typing import Any

from django.db import connection

from scheduling.availability.booking_rules import IS_OFFERED, OFFERS_VISIT_TYPE, is_busy_elsewhere
from scheduling.bookings.release_holds import ReleaseReason, on_holds_released, release_holds
from scheduling.models import Booking

_BUSY = ("coalesce(booking.busy_from, booking.starts_at)", "coalesce(booking.busy_until, booking.ends_at)")
_INVALID = f"""
SELECT booking.id FROM scheduling_booking AS booking
    JOIN clinics_doctor AS doctor ON doctor.id = booking.doctor_id
    LEFT JOIN scheduling_visittype AS visit_type ON visit_type.id = booking.visit_type_id
    LEFT JOIN scheduling_room AS room ON room.id = booking.room_id
    LEFT JOIN scheduling_place AS place ON place.id = booking.place_id
WHERE booking.starts_at > %(now)s AND {{holds}} AND (
    -- the doctor, the visit type, the room or the place is not in use any more
    NOT doctor.is_active OR NOT coalesce(visit_type.is_active, TRUE) OR NOT coalesce(room.is_active, TRUE)
        OR NOT coalesce(place.is_active, TRUE)
    OR NOT {OFFERS_VISIT_TYPE.replace("%(visit_type)s", "booking.visit_type_id")}
    -- the room does not suit the visit type any more
    OR (room.id IS NOT NULL
        AND EXISTS (SELECT FROM scheduling_visittype_rooms WHERE visittype_id = visit_type.id)
        AND NOT EXISTS (SELECT FROM scheduling_visittype_rooms AS suitable
            WHERE suitable.visittype_id = visit_type.id AND suitable.room_id = room.id))
    -- the slots that are still offered do not cover the whole visit
    OR (SELECT coalesce(sum(least(slot.ends_at, booking.ends_at) - slot.starts_at), '0')
        FROM scheduling_slot AS slot
        WHERE slot.doctor_id = booking.doctor_id AND slot.place_id IS NOT DISTINCT FROM booking.place_id
            AND slot.starts_at >= booking.starts_at AND slot.starts_at < booking.ends_at AND {IS_OFFERED}
    ) < booking.ends_at - booking.starts_at
    -- an outside calendar of the doctor has become busy; what staff hold knowingly stays
    OR NOT booking.overbooked AND {is_busy_elsewhere("booking.doctor_id", *_BUSY)})
"""


def end_invalid_holds(*, now: datetime) -> list[Booking]:
    """Release the upcoming holds that break a rule, and withdraw the offers among them.

    Call it in the transaction that closes time or changes a rule.

    :return: the released holds
    """
    invalid = _run(_INVALID.format(holds="booking.status = 'HELD'"), now=now)
    holds = Booking.objects.filter(pk__in=invalid)
    released = release_holds(holds, by=None, because=ReleaseReason.TIME_CLOSED, now=now)
    on_holds_released(released, now=now)
    return released


def is_invalid(hold: Booking, *, now: datetime) -> bool:
    """Whether an upcoming hold breaks a rule, so that it cannot be confirmed."""
    return bool(_run(_INVALID.format(holds="booking.id = %(hold)s"), hold=hold.pk, now=now))


def _run(statement: str, **params: Any) -> list[uuid.UUID]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return [row[0] for row in cursor.fetchall()]
