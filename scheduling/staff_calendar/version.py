"""The version of a part of the calendar: a digest of every row that the answer is built from."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from scheduling.calendar.etags import content_digest
from scheduling.clock.planning import MAX_CALENDAR_DIFFERENCE
from scheduling.models.bookings import MAX_BOOKING_SPAN
from tenants.base.clock import day_start
from tenants.current import current_clinic

# As `rows_digest`, but for many tables at once: one text per row, hashed and summed. The text contains
# everything of the row that can change the response.
_VERSION = """
SELECT count(*), coalesce(sum(hashtextextended(state, 0)::numeric), 0) FROM (
    -- bookings that keep a doctor busy on these days, and whether a hold is still active
    SELECT concat_ws(' ', booking.id, extract(epoch FROM booking.updated_at),
        booking.status = 'HELD' AND booking.held_until > %(now)s,
        extract(epoch FROM patient.updated_at), account.email_problem,
        extract(epoch FROM visit_type.updated_at), extract(epoch FROM room.updated_at)) AS state
    FROM scheduling_booking AS booking
        JOIN clinics_patient AS patient ON patient.id = booking.patient_id
        LEFT JOIN accounts_user AS account ON account.id = patient.user_id
        LEFT JOIN scheduling_visittype AS visit_type ON visit_type.id = booking.visit_type_id
        LEFT JOIN scheduling_room AS room ON room.id = booking.room_id
    WHERE booking.doctor_id = ANY(%(doctors)s)
        -- implied by the conditions below, but these can use the index of doctor and start
        AND booking.starts_at > %(since)s - %(span)s::interval
        AND booking.starts_at < %(until)s + %(span)s::interval
        AND coalesce(booking.busy_until, booking.ends_at) > %(since)s
        AND coalesce(booking.busy_from, booking.starts_at) < %(until)s
    UNION ALL
    SELECT concat_ws(' ', slot.id, extract(epoch FROM slot.updated_at)) FROM scheduling_slot AS slot
    WHERE slot.doctor_id = ANY(%(doctors)s) AND slot.status <> 'withdrawn'
        AND slot.starts_at < %(until)s AND slot.starts_at >= %(since)s
    UNION ALL
    SELECT concat_ws(' ', elsewhere.id, extract(epoch FROM elsewhere.updated_at))
    FROM scheduling_busyperiod AS elsewhere WHERE elsewhere.doctor_id = ANY(%(doctors)s)
        AND elsewhere.starts_at < %(until)s AND elsewhere.ends_at > %(since)s
    UNION ALL
    SELECT concat_ws(' ', hours.id, extract(epoch FROM hours.updated_at))
    FROM scheduling_workinghours AS hours WHERE hours.doctor_id = ANY(%(doctors)s)
    UNION ALL
    SELECT concat_ws(' ', exception.id, extract(epoch FROM exception.updated_at),
        (SELECT string_agg(concat_ws('-', part.opens, part.closes), ' ' ORDER BY part.opens)
            FROM scheduling_exceptioninterval AS part WHERE part.exception_id = exception.id))
    FROM scheduling_datedexception AS exception
    WHERE exception.doctor_id = ANY(%(doctors)s) AND exception.day BETWEEN %(first)s AND %(last)s
    UNION ALL
    SELECT concat_ws(' ', off.id, extract(epoch FROM off.updated_at)) FROM scheduling_timeoff AS off
    WHERE (off.doctor_id = ANY(%(doctors)s) OR off.doctor_id IS NULL) AND off.undone_at IS NULL
        AND off.first_on <= %(last)s AND (off.last_on IS NULL OR off.last_on >= %(first)s)
    UNION ALL
    SELECT concat_ws(' ', choice.id, extract(epoch FROM choice.updated_at))
    FROM scheduling_holidaychoice AS choice WHERE choice.day BETWEEN %(first)s AND %(last)s
    UNION ALL
    SELECT concat_ws(' ', place.id, extract(epoch FROM place.updated_at)) FROM scheduling_place AS place
    UNION ALL
    SELECT concat_ws(' ', doctor.id, extract(epoch FROM doctor.updated_at)) FROM clinics_doctor AS doctor
    WHERE doctor.id = ANY(%(doctors)s)
    UNION ALL
    SELECT concat_ws(' ', settings.holiday_country, settings.holiday_region)
    FROM clinics_clinicsettings AS settings
) AS rows
"""


def calendar_version(doctors: Sequence[uuid.UUID], *, first: date, last: date, now: datetime) -> str:
    """A text that changes whenever the calendar of these doctors on the clinic's days changes. One query.

    It depends on `now` only by the holds that have ended. Read it before the calendar: if something changes
    in between, the calendar is newer than its version, and is read once more.
    """
    zone = current_clinic().zone
    params: dict[str, Any] = {
        "doctors": list(doctors),
        "since": day_start(first, zone),
        "until": day_start(last + timedelta(days=1), zone),
        "first": first - MAX_CALENDAR_DIFFERENCE,
        "last": last + MAX_CALENDAR_DIFFERENCE,
        "span": MAX_BOOKING_SPAN,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(_VERSION, params)
        state = cursor.fetchone()
    parts = [str(doctor) for doctor in doctors] + [str(first), str(last), zone.key, *map(str, state)]
    return content_digest(" ".join(parts).encode())
