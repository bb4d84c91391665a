"""Which times are open, said in SQL: the parts of the statement behind `selectors.availability`."""

# What is taken is gathered once for each doctor, as a multirange, in which Postgres looks a period up by
# halving: a day with bookings costs no more than one without.
BUSY = """
busy AS (
    SELECT taker.doctor_id, range_agg(tstzrange(
        coalesce(taker.busy_from, taker.starts_at), coalesce(taker.busy_until, taker.ends_at))) AS times
    FROM scheduling_booking AS taker
    WHERE taker.status = ANY(%(taking)s) AND (taker.status <> 'HELD' OR taker.held_until > %(now)s)
        AND taker.starts_at > %(first)s - %(reach)s AND taker.starts_at < %(before)s + %(reach)s {of_doctor}
    GROUP BY taker.doctor_id
)"""
# A visit as long as its slot.
SIMPLE = """
open AS MATERIALIZED (
    SELECT slot.id, slot.doctor_id, slot.place_id, slot.starts_at, slot.ends_at
    FROM scheduling_slot AS slot JOIN clinics_doctor AS doctor ON doctor.id = slot.doctor_id
        LEFT JOIN busy ON busy.doctor_id = slot.doctor_id
    WHERE slot.status = 'free' AND slot.fits_hours AND slot.starts_at > %(now)s
        AND slot.starts_at >= %(first)s AND slot.starts_at < %(before)s AND doctor.is_active {wanted}
        AND (busy.times IS NULL OR NOT busy.times && tstzrange(slot.starts_at, slot.ends_at)) {limits}
)"""
# A visit of its own length, with what is kept free around it. Slots that follow each other without a gap make
# an island, and a visit fits where it ends before its island does.
TYPED = """
offered AS (
    SELECT slot.id, slot.doctor_id, slot.place_id, slot.starts_at, slot.ends_at AS slot_ends_at,
        slot.starts_at + coalesce(%(duration)s::interval, slot.ends_at - slot.starts_at) AS ends_at,
        slot.starts_at IS DISTINCT FROM lag(slot.ends_at) OVER follows AS begins
    FROM scheduling_slot AS slot JOIN clinics_doctor AS doctor ON doctor.id = slot.doctor_id
    WHERE slot.status = 'free' AND slot.fits_hours AND slot.starts_at > %(now)s
        AND slot.starts_at >= %(first)s AND slot.starts_at < %(before)s + %(reach)s AND doctor.is_active
        {wanted}
    WINDOW follows AS (PARTITION BY slot.doctor_id, slot.place_id ORDER BY slot.starts_at)
), islands AS (
    SELECT offered.*, count(*) FILTER (WHERE begins) OVER (
        PARTITION BY doctor_id, place_id ORDER BY starts_at) AS island
    FROM offered
), fitting AS (
    SELECT islands.*, max(slot_ends_at) OVER (PARTITION BY doctor_id, place_id, island) AS island_ends_at
    FROM islands
), open AS MATERIALIZED (
    SELECT slot.id, slot.doctor_id, slot.place_id, slot.starts_at, slot.ends_at
    FROM fitting AS slot LEFT JOIN busy ON busy.doctor_id = slot.doctor_id
    WHERE slot.starts_at < %(before)s AND slot.ends_at <= slot.island_ends_at
        AND (busy.times IS NULL OR NOT busy.times && tstzrange(
            slot.starts_at - %(gap_before)s::interval, slot.ends_at + %(gap_after)s::interval))
        {rooms} {limits}
)"""
ROOM = """ AND EXISTS (
    SELECT FROM scheduling_room AS room
    WHERE room.is_active AND room.place_id IS NOT DISTINCT FROM slot.place_id
        AND (NOT EXISTS (SELECT FROM scheduling_visittype_rooms WHERE visittype_id = %(visit_type)s)
            OR EXISTS (SELECT FROM scheduling_visittype_rooms AS suits
                WHERE suits.visittype_id = %(visit_type)s AND suits.room_id = room.id))
        AND NOT EXISTS (
            SELECT FROM scheduling_booking AS other
            WHERE other.room_id = room.id AND other.status = ANY(%(taking)s)
                AND (other.status <> 'HELD' OR other.held_until > %(now)s)
                AND tstzrange(coalesce(other.busy_from, other.starts_at),
                    coalesce(other.busy_until, other.ends_at))
                && tstzrange(slot.starts_at - %(gap_before)s::interval,
                    slot.ends_at + %(gap_after)s::interval)))"""
