"""The SQL statements that list open slots. `run_availability_sql` assembles and runs them.

`str.format` fills in the braces when a statement is assembled; `%(name)s` are parameters. The rules are in
`booking_rules.py`.
"""

from typing import Any

from scheduling.availability.booking_rules import (
    ACCEPTS_PATIENT,
    HAS_NOT_STARTED,
    IN_BOOKING_WINDOW,
    IS_OFFERED,
    OFFERS_VISIT_TYPE,
    busy_range,
    is_busy_elsewhere,
    takes_time,
)
from scheduling.clock.time_off import PeriodsByPlace

# Each doctor's busy time as one multirange. Postgres searches a multirange by bisection, so a fully booked
# day costs no more than an empty one.
BUSY = f"""
busy AS (
    SELECT doctor_id, range_agg(time) AS times
    FROM (
        SELECT booking.doctor_id, {busy_range("booking")} AS time
        FROM scheduling_booking AS booking
        WHERE {takes_time("booking")}
            -- Only bookings near enough to overlap the period that is searched.
            AND booking.starts_at > %(soonest)s - %(conflict_distance)s
            AND booking.starts_at < %(before)s + %(conflict_distance)s {{of_doctor}} {{not_own}}
        UNION ALL
        -- The busy periods of outside calendars: the same rule as `is_busy_elsewhere`.
        SELECT elsewhere.doctor_id, tstzrange(elsewhere.starts_at, elsewhere.ends_at)
        FROM scheduling_busyperiod AS elsewhere
        WHERE elsewhere.ends_at > %(soonest)s - %(conflict_distance)s
            AND elsewhere.starts_at < %(before)s + %(conflict_distance)s {{of_doctor}}
    ) AS taken
    GROUP BY doctor_id
)"""
# Without a visit type a visit is as long as its slot and has no buffers.
OPEN_WITHOUT_VISIT_TYPE = f"""
open AS MATERIALIZED (
    SELECT slot.id, slot.doctor_id, slot.place_id, slot.starts_at, slot.ends_at
    FROM scheduling_slot AS slot JOIN clinics_doctor AS doctor ON doctor.id = slot.doctor_id
        LEFT JOIN busy ON busy.doctor_id = slot.doctor_id {{join_limits}}
    WHERE {IS_OFFERED} AND {IN_BOOKING_WINDOW} AND doctor.is_active {{doctor_condition}}
        AND (busy.times IS NULL OR NOT busy.times && tstzrange(slot.starts_at, slot.ends_at))
        {{within_limits}} {{time_condition}}
)"""
# With a visit type, a visit has its own length and buffers. Slots that follow each other without a gap form
# an island. A visit fits if it ends no later than its island.
OPEN_FOR_VISIT_TYPE = f"""
offered AS (
    SELECT slot.id, slot.doctor_id, slot.place_id, slot.starts_at, slot.ends_at AS slot_ends_at,
        slot.starts_at + coalesce(%(duration)s::interval, slot.ends_at - slot.starts_at) AS ends_at,
        slot.starts_at IS DISTINCT FROM lag(slot.ends_at) OVER follows AS begins
    FROM scheduling_slot AS slot JOIN clinics_doctor AS doctor ON doctor.id = slot.doctor_id
    -- Slots after `before` count too: a long visit that starts before it may run into them.
    WHERE {IS_OFFERED} AND {HAS_NOT_STARTED} AND slot.starts_at >= %(soonest)s
        AND slot.starts_at < %(before)s + %(conflict_distance)s AND doctor.is_active
        AND {OFFERS_VISIT_TYPE} {{doctor_condition}}
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
    FROM fitting AS slot LEFT JOIN busy ON busy.doctor_id = slot.doctor_id {{join_limits}}
    WHERE slot.starts_at < %(before)s AND slot.ends_at <= slot.island_ends_at
        AND (busy.times IS NULL OR NOT busy.times && tstzrange(
            slot.starts_at - %(gap_before)s::interval, slot.ends_at + %(gap_after)s::interval))
        {{rooms}} {{within_limits}} {{time_condition}}
)"""
# Condition: a suitable room at the slot's place is free.
ROOM_IS_FREE = f""" AND EXISTS (
    SELECT FROM scheduling_room AS room
    WHERE room.is_active AND room.place_id IS NOT DISTINCT FROM slot.place_id
        AND (NOT EXISTS (SELECT FROM scheduling_visittype_rooms WHERE visittype_id = %(visit_type)s)
            OR EXISTS (SELECT FROM scheduling_visittype_rooms AS suitable
                WHERE suitable.visittype_id = %(visit_type)s AND suitable.room_id = room.id))
        AND NOT EXISTS (
            SELECT FROM scheduling_booking AS other
            WHERE other.room_id = room.id AND {takes_time("other")} {{not_own_other}}
                AND {busy_range("other")} && tstzrange(slot.starts_at - %(gap_before)s::interval,
                    slot.ends_at + %(gap_after)s::interval)))"""
