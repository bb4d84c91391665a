from collections import Counter
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from scheduling.clock.planning import DatedException, Hours, plan_working_periods, slots_in
from scheduling.hours.nhs_file import BadRecord, ImportedWeek, read_hours
from tests.profiles import sample
from tests.scheduling.clock.reference_planner import MinuteWalk
from tests.scheduling.nhs_data import FILE, needs_nhs_file

pytestmark = needs_nhs_file

SLOT_MINUTES = 15


@pytest.fixture(scope="module")
def records() -> list[ImportedWeek | BadRecord]:
    return list(read_hours(FILE.read_bytes()))


def test_every_record_of_the_nhs_file_is_read(records: list[ImportedWeek | BadRecord]) -> None:
    weeks = [record for record in records if isinstance(record, ImportedWeek)]

    assert Counter(type(record) for record in records) == {ImportedWeek: 250}
    assert len({week.name for week in weeks}) == 250
    assert {week.time_zone for week in weeks} == {"Europe/London"}
    assert sum(len(week.hours) for week in weeks) == 1796
    assert sum(len(week.exceptions) for week in weeks) == 1043


@pytest.mark.property
def test_400_days_of_250_real_weeks_agree_with_the_minute_walk(
    records: list[ImportedWeek | BadRecord],
) -> None:
    # Three clock changes, and 500 of the file's exceptions.
    first = date(2016, 3, 1)
    zone, last = ZoneInfo("Europe/London"), first + timedelta(days=399)
    walk = MinuteWalk(zone, first, last)

    for week in sample(records, quick=12):
        assert isinstance(week, ImportedWeek)
        hours = [Hours(*interval, SLOT_MINUTES) for interval in week.hours]
        exceptions = {day: DatedException(day, times, SLOT_MINUTES) for day, times in week.exceptions}
        periods = plan_working_periods(hours=hours, exceptions=exceptions, zone=zone, first=first, last=last)
        slots = [slot for period in periods for slot in slots_in(period)]

        assert slots == walk.slots(hours, exceptions), week.name
        assert slots
