"""The statements that book and move, said in SQL: the database decides.

Whether a time is free is asked before only to spare those who plainly come too late. The constraints decide
at the moment of writing, and a loser writes nothing. The key-share locks keep the generator from removing the
slots meanwhile; Postgres reads a slot again once it has the lock. The lock on the patient is against their
data being erased, or a carer's giving them up, at the same moment.

A visit longer than its slot takes those that follow, without a gap. One made in addition to another is
outside the constraints on the doctor's time, so the others look for those.
"""

CLAIM = """
WITH wanted AS (
    SELECT slot.id, slot.doctor_id, slot.place_id, slot.starts_at, slot.ends_at AS slot_ends_at,
        coalesce(slot.starts_at + %(duration)s::interval, slot.ends_at) AS ends_at
    FROM scheduling_slot AS slot JOIN clinics_doctor AS doctor ON doctor.id = slot.doctor_id
        JOIN clinics_patient AS patient ON patient.id = %(patient)s AND patient.erased_at IS NULL
    WHERE slot.id = %(slot)s
        AND (slot.status = 'free' AND slot.fits_hours OR %(overbooked)s AND slot.status <> 'withdrawn')
        AND slot.starts_at > %(now)s AND slot.starts_at >= %(soonest)s AND slot.starts_at < %(before)s
        AND doctor.is_active AND (doctor.accepting_new_patients OR EXISTS (
            SELECT FROM scheduling_booking AS earlier
            WHERE earlier.doctor_id = doctor.id AND earlier.patient_id = %(patient)s
                AND earlier.status <> 'CANCELLED' AND NOT earlier.only_held))
        AND (%(limits_checked)s OR coalesce(
            doctor.day_limit, doctor.day_limit_minutes, doctor.week_limit, doctor.week_limit_minutes) IS NULL)
        AND (%(visit_type)s::uuid IS NULL
            OR NOT EXISTS (
                SELECT FROM scheduling_visittype_doctors AS offer WHERE offer.visittype_id = %(visit_type)s)
            OR EXISTS (
                SELECT FROM scheduling_visittype_doctors AS offer
                WHERE offer.visittype_id = %(visit_type)s AND offer.doctor_id = doctor.id))
    FOR KEY SHARE OF slot, patient
), following AS (
    SELECT later.starts_at, later.ends_at
    FROM wanted JOIN scheduling_slot AS later ON later.doctor_id = wanted.doctor_id
        AND later.starts_at > wanted.starts_at AND later.starts_at < wanted.ends_at
    WHERE later.status = 'free' AND later.fits_hours AND later.place_id IS NOT DISTINCT FROM wanted.place_id
    FOR KEY SHARE OF later
), fitting AS (
    SELECT wanted.*, wanted.starts_at - %(gap_before)s::interval AS busy_from,
        wanted.ends_at + %(gap_after)s::interval AS busy_until,
        CASE WHEN wanted.place_id IS NULL THEN (
            SELECT told.minutes
            FROM unnest(%(since)s::timestamptz[], %(offsets)s::int[]) AS told(since, minutes)
            WHERE told.since <= wanted.starts_at ORDER BY told.since DESC LIMIT 1) END AS offset_minutes
    FROM wanted
    WHERE %(overbooked)s OR wanted.ends_at - wanted.starts_at <=
        least(wanted.ends_at, wanted.slot_ends_at) - wanted.starts_at + coalesce(
            (SELECT sum(least(wanted.ends_at, following.ends_at) - following.starts_at) FROM following), '0')
), claim AS (
    SELECT fitting.*, room.id AS room_id
    FROM fitting LEFT JOIN LATERAL (
        SELECT suits.id FROM scheduling_room AS suits
        WHERE suits.id = ANY(%(rooms)s::uuid[]) AND suits.place_id IS NOT DISTINCT FROM fitting.place_id
            AND NOT EXISTS (
                SELECT FROM scheduling_booking AS other
                WHERE other.room_id = suits.id AND other.id <> %(booking)s AND other.status = ANY(%(taking)s)
                    AND tstzrange(coalesce(other.busy_from, other.starts_at),
                        coalesce(other.busy_until, other.ends_at))
                    && tstzrange(coalesce(fitting.busy_from, fitting.starts_at),
                        coalesce(fitting.busy_until, fitting.ends_at)))
        ORDER BY suits.name, suits.id LIMIT 1
    ) AS room ON TRUE
    WHERE (%(rooms)s::uuid[] IS NULL OR room.id IS NOT NULL)
        AND (%(overbooked)s OR NOT EXISTS (
            SELECT FROM scheduling_booking AS added
            WHERE added.overbooked AND added.doctor_id = fitting.doctor_id AND added.id <> %(booking)s
                AND added.status = ANY(%(taking)s)
                AND tstzrange(coalesce(added.busy_from, added.starts_at),
                    coalesce(added.busy_until, added.ends_at))
                && tstzrange(coalesce(fitting.busy_from, fitting.starts_at),
                    coalesce(fitting.busy_until, fitting.ends_at))))
)
"""
BOOK = (
    CLAIM  # noqa: S608, one constant and another
    + """
, booking AS (
    INSERT INTO scheduling_booking (id, created_at, slot_id, doctor_id, patient_id, starts_at, ends_at,
        status, reason, answers, visit_type_id, place_id, room_id, series_id, busy_from, busy_until,
        overbooked, held_until, only_held, offset_minutes)
    SELECT %(booking)s, %(now)s, claim.id, claim.doctor_id, %(patient)s, claim.starts_at, claim.ends_at,
        %(status)s, %(reason)s, %(answers)s, %(visit_type)s, claim.place_id, claim.room_id, %(series)s,
        claim.busy_from, claim.busy_until, %(overbooked)s, %(held_until)s, %(held_until)s IS NOT NULL,
        claim.offset_minutes
    FROM claim
    ON CONFLICT DO NOTHING
    RETURNING id, doctor_id, starts_at, place_id
), event AS (
    INSERT INTO scheduling_bookingevent (id, created_at, booking_id, kind, by_id, note, details)
    SELECT %(event)s, %(now)s, booking.id, %(kind)s, %(by)s, '', '{}' FROM booking
    RETURNING id, booking_id
)
INSERT INTO public.tenants_queueline (clinic_id, kind, row_id, due_at, attempts)
SELECT %(clinic)s, %(line)s, CASE WHEN %(held_until)s IS NULL THEN event.id ELSE event.booking_id END,
    coalesce(%(held_until)s, %(now)s), 0
FROM event
RETURNING (SELECT doctor_id FROM booking), (SELECT starts_at FROM booking), (SELECT place_id FROM booking)
"""
)
# An UPDATE cannot pass over a conflict: it breaks the constraint against it, and nothing is written.
MOVE = (
    CLAIM
    + """
UPDATE scheduling_booking AS booking SET slot_id = claim.id, doctor_id = claim.doctor_id,
    starts_at = claim.starts_at, ends_at = claim.ends_at, place_id = claim.place_id, room_id = claim.room_id,
    busy_from = claim.busy_from, busy_until = claim.busy_until, overbooked = %(overbooked)s,
    offset_minutes = claim.offset_minutes, status = %(status)s
FROM claim
WHERE booking.id = %(booking)s AND booking.status = ANY(%(movable)s) AND booking.starts_at = %(old_starts_at)s
RETURNING booking.doctor_id, booking.starts_at, booking.place_id
"""
)