# For each doctor with limits, the longest visit that they still allow on each of the clinic's days: an array
# by the number of the day. Day 1 is a Monday, `limits_from`, and the days are whole weeks. Every booking is
# counted once, not once per slot. A multirange would not do, since a day may be full for long visits only.
LIMITS = f"""
limited AS (
    SELECT id, day_limit, day_limit_minutes * '1 minute'::interval AS day_limit_time,
        week_limit, week_limit_minutes * '1 minute'::interval AS week_limit_time
    FROM clinics_doctor
    WHERE coalesce(day_limit, day_limit_minutes, week_limit, week_limit_minutes) IS NOT NULL {{of_doctor}}
), used AS (
    SELECT doctor_id, day, sum(bookings) AS bookings, sum(booked_time) AS booked_time
    FROM (
        SELECT limited.id AS doctor_id, day, 0 AS bookings, '0'::interval AS booked_time
        FROM limited CROSS JOIN generate_series(1, %(limit_days)s) AS day
        UNION ALL
        SELECT booking.doctor_id, {{booked_day}} - %(limits_from)s + 1, 1, booking.ends_at - booking.starts_at
        FROM limited JOIN scheduling_booking AS booking ON booking.doctor_id = limited.id
        WHERE {takes_time("booking")} {{not_own}}
            AND booking.starts_at >= %(limits_begin)s AND booking.starts_at < %(limits_end)s
    ) AS each_booking
    GROUP BY doctor_id, day
), limits AS (
    SELECT doctor_id, array_agg(longest_visit ORDER BY day) AS longest_visits
    FROM (
        SELECT used.doctor_id, used.day, least(
            -- No visit fits a full day or week, however short. `least` ignores the limits that are not set.
            CASE WHEN used.bookings >= limited.day_limit
                OR sum(used.bookings) OVER week >= limited.week_limit THEN '0'::interval END,
            limited.day_limit_time - used.booked_time,
            limited.week_limit_time - sum(used.booked_time) OVER week) AS longest_visit
        FROM used JOIN limited ON limited.id = used.doctor_id
        WINDOW week AS (PARTITION BY used.doctor_id, (used.day - 1) / 7)
    ) AS each_day
    GROUP BY doctor_id
)"""
JOIN_LIMITS = "LEFT JOIN limits ON limits.doctor_id = slot.doctor_id"
# Condition: the limits of the doctor allow one more visit as long as the slot. NULL: no limit applies.
WITHIN_LIMITS = """ AND coalesce(slot.ends_at - slot.starts_at
    <= limits.longest_visits[{slot_day} - %(limits_from)s + 1], TRUE)"""
# The bookings that take a slot. A correlated subquery, so that a search for the next open slot stops at it.
TAKING_BOOKINGS = f"""
    SELECT FROM scheduling_booking AS booking
    WHERE booking.doctor_id = slot.doctor_id AND {takes_time("booking")}
        AND booking.starts_at < slot.ends_at + %(conflict_distance)s
        AND booking.starts_at > slot.starts_at - %(conflict_distance)s
        AND {busy_range("booking")} && tstzrange(slot.starts_at, slot.ends_at)"""