# The clinic's days and weeks that hold as many bookings as a doctor takes.
FULL = """ AND NOT EXISTS (
    SELECT FROM clinics_doctor AS limited, LATERAL (
        SELECT count(*) AS bookings, coalesce(sum(taker.ends_at - taker.starts_at), '0') AS lasting,
            count(*) FILTER (WHERE {booked_day} = {slot_day}) AS bookings_that_day,
            coalesce(sum(taker.ends_at - taker.starts_at)
                FILTER (WHERE {booked_day} = {slot_day}), '0') AS lasting_that_day
        FROM scheduling_booking AS taker
        WHERE taker.doctor_id = limited.id AND taker.status = ANY(%(taking)s)
            AND (taker.status <> 'HELD' OR taker.held_until > %(now)s)
            AND taker.starts_at > slot.starts_at - '8 days'::interval
            AND taker.starts_at < slot.starts_at + '8 days'::interval
            AND date_trunc('week', {booked_day}) = date_trunc('week', {slot_day})
    ) AS there
    WHERE limited.id = slot.doctor_id AND coalesce(limited.day_limit, limited.day_limit_minutes,
            limited.week_limit, limited.week_limit_minutes) IS NOT NULL
        AND (there.bookings_that_day >= limited.day_limit OR there.bookings >= limited.week_limit
            OR there.lasting_that_day + (slot.ends_at - slot.starts_at)
                > limited.day_limit_minutes * '1 minute'::interval
            OR there.lasting + (slot.ends_at - slot.starts_at)
                > limited.week_limit_minutes * '1 minute'::interval))"""
# Asked of one slot after the other, so that what is looked for soonest first reads no more than it shows.
TAKER = """
    SELECT FROM scheduling_booking AS taker
    WHERE taker.doctor_id = slot.doctor_id AND taker.status = ANY(%(taking)s)
        AND (taker.status <> 'HELD' OR taker.held_until > %(now)s)
        AND taker.starts_at < slot.ends_at + %(reach)s AND taker.starts_at > slot.starts_at - %(reach)s
        AND coalesce(taker.busy_from, taker.starts_at) < slot.ends_at
        AND coalesce(taker.busy_until, taker.ends_at) > slot.starts_at"""
