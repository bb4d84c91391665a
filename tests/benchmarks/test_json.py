"""Compare JSON built by Postgres with the same rows through the ORM and a DRF serializer.

Both take turns in one process on one connection. The times include the query.
"""

import json
from collections.abc import Callable
from datetime import timedelta
from time import perf_counter
from typing import Any

from rest_framework.renderers import JSONRenderer
from rest_framework.serializers import ModelSerializer

from clinics.models import Doctor
from scheduling.availability.conditions import Conditions
from scheduling.availability.open_slots import AvailabilityQuery, open_slots
from scheduling.calendar.local_times import local_time_fields
from scheduling.hours.slot_generator import generate_slots
from scheduling.models import Slot
from tenants.base.clock import now
from tenants.models import Clinic
from tests.benchmarks.bulk_data import vacuum_and_analyze
from tests.benchmarks.thresholds import Threshold
from tests.drills.figures import RecordFigure, spread
from tests.factories.people import make_doctor
from tests.factories.schedule import make_hours

RUNS, DAYS, SLOTS_A_DAY = 25, 14, 33
THRESHOLD = Threshold(must=8, aim=12)


class PlainSlotSerializer(ModelSerializer[Slot]):
    """A slot with the fields of `available/`, written without optimisation."""

    class Meta:
        model = Slot
        fields = ["id", "doctor", "place", "status"]

    def to_representation(self, instance: Slot) -> dict[str, Any]:
        """Add the clinic's local times."""
        fields: dict[str, Any] = super().to_representation(instance)
        return fields | local_time_fields(instance.starts_at, instance.ends_at)


def test_json_by_postgres_compared_with_a_serializer(
    committed_clinic: Clinic, record_figure: RecordFigure
) -> None:
    doctor, first = make_doctor(user=None), now().date() + timedelta(days=1)
    query = AvailabilityQuery(
        first=first,
        last=first + timedelta(days=DAYS - 1),
        limit=1000,
        conditions=Conditions(doctor=doctor.pk),
    )
    make_hours(doctor, *((weekday, "08:00", "16:15") for weekday in range(7)), now=now(), slot_minutes=15)
    generate_slots(doctor=doctor, now=now(), last=query.last)
    vacuum_and_analyze()
    postgres_times, serializer_times = [], []

    for _run in range(RUNS):
        postgres_times.append(seconds_for(lambda: open_slots(query, now=now())))
        serializer_times.append(seconds_for(lambda: serialize_open_slots(doctor)))

    # Compare the fastest runs: other load on the machine can only make a run slower.
    ratio = min(serializer_times) / min(postgres_times)
    record_figure("JSON by Postgres, ms", spread([seconds * 1000 for seconds in postgres_times]))
    record_figure("JSON through a serializer, ms", spread([seconds * 1000 for seconds in serializer_times]))
    record_figure(f"serializer / Postgres, time of the quickest runs ({THRESHOLD})", f"{ratio:.1f}")
    found = open_slots(query, now=now())
    count, results = found.count, found.results
    assert count == DAYS * SLOTS_A_DAY
    assert json.loads(results) == json.loads(serialize_open_slots(doctor))
    assert THRESHOLD.is_met(ratio)


def serialize_open_slots(doctor: Doctor) -> bytes:
    """Return the doctor's open slots from tomorrow on, as JSON."""
    slots = (
        Slot.objects.offered()
        .untaken(now=now())
        .starting_after(now())
        .filter(doctor=doctor, doctor__is_active=True)
    )
    tomorrow = slots.filter(starts_at__date__gt=now().date()).order_by("starts_at", "id")
    return bytes(JSONRenderer().render(PlainSlotSerializer(tomorrow, many=True).data))


def seconds_for(work: Callable[[], object]) -> float:
    """Return the duration of `work` in seconds."""
    started = perf_counter()
    work()
    return perf_counter() - started