SLOT_IS_BUSY_ELSEWHERE = is_busy_elsewhere("slot.doctor_id", "slot.starts_at", "slot.ends_at")
# How busy each doctor with an open slot is: the time booked that day, and in the four weeks around it.
LOAD = f"""
booked AS (
    SELECT booking.doctor_id, {{booked_day}} AS day, sum(booking.ends_at - booking.starts_at) AS booked_time
    FROM scheduling_booking AS booking
    WHERE {takes_time("booking")} {{not_own}}
        AND booking.starts_at > %(soonest)s - '16 days'::interval
        AND booking.starts_at < %(before)s + '16 days'::interval
    GROUP BY 1, 2
), load AS (
    SELECT candidate.doctor_id, candidate.day,
        coalesce(sum(booked_time) FILTER (WHERE booked.day = candidate.day), '0') AS that_day,
        coalesce(sum(booked_time), '0') AS four_weeks
    FROM (SELECT DISTINCT slot.doctor_id, {{slot_day}} AS day FROM open AS slot) AS candidate
        LEFT JOIN booked ON booked.doctor_id = candidate.doctor_id
            AND booked.day >= candidate.day - 14 AND booked.day < candidate.day + 14
    GROUP BY 1, 2
)"""
# The order in which doctors with an open slot at the same time are chosen. Ties are broken by a hash that
# changes from day to day, so that nobody can choose the doctor.
LEAST_BUSY_FIRST = "load.that_day, load.four_weeks, md5(concat({slot_day}, slot.doctor_id)), slot.id"
# One open slot for each start and place: that of the least busy doctor who accepts new patients.
EACH_TIME_ONCE = f"""
{LOAD}, each_once AS MATERIALIZED (
    SELECT DISTINCT ON (slot.starts_at, slot.place_id) slot.*
    FROM open AS slot JOIN clinics_doctor AS doctor ON doctor.id = slot.doctor_id
        JOIN load ON load.doctor_id = slot.doctor_id AND load.day = {{slot_day}}
    WHERE doctor.accepting_new_patients
    ORDER BY slot.starts_at, slot.place_id, {LEAST_BUSY_FIRST}
)"""
# Slots of several doctors at the same time: that of the doctor whom `EACH_TIME_ONCE` lists comes first.
# Doctors who accept no new patients come last, since they may know the patient.
BY_LOAD = f"""
WITH open AS (SELECT id, doctor_id, starts_at FROM scheduling_slot WHERE id = ANY(%(slots)s)), {LOAD}
SELECT slot.id
FROM open AS slot JOIN clinics_doctor AS doctor ON doctor.id = slot.doctor_id
    JOIN load ON load.doctor_id = slot.doctor_id AND load.day = {{slot_day}}
ORDER BY doctor.accepting_new_patients DESC, {LEAST_BUSY_FIRST}
"""
# A page of open slots, and their JSON as the API returns it.
PAGE = """
page AS (
    SELECT id, doctor_id, starts_at AT TIME ZONE 'UTC' AS start, ends_at AT TIME ZONE 'UTC' AS stop,
        starts_at AT TIME ZONE 'UTC' + {start_offset} AS local_start,
        ends_at AT TIME ZONE 'UTC' + {stop_offset} AS local_stop,
        {zone} AS zone, {clock_pass} AS clock_pass
    FROM {source} WHERE TRUE {excluding} ORDER BY {order}, id LIMIT %(limit)s OFFSET %(offset)s
)"""
SLOTS_AS_JSON = """coalesce('[' || string_agg(concat(
    '{{"id":"', page.id, '","doctor":"', page.doctor_id,
    '","starts_at":"', to_char(start, 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
    '","ends_at":"', to_char(stop, 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), '",', zone,
    ',"status":"free","local_date":"',
    to_char(local_start, 'YYYY-MM-DD'), '","local_time":"', to_char(local_start, 'HH24:MI'),
    '","local_end_time":"', to_char(local_stop, 'HH24:MI'), '","clock_pass":', clock_pass {extra_fields}, '}}'
), ',' ORDER BY start, page.id) || ']', '[]')"""
# The number of open slots, the start of the first one, and a page of them.
COUNT_AND_PAGE = """
WITH {limits} {busy}, {open}, {page}
SELECT (SELECT count(*) FROM open), (SELECT min(starts_at) FROM open), {slots_json} FROM page
"""
COUNT_AND_PAGE_EACH_TIME_ONCE = """
WITH {limits} {busy}, {open}, {each_time_once}, {page}
SELECT (SELECT count(*) FROM each_once), (SELECT min(starts_at) FROM each_once), {slots_json}
FROM page JOIN clinics_doctor AS doctor ON doctor.id = page.doctor_id
"""
NEAREST = """
WITH {limits} {busy}, {open}, {page}
SELECT {slots_json} FROM page JOIN clinics_doctor AS doctor ON doctor.id = page.doctor_id
"""
# Without a visit type: the nearest slots before and after, however far away. They are found through the index
# on the start.
NEAREST_WITHOUT_VISIT_TYPE = f"""
WITH {{limits}} untaken AS NOT MATERIALIZED (
    SELECT slot.id, slot.doctor_id, slot.place_id, slot.starts_at, slot.ends_at
    FROM scheduling_slot AS slot JOIN clinics_doctor AS doctor ON doctor.id = slot.doctor_id {{join_limits}}
    WHERE {IS_OFFERED} AND {IN_BOOKING_WINDOW} AND doctor.is_active
        AND slot.id IS DISTINCT FROM %(slot)s AND slot.id IS DISTINCT FROM %(own_slot)s
        AND NOT EXISTS ({TAKING_BOOKINGS} {{not_own}}) AND NOT {SLOT_IS_BUSY_ELSEWHERE}
        {{doctor_condition}} {{within_limits}}
), open AS (
    (SELECT * FROM untaken WHERE starts_at < %(near)s ORDER BY starts_at DESC, id LIMIT %(limit)s)
    UNION ALL (SELECT * FROM untaken WHERE starts_at >= %(near)s ORDER BY starts_at, id LIMIT %(limit)s)
), {{page}}
SELECT {{slots_json}} FROM page JOIN clinics_doctor AS doctor ON doctor.id = page.doctor_id
"""
DOCTOR_NAME = """, ',"doctor_name":', to_json(trim(doctor.title || ' ' || doctor.name))"""
SOONEST_FIRST = {"source": "open", "excluding": "", "order": "starts_at", "extra_fields": ""}
SOONEST_FIRST_EACH_TIME_ONCE = {**SOONEST_FIRST, "source": "each_once", "extra_fields": DOCTOR_NAME}
NEAREST_FIRST = {
    "source": "open",
    "excluding": "AND id IS DISTINCT FROM %(slot)s AND id IS DISTINCT FROM %(own_slot)s",
    "order": "abs(extract(epoch FROM starts_at - %(near)s)), starts_at",
    "extra_fields": DOCTOR_NAME,
}
# The slot, if other bookings or an outside calendar take the time that the visit needs. A visit shorter than
# the slot leaves the rest of it to others. The patient's own hold does not count.
TAKEN = f"""
SELECT slot.id, slot.doctor_id, slot.starts_at,
    EXISTS ({TAKING_BOOKINGS} AND booking.id IS DISTINCT FROM %(excluding)s
        AND booking.status <> 'HELD') AS is_booked,
    {SLOT_IS_BUSY_ELSEWHERE} AS is_busy_elsewhere
FROM (SELECT id, doctor_id, starts_at, least(ends_at, starts_at + %(duration)s::interval) AS ends_at
    FROM scheduling_slot WHERE id = %(slot)s AND status <> 'withdrawn' AND starts_at > %(now)s) AS slot
WHERE EXISTS ({TAKING_BOOKINGS} AND booking.id IS DISTINCT FROM %(excluding)s
    AND (booking.status <> 'HELD' OR booking.patient_id IS DISTINCT FROM %(patient)s))
    OR {SLOT_IS_BUSY_ELSEWHERE}
"""
OF_DOCTOR = " AND slot.doctor_id = %(doctor)s"
OF_DOCTORS = " AND slot.doctor_id = ANY(%(doctors)s)"
OF_SPECIALTY = """ AND EXISTS (
    SELECT FROM clinics_doctor_specialties AS practised JOIN clinics_specialty AS specialty
        ON specialty.id = practised.specialty_id
    WHERE practised.doctor_id = slot.doctor_id AND %(specialty)s IN (specialty.code, specialty.id::text))"""
