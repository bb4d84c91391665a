"""Hypothesis strategies for the planner: zones, days, hours and time off, often near clock changes."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from scheduling.clock.planning import Hours, Interval, Weeks, utc_offsets
from scheduling.clock.time_off import EVERY_DAY, TimeOffSpec

# Zones with different clock changes: by 1 h, by 30 min, at midnight, by 2 h, never, by a whole day (Apia
# 2011, Kwajalein 1993), one minute past midnight (St John's until 2011), twice more for Ramadan (Casablanca).
ZONES = [
    "Europe/London", "America/New_York", "Australia/Lord_Howe", "America/Havana", "Antarctica/Troll",
    "Asia/Kathmandu", "Pacific/Apia", "Pacific/Kwajalein", "America/St_Johns", "America/Sao_Paulo",
    "Europe/Dublin", "Africa/Casablanca", "Asia/Tehran", "Asia/Gaza", "Pacific/Chatham", "UTC",
]  # fmt: skip
SLOT_MINUTES = st.sampled_from([5, 7, 15, 20, 30, 45, 50, 60, 90, 480])


@st.composite
def intervals(draw: st.DrawFn) -> list[Interval]:
    """Up to three intervals of one day, which may touch. Most edges are near usual clock change times."""
    edge = st.integers(0, 200) | st.integers(0, 288).map(lambda n: n * 5) | st.integers(1360, 1440)
    edges = sorted(draw(st.lists(edge, min_size=2, max_size=6)))
    return [(opens, closes) for opens, closes in zip(edges[::2], edges[1::2], strict=False) if opens < closes]


@st.composite
def days(draw: st.DrawFn, zone: ZoneInfo) -> date:
    """A date near a clock change of the zone; any date if the year has none."""
    year = draw(st.sampled_from([1993, 2006, 2011, 2026, 2027]) | st.integers(1990, 2036))
    changes = utc_offsets(zone, datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC))[1:]
    any_date = st.integers(0, 364).map(lambda n: date(year, 1, 1) + timedelta(days=n))
    change_dates = [instant.date() for instant, _ in changes]
    near_change = draw(st.sampled_from(change_dates) if change_dates else any_date)
    return near_change + timedelta(days=draw(st.integers(-3, 1)))


@st.composite
def weeks(draw: st.DrawFn, first: date) -> list[Hours]:
    """Weekly hours that do not overlap, the same in all weeks or different in A and B weeks."""
    hours = []
    near_first = st.none() | st.integers(-2, 4).map(lambda n: first + timedelta(days=n))
    for weekday in range(7):
        for letter in draw(st.sampled_from([[Weeks.EVERY], [Weeks.A, Weeks.B]])):
            slot_minutes = draw(SLOT_MINUTES)
            for opens, closes in draw(intervals()):
                valid_from, valid_until = draw(near_first), draw(near_first)
                if valid_from and valid_until and valid_from > valid_until:
                    valid_from, valid_until = valid_until, valid_from
                hours.append(Hours(weekday, opens, closes, slot_minutes, valid_from, valid_until, letter))
    return draw(st.permutations(hours))


@st.composite
def times_off(draw: st.DrawFn, first: date) -> list[TimeOffSpec]:
    """Up to three times off, which may overlap. Most edges are near usual clock change times."""
    near_first = st.integers(-2, 4).map(lambda n: first + timedelta(days=n))
    edge = st.integers(0, 200) | st.integers(0, 1440)
    specs = []
    for _ in range(draw(st.integers(0, 3))):
        begins, ends = sorted([draw(near_first), draw(near_first)])
        opens, closes = sorted(draw(st.sets(edge, min_size=2, max_size=2) | st.just({0, 1440})))
        weekdays = draw(st.frozensets(st.integers(0, 6), min_size=1) | st.just(EVERY_DAY))
        specs.append(TimeOffSpec(begins, draw(st.sampled_from([ends, None])), opens, closes, weekdays))
    return specs
