"""250 real weeks through the database: what is generated is what walking every minute finds."""

from datetime import UTC, date, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

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
from tests.scheduling.clock.reference_planner import MinuteWalk
from tests.scheduling.nhs_data import FILE, needs_the_file

pytestmark = needs_the_file

# Lengths that leave different ends over. A quarter of an hour everywhere would be 3.4 million slots.
LENGTHS = (75, 150, 240, 360, 480)


def test_400_days_of_250_real_weeks_are_in_the_database_as_a_walk_over_every_minute_finds_them(
    clinic: Clinic,
) -> None:
    # Three clock changes, and 500 of the file's exceptions.
    first = date(2016, 3, 1)
    last, before = first + timedelta(days=399), datetime(2016, 2, 29, tzinfo=UTC)
    walk = MinuteWalk(ZoneInfo("Europe/London"), first, last)
    seen = 0

    for place, week in enumerate(read_hours(FILE.read_bytes())):
        assert isinstance(week, ImportedWeek)
        minutes = LENGTHS[place % len(LENGTHS)]
        hours = [Hours(*interval, minutes) for interval in week.hours]
        dated = {day: PlannedException(day, times, minutes) for day, times in week.exceptions}
        doctor = add_doctor(name=week.name)
        replace_week(doctor, hours)
        replace_exceptions(doctor, dated.values())
        generate_slots(doctor=doctor, first=first, last=last, now=before)
        connection.check_constraints()
        stored = Slot.objects.filter(doctor=doctor).order_by("starts_at").values_list("starts_at", "ends_at")

        assert list(stored) == walk.slots(hours, dated), week.name
        seen += len(stored)

    assert seen == 239_425


def test_the_command_takes_all_250_in_and_again_changes_nothing(clinic: Clinic) -> None:
    said = [StringIO(), StringIO()]

    for out in said:
        call_command("import_hours", FILE, clinic=clinic.slug, slot_minutes=480, stdout=out)

    assert "250 doctors added, 0 updated, 0 unchanged, 0 records skipped." in said[0].getvalue()
    assert "Nothing changed: 250 doctors are up to date" in said[1].getvalue()
    assert (Doctor.objects.bookable().count(), WorkingHours.objects.count()) == (250, 1796)
    assert DatedException.objects.count() == 1043