# A doctor who speaks "pt-BR" speaks "pt" as well.
SPEAKS_LANGUAGE = """ AND EXISTS (
    SELECT FROM unnest(doctor.languages) AS tag
    WHERE %(language)s IN (lower(tag), split_part(lower(tag), '-', 1)))"""
IS_OF_SEX = " AND doctor.sex = %(sex)s"
AT_PLACE = " AND slot.place_id = %(place)s::uuid"
AT_MAIN_ADDRESS = " AND slot.place_id IS NULL"
_LOCAL_START = "(slot.starts_at AT TIME ZONE 'UTC' + {start_offset})"
ON_WEEKDAYS = f" AND extract(isodow FROM {_LOCAL_START})::int - 1 = ANY(%(weekdays)s)"
AT_MINUTES = f""" AND extract(hour FROM {_LOCAL_START}) * 60 + extract(minute FROM {_LOCAL_START})
    BETWEEN %(from_minute)s AND %(until_minute)s - 1"""
# Each local day with open times, and their number.
DAYS = """
WITH {limits} {busy}, {open}
SELECT (starts_at AT TIME ZONE 'UTC' + {start_offset})::date AS day, count(*)
FROM open GROUP BY day ORDER BY day
"""
# The same for the times of `EACH_TIME_ONCE`: a time counts once for each place.
DAYS_EACH_TIME_ONCE = """
WITH {limits} {busy}, {open}, each_once AS (
    SELECT DISTINCT slot.starts_at, slot.place_id
    FROM open AS slot JOIN clinics_doctor AS doctor ON doctor.id = slot.doctor_id
    WHERE doctor.accepting_new_patients
)
SELECT (starts_at AT TIME ZONE 'UTC' + {start_offset})::date AS day, count(*)
FROM each_once GROUP BY day ORDER BY day
"""
# Periods with their places, as one multirange for each place. NULL stands for the clinic's own address and
# for every place that shares its periods. `period_params` makes the parameters.
PERIODS_BY_PLACE = """SELECT place_id, range_agg(tstzrange(begins, ends)) AS times
    FROM unnest(%(off_begins)s::timestamptz[], %(off_ends)s::timestamptz[], %(off_places)s::uuid[])
        AS period(begins, ends, place_id)
    GROUP BY place_id"""


