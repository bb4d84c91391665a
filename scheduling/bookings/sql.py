"""The SQL statements that create a booking and that move one.

The constraints of `scheduling_booking` decide who gets a slot, at the moment of writing; the loser writes
nothing. The conditions here apply the rules of `availability/booking_rules.py` in the same statement, so that
nothing can change between the check and the write.
"""

import uuid
from datetime import datetime
from typing import Any

from django.db import connection

from scheduling.availability.booking_rules import (
    ACCEPTS_PATIENT,
    IN_BOOKING_WINDOW,
    IS_OFFERED,
    OFFERS_VISIT_TYPE,
    busy_range,
    is_busy_elsewhere,
)
from tenants.queue.wake_up import wake_workers

WrittenRow = tuple[uuid.UUID, datetime, uuid.UUID | None]
"""The columns that the statement returns: the doctor's id, the start and the place's id."""

_FITTING = ("coalesce(fitting.busy_from, fitting.starts_at)", "coalesce(fitting.busy_until, fitting.ends_at)")
_CLAIM = f"""
-- The slot, if this patient may book it. Key-share locks keep the slot generator from removing the slot, and
-- keep the patient's record from being erased or merged, until the transaction ends; after waiting for a lock
-- Postgres evaluates the conditions again.
WITH requested AS (
    SELECT slot.id, slot.doctor_id, slot.place_id, slot.starts_at, slot.ends_at AS slot_ends_at,
        coalesce(slot.starts_at + %(duration)s::interval, slot.ends_at) AS ends_at
    FROM scheduling_slot AS slot JOIN clinics_doctor AS doctor ON doctor.id = slot.doctor_id
        JOIN clinics_patient AS patient ON patient.id = %(patient)s AND patient.erased_at IS NULL
            AND patient.merged_into_id IS NULL
    WHERE slot.id = %(slot)s
        AND {IS_OFFERED}
        AND {IN_BOOKING_WINDOW}
        AND doctor.is_active AND {ACCEPTS_PATIENT} AND {OFFERS_VISIT_TYPE}
        -- A doctor with limits: only after they were counted under a lock (`check_doctor_limits`).
        AND (%(limits_checked)s OR coalesce(
            doctor.day_limit, doctor.day_limit_minutes, doctor.week_limit, doctor.week_limit_minutes) IS NULL)
    FOR KEY SHARE OF slot, patient
-- A visit longer than its slot takes the slots that follow, locked as well.
), following AS (
    SELECT later.starts_at, later.ends_at
    FROM requested JOIN scheduling_slot AS later ON later.doctor_id = requested.doctor_id
        AND later.starts_at > requested.starts_at AND later.starts_at < requested.ends_at
    WHERE later.status = 'free' AND later.fits_hours
        AND later.place_id IS NOT DISTINCT FROM requested.place_id
    FOR KEY SHARE OF later
-- Those slots cover the whole visit without a gap: their lengths add up to the visit's.
), fitting AS (
    SELECT requested.*, requested.starts_at - %(gap_before)s::interval AS busy_from,
        requested.ends_at + %(gap_after)s::interval AS busy_until,
        -- The UTC offset that the patient is shown; at a place with its own zone it is set afterwards.
        CASE WHEN requested.place_id IS NULL THEN (
            SELECT change.minutes
            FROM unnest(%(since)s::timestamptz[], %(offsets)s::int[]) AS change(since, minutes)
            WHERE change.since <= requested.starts_at ORDER BY change.since DESC LIMIT 1
        ) END AS offset_minutes
    FROM requested
    WHERE requested.ends_at - requested.starts_at <=
        least(requested.ends_at, requested.slot_ends_at) - requested.starts_at + coalesce(
            (SELECT sum(least(requested.ends_at, following.ends_at) - following.starts_at) FROM following),
            '0')
)
"""
_WITH_ROOM = f"""
-- A free room, where the visit type needs one, and no overbooked visit in the way: overbookings are exempt
-- from the doctor's exclusion constraint, so that constraint does not see them.
, claim AS (
    SELECT fitting.*, room.id AS room_id
    FROM fitting LEFT JOIN LATERAL (
        SELECT suitable.id FROM scheduling_room AS suitable
        WHERE suitable.id = ANY(%(rooms)s::uuid[]) AND suitable.place_id IS NOT DISTINCT FROM fitting.place_id
            AND NOT EXISTS (
                SELECT FROM scheduling_booking AS other
                WHERE other.room_id = suitable.id AND other.id <> %(booking)s
                    AND other.status = ANY(%(taking)s) AND {busy_range("other")} && {busy_range("fitting")})
        ORDER BY suitable.id IS DISTINCT FROM %(own_room)s, suitable.name, suitable.id LIMIT 1
    ) AS room ON TRUE
    WHERE (%(rooms)s::uuid[] IS NULL OR room.id IS NOT NULL)
        AND (%(overbooked)s OR NOT EXISTS (
            SELECT FROM scheduling_booking AS overbooking
            WHERE overbooking.overbooked AND overbooking.doctor_id = fitting.doctor_id
                AND overbooking.id <> %(booking)s AND overbooking.id <> ALL(%(overlapped)s::uuid[])
                AND overbooking.status = ANY(%(taking)s)
                AND {busy_range("overbooking")} && {busy_range("fitting")}))
        -- Nor a busy period of an outside calendar, unless staff book over it knowingly.
        AND (%(overbooked)s OR %(keeps_start)s OR NOT {is_busy_elsewhere("fitting.doctor_id", *_FITTING)})
)
"""
# Inserts the booking, its event and its queue line, or nothing.
BOOK = f"""{_CLAIM}{_WITH_ROOM}
, booking AS (
    INSERT INTO scheduling_booking (id, created_at, updated_at, slot_id, doctor_id, patient_id,
        starts_at, ends_at, status, reason, answers, visit_type_id, place_id, room_id, series_id,
        busy_from, busy_until, overbooked, held_until, only_held, offset_minutes)
    SELECT %(booking)s, %(now)s, %(now)s, claim.id, claim.doctor_id, %(patient)s,
        claim.starts_at, claim.ends_at, %(status)s, %(reason)s, %(answers)s, %(visit_type)s,
        claim.place_id, claim.room_id, %(series)s, claim.busy_from, claim.busy_until,
        %(overbooked)s, %(held_until)s::timestamptz, %(held_until)s::timestamptz IS NOT NULL,
        claim.offset_minutes
    FROM claim
    -- Any unique or exclusion constraint: somebody else has the slot, the time, the room or the patient.
    ON CONFLICT DO NOTHING
    RETURNING id, doctor_id, starts_at, place_id
), event AS (
    INSERT INTO scheduling_bookingevent (id, created_at, updated_at, booking_id, kind, by_id, note, details)
    SELECT %(event)s, %(now)s, %(now)s, booking.id, %(kind)s, %(by)s, '',
        jsonb_strip_nulls(jsonb_build_object('status', %(status)s::text, 'together', %(together)s::text))
        FROM booking
    RETURNING id, booking_id
)
-- A hold is queued for its end, a booking for its messages.
INSERT INTO public.tenants_queueline
    (clinic_id, kind, row_id, due_at, attempts, request_id, created_at, updated_at)
SELECT %(clinic)s, %(line)s,
    CASE WHEN %(held_until)s::timestamptz IS NULL THEN event.id ELSE event.booking_id END,
    coalesce(%(held_until)s::timestamptz, %(now)s), 0, %(request)s, %(now)s, %(now)s
FROM event
RETURNING (SELECT doctor_id FROM booking), (SELECT starts_at FROM booking), (SELECT place_id FROM booking)
"""
# Moves a booking. An UPDATE has no ON CONFLICT: if it violates a constraint, it raises IntegrityError and
# changes nothing.
MOVE = f"""{_CLAIM}{_WITH_ROOM}
UPDATE scheduling_booking AS booking SET updated_at = %(now)s,
    slot_id = claim.id, doctor_id = claim.doctor_id,
    starts_at = claim.starts_at, ends_at = claim.ends_at, place_id = claim.place_id, room_id = claim.room_id,
    busy_from = claim.busy_from, busy_until = claim.busy_until, overbooked = %(overbooked)s,
    offset_minutes = claim.offset_minutes, status = %(status)s, visit_type_id = %(visit_type)s,
    answers = CASE WHEN %(keeps_answers)s THEN booking.answers ELSE %(answers)s END,
    version = booking.version + 1, attendance_confirmed_at = NULL, hand_placed = FALSE, undo_until = NULL
FROM claim
WHERE booking.id = %(booking)s AND booking.status = ANY(%(movable)s) AND booking.version = %(old_version)s
RETURNING booking.doctor_id, booking.starts_at, booking.place_id
"""

