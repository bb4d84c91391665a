"""Slots generated from real weeks equal those found by checking every minute.

`make test` takes some of the 250 weeks, `make drills` all of them.
"""

import json
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import connection

from clinics.models import Doctor
from clinics.services.profiles import add_doctor
from scheduling.clock.planning import DatedException as PlannedException
from scheduling.clock.planning import Hours
from scheduling.hours.nhs_file import ImportedWeek, read_hours
from scheduling.hours.services import replace_exceptions, replace_week
from scheduling.hours.slot_generator import generate_slots
from scheduling.models import DatedException, Slot, WorkingHours
from tenants.models import Clinic
from tests.profiles import FULL, sample
from tests.scheduling.clock.reference_planner import MinuteWalk
from tests.scheduling.nhs_data import FILE, needs_nhs_file

pytestmark = needs_nhs_file

# Lengths that leave different remainders. Slots of 15 minutes everywhere would be 3.4 million slots.
LENGTHS = (75, 150, 240, 360, 480)


@pytest.mark.property
def test_slots_of_real_weeks_equal_a_check_of_every_minute(
    clinic: Clinic,
) -> None:
    # Three clock changes, and 500 of the file's exceptions.
    first = date(2016, 3, 1)
    last, generated_at = first + timedelta(days=399), datetime(2016, 2, 29, tzinfo=UTC)
    minute_walk = MinuteWalk(ZoneInfo("Europe/London"), first, last)
    slot_count = 0

    for index, week in sample(list(enumerate(read_hours(FILE.read_bytes()))), quick=15):
        assert isinstance(week, ImportedWeek)
        minutes = LENGTHS[index % len(LENGTHS)]
        hours = [Hours(*interval, minutes) for interval in week.hours]
        dated = {day: PlannedException(day, times, minutes) for day, times in week.exceptions}
        doctor = add_doctor(name=week.name)
        replace_week(doctor, hours)
        replace_exceptions(doctor, dated.values())
        generate_slots(doctor=doctor, first=first, last=last, now=generated_at)
        connection.check_constraints()
        stored = Slot.objects.filter(doctor=doctor).order_by("starts_at").values_list("starts_at", "ends_at")

        assert list(stored) == minute_walk.slots(hours, dated), week.name
        slot_count += len(stored)

    assert slot_count == 239_425 or not FULL


@pytest.mark.property
def test_the_command_imports_all_and_changes_nothing_when_repeated(clinic: Clinic, tmp_path: Path) -> None:
    records = sample(json.loads(FILE.read_bytes()), quick=40)
    weeks = [week for week in read_hours(json.dumps(records).encode()) if isinstance(week, ImportedWeek)]
    file, outputs = tmp_path / "hours.json", [StringIO(), StringIO()]
    file.write_text(json.dumps(records))

    for out in outputs:
        call_command("import_hours", file, clinic=clinic.slug, slot_minutes=480, stdout=out)

    count = len(weeks)
    assert f"{count} doctors added, 0 updated, 0 unchanged, 0 records skipped." in outputs[0].getvalue()
    assert f"Nothing changed: {count} doctors are up to date" in outputs[1].getvalue()
    assert Doctor.objects.bookable().count() == len(records)
    assert WorkingHours.objects.count() == sum(len(week.hours) for week in weeks)
    assert DatedException.objects.count() == sum(len(week.exceptions) for week in weeks)