def same_clock(table: str) -> str:
    """The condition that a row of `off` (see `PERIODS_BY_PLACE`) applies at the place of a row of `table`."""
    return f"""off.place_id IS NOT DISTINCT FROM
        CASE WHEN {table}.place_id = ANY(%(off_own_clock)s::uuid[]) THEN {table}.place_id END"""


def period_params(periods: PeriodsByPlace) -> dict[str, Any]:
    """The parameters of `PERIODS_BY_PLACE` and `same_clock`."""
    rows = periods.rows()
    return {
        "off_begins": [begins for begins, _, _ in rows],
        "off_ends": [ends for _, ends, _ in rows],
        "off_places": [place for _, _, place in rows],
        "off_own_clock": list(periods.by_place),
    }


# Alternatives to a booking that time off would cancel: not during the time off, not reserved for another
# booking of the same preview, and not while the patient has another appointment.
ALTERNATIVES = f"""
WITH {{limits}} {{busy}}, {{open}}, off AS MATERIALIZED (
    {PERIODS_BY_PLACE}
)
SELECT open.id, open.ends_at
FROM open JOIN clinics_doctor AS doctor ON doctor.id = open.doctor_id
WHERE (open.doctor_id <> coalesce(%(off_doctor)s::uuid, open.doctor_id)
        OR NOT EXISTS (SELECT FROM off
            WHERE {same_clock("open")} AND off.times && tstzrange(open.starts_at, open.ends_at)))
    AND NOT EXISTS (
        SELECT FROM unnest(%(reserved_doctors)s::uuid[], %(reserved_patients)s::uuid[],
            %(reserved_begin)s::timestamptz[], %(reserved_end)s::timestamptz[])
            AS reserved(doctor_id, patient_id, begins, ends)
        WHERE (reserved.doctor_id = open.doctor_id OR reserved.patient_id = %(patient)s)
            AND reserved.begins < open.ends_at + %(gap_after)s::interval
            AND reserved.ends > open.starts_at - %(gap_before)s::interval)
    AND NOT EXISTS (
        SELECT FROM scheduling_booking AS elsewhere
        WHERE elsewhere.patient_id = %(patient)s AND elsewhere.id <> %(booking)s
            AND {takes_time("elsewhere")}
            AND elsewhere.starts_at < open.ends_at AND elsewhere.ends_at > open.starts_at)
    AND {ACCEPTS_PATIENT}
ORDER BY abs(extract(epoch FROM open.starts_at - %(near)s)), open.starts_at, open.id LIMIT %(limit)s
"""
OPEN_PERIODS = """
WITH {limits} {busy}, {open}
SELECT id, doctor_id, place_id, starts_at, ends_at FROM open ORDER BY starts_at, id
"""
DOCTORS = "WITH {limits} {busy}, {open} SELECT DISTINCT doctor_id FROM open"
# The facts that decide which parts a statement needs: whether any doctor has limits, the places, their zones.
CLINIC_FACTS = """
SELECT EXISTS (SELECT FROM clinics_doctor WHERE coalesce(
    day_limit, day_limit_minutes, week_limit, week_limit_minutes) IS NOT NULL),
    (SELECT array_agg(id) FROM scheduling_place), (SELECT array_agg(time_zone) FROM scheduling_place)
"""
OF_THE_SAME_SPECIALTY = """ AND slot.doctor_id <> %(doctor)s AND EXISTS (
    SELECT FROM clinics_doctor_specialties AS practised JOIN clinics_doctor_specialties AS shared
        ON shared.specialty_id = practised.specialty_id
    WHERE practised.doctor_id = slot.doctor_id AND shared.doctor_id = %(doctor)s)"""