# Moves a booking to any time of a doctor, whether or not a slot starts then. If a free slot does, the booking
# gets it, so that it follows the doctor's hours as before.
MOVE_TO_TIME = f"""
WITH fitting AS (
    SELECT doctor.id AS doctor_id, slot.*, slot.starts_at - %(gap_before)s::interval AS busy_from,
        slot.ends_at + %(gap_after)s::interval AS busy_until
    FROM (SELECT %(starts_at)s::timestamptz AS starts_at, %(ends_at)s::timestamptz AS ends_at,
            %(place)s::uuid AS place_id) AS slot
        JOIN clinics_doctor AS doctor ON doctor.id = %(doctor)s
        JOIN clinics_patient AS patient ON patient.id = %(patient)s AND patient.erased_at IS NULL
    -- A visit that keeps its start, or goes back to it, need not be bookable then.
    WHERE %(keeps_start)s OR ({IN_BOOKING_WINDOW}
        AND doctor.is_active AND {ACCEPTS_PATIENT} AND {OFFERS_VISIT_TYPE})
    FOR KEY SHARE OF patient
){_WITH_ROOM}, target AS (
    SELECT claim.*, (
        SELECT slot.id FROM scheduling_slot AS slot
        WHERE slot.doctor_id = claim.doctor_id AND slot.starts_at = claim.starts_at
            AND slot.place_id IS NOT DISTINCT FROM claim.place_id AND slot.status = 'free'
            AND NOT EXISTS (
                SELECT FROM scheduling_booking AS other
                WHERE other.slot_id = slot.id AND other.id <> %(booking)s
                    AND other.status = ANY(%(taking)s) AND NOT other.overbooked)
    ) AS slot_id
    FROM claim
)
UPDATE scheduling_booking AS booking SET updated_at = %(now)s,
    slot_id = target.slot_id, hand_placed = target.slot_id IS NULL, doctor_id = target.doctor_id,
    starts_at = target.starts_at, ends_at = target.ends_at, place_id = target.place_id,
    room_id = target.room_id, busy_from = target.busy_from, busy_until = target.busy_until,
    overbooked = %(overbooked)s, offset_minutes = %(offset_minutes)s, version = booking.version + 1,
    attendance_confirmed_at = %(attendance_confirmed_at)s::timestamptz,
    undo_until = %(undo_until)s::timestamptz
FROM target
WHERE booking.id = %(booking)s AND booking.version = %(old_version)s
RETURNING booking.doctor_id, booking.starts_at, booking.place_id
"""


def insert_booking(params: dict[str, Any]) -> WrittenRow | None:
    """Insert the booking, its event and its queue line; None if a rule or a constraint prevented it."""
    with connection.cursor() as cursor:
        cursor.execute(BOOK, params)
        row: WrittenRow | None = cursor.fetchone()
    if row and params["held_until"] is None:
        wake_workers()
    return row