# Each time once: of those who are open then and see anybody, who has least to do that day. Which of two
# equals comes first changes from day to day, and nobody can choose it.
EACH = """
load AS (
    SELECT taker.doctor_id, {booked_day} AS day, sum(taker.ends_at - taker.starts_at) AS lasting
    FROM scheduling_booking AS taker
    WHERE taker.status = ANY(%(taking)s) AND (taker.status <> 'HELD' OR taker.held_until > %(now)s)
        AND taker.starts_at > %(first)s - '2 days'::interval
        AND taker.starts_at < %(before)s + '2 days'::interval
    GROUP BY 1, 2
), each_once AS MATERIALIZED (
    SELECT DISTINCT ON (slot.starts_at, slot.place_id) slot.*
    FROM open AS slot JOIN clinics_doctor AS doctor ON doctor.id = slot.doctor_id
        LEFT JOIN load ON load.doctor_id = slot.doctor_id AND load.day = {slot_day}
    WHERE doctor.accepting_new_patients
    ORDER BY slot.starts_at, slot.place_id, coalesce(load.lasting, '0'),
        md5(concat({slot_day}, slot.doctor_id)), slot.id
)"""
# As the API shows an open time.
PAGE = """
page AS (
    SELECT id, doctor_id, starts_at AT TIME ZONE 'UTC' AS start, ends_at AT TIME ZONE 'UTC' AS stop,
        starts_at AT TIME ZONE 'UTC' + {start_shift} AS wall,
        ends_at AT TIME ZONE 'UTC' + {stop_shift} AS stop_wall,
        {zone} AS zone, {clock_pass} AS clock_pass
    FROM {source} WHERE TRUE {but} ORDER BY {order}, id LIMIT %(limit)s OFFSET %(offset)s
)"""
SHOWN = """coalesce('[' || string_agg(concat(
    '{{"id":"', page.id, '","doctor":"', page.doctor_id,
    '","starts_at":"', to_char(start, 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
    '","ends_at":"', to_char(stop, 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), '",', zone,
    ',"status":"free","local_date":"',
    to_char(wall, 'YYYY-MM-DD'), '","local_time":"', to_char(wall, 'HH24:MI'),
    '","local_end_time":"', to_char(stop_wall, 'HH24:MI'), '","clock_pass":', clock_pass {more}, '}}'
), ',' ORDER BY start, page.id) || ']', '[]')"""
ANSWER = "WITH {busy}, {open}, {page} SELECT (SELECT count(*) FROM open), {shown} FROM page"
ANSWER_EACH = """
WITH {busy}, {open}, {each}, {page}
SELECT (SELECT count(*) FROM each_once), {shown}
FROM page JOIN clinics_doctor AS doctor ON doctor.id = page.doctor_id
"""
NEAREST = """
WITH {busy}, {open}, {page}
SELECT {shown} FROM page JOIN clinics_doctor AS doctor ON doctor.id = page.doctor_id
"""
# A visit as long as its slot, however far.
NEAREST_PLAIN = """
WITH untaken AS NOT MATERIALIZED (
    SELECT slot.id, slot.doctor_id, slot.place_id, slot.starts_at, slot.ends_at
    FROM scheduling_slot AS slot JOIN clinics_doctor AS doctor ON doctor.id = slot.doctor_id
    WHERE slot.status = 'free' AND slot.fits_hours AND slot.starts_at > %(now)s
        AND slot.starts_at >= %(first)s AND slot.starts_at < %(before)s AND doctor.is_active
        AND slot.id IS DISTINCT FROM %(slot)s AND NOT EXISTS ({taker}) {wanted} {limits}
), open AS (
    (SELECT * FROM untaken WHERE starts_at < %(near)s ORDER BY starts_at DESC, id LIMIT %(limit)s)
    UNION ALL (SELECT * FROM untaken WHERE starts_at >= %(near)s ORDER BY starts_at, id LIMIT %(limit)s)
), {page}
SELECT {shown} FROM page JOIN clinics_doctor AS doctor ON doctor.id = page.doctor_id
"""
DOCTOR_NAME = """, ',"doctor_name":', to_json(trim(doctor.title || ' ' || doctor.name))"""
SOONEST = {"source": "open", "but": "", "order": "starts_at", "more": ""}
SOONEST_EACH = {**SOONEST, "source": "each_once", "more": DOCTOR_NAME}
NEAR = {
    "source": "open",
    "but": "AND id IS DISTINCT FROM %(slot)s",
    "order": "abs(extract(epoch FROM starts_at - %(near)s)), starts_at",
    "more": DOCTOR_NAME,
}
# Of a visit that is shorter than its slot, the rest of that may be somebody else's.
TAKEN = """
SELECT slot.id, slot.doctor_id, slot.starts_at
FROM (SELECT id, doctor_id, starts_at, least(ends_at, starts_at + %(duration)s::interval) AS ends_at
    FROM scheduling_slot WHERE id = %(slot)s AND status <> 'withdrawn' AND starts_at > %(now)s) AS slot
WHERE EXISTS ({taker} AND taker.id IS DISTINCT FROM %(but)s
    AND (taker.status <> 'HELD' OR taker.patient_id IS DISTINCT FROM %(patient)s))
"""
OF_DOCTOR = " AND slot.doctor_id = %(doctor)s"
OF_SPECIALTY = """ AND EXISTS (
    SELECT FROM clinics_doctor_specialties AS practised JOIN clinics_specialty AS specialty
        ON specialty.id = practised.specialty_id
    WHERE practised.doctor_id = slot.doctor_id AND %(specialty)s IN (specialty.code, specialty.id::text))"""
OFFERED = """ AND (
    NOT EXISTS (SELECT FROM scheduling_visittype_doctors WHERE visittype_id = %(visit_type)s)
    OR EXISTS (SELECT FROM scheduling_visittype_doctors AS offer
        WHERE offer.visittype_id = %(visit_type)s AND offer.doctor_id = slot.doctor_id))"""
# What could be had instead of a booking: not while it is off, not what is promised to others, and not while
# the patient is elsewhere.
INSTEAD = """
WITH {busy}, {open}, off AS MATERIALIZED (
    SELECT coalesce(range_agg(tstzrange(begins, ends)), '{{}}') AS times
    FROM unnest(%(off_begins)s::timestamptz[], %(off_ends)s::timestamptz[]) AS period(begins, ends)
)
SELECT open.id, open.ends_at
FROM open JOIN clinics_doctor AS doctor ON doctor.id = open.doctor_id CROSS JOIN off
WHERE (open.doctor_id <> coalesce(%(off_doctor)s::uuid, open.doctor_id)
        OR NOT off.times && tstzrange(open.starts_at, open.ends_at))
    AND NOT EXISTS (
        SELECT FROM unnest(%(promised_doctors)s::uuid[], %(promised_patients)s::uuid[],
            %(promised_begin)s::timestamptz[], %(promised_end)s::timestamptz[])
            AS promised(doctor_id, patient_id, begins, ends)
        WHERE (promised.doctor_id = open.doctor_id OR promised.patient_id = %(patient)s)
            AND promised.begins < open.ends_at + %(gap_after)s::interval
            AND promised.ends > open.starts_at - %(gap_before)s::interval)
    AND NOT EXISTS (
        SELECT FROM scheduling_booking AS elsewhere
        WHERE elsewhere.patient_id = %(patient)s AND elsewhere.id <> %(booking)s
            AND elsewhere.status = ANY(%(taking)s)
            AND (elsewhere.status <> 'HELD' OR elsewhere.held_until > %(now)s)
            AND elsewhere.starts_at < open.ends_at AND elsewhere.ends_at > open.starts_at)
    AND (doctor.accepting_new_patients OR EXISTS (
        SELECT FROM scheduling_booking AS earlier
        WHERE earlier.doctor_id = doctor.id AND earlier.patient_id = %(patient)s
            AND earlier.status <> 'CANCELLED' AND NOT earlier.only_held))
ORDER BY abs(extract(epoch FROM open.starts_at - %(near)s)), open.starts_at, open.id LIMIT %(limit)s
"""
TIMES = """
WITH {busy}, {open}
SELECT id, doctor_id, place_id, starts_at, ends_at FROM open ORDER BY starts_at, id
"""
FACTS = """
SELECT EXISTS (SELECT FROM clinics_doctor WHERE coalesce(
    day_limit, day_limit_minutes, week_limit, week_limit_minutes) IS NOT NULL),
    (SELECT array_agg(id) FROM scheduling_place), (SELECT array_agg(time_zone) FROM scheduling_place)
"""
OF_THE_SAME_SPECIALTY = """ AND slot.doctor_id <> %(doctor)s AND EXISTS (
    SELECT FROM clinics_doctor_specialties AS practised JOIN clinics_doctor_specialties AS also
        ON also.specialty_id = practised.specialty_id
    WHERE practised.doctor_id = slot.doctor_id AND also.doctor_id = %(doctor)s)"""
