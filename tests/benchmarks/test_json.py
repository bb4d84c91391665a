"""An answer's JSON made by Postgres, beside the same rows through the ORM and a serializer of DRF's.

Both take turns, in one process and on one connection; both are timed with their query.
"""

import json
from collections.abc import Callable
from datetime import timedelta
from time import perf_counter
from typing import Any

from rest_framework.renderers import JSONRenderer
from rest_framework.serializers import ModelSerializer

from clinics.models import Doctor
from scheduling.availability.open_slots import AvailabilityQuery, open_slots_json
from scheduling.calendar.local_times import local_time_fields
from scheduling.hours.slot_generator import generate_slots
from scheduling.models import Slot
from tenants.base.clock import now
from tenants.models import Clinic
from tests.benchmarks.bulk_data import as_autovacuum
from tests.benchmarks.thresholds import Bound
from tests.drills.figures import Note, spread
from tests.factories.people import make_doctor
from tests.factories.schedule import make_hours

RUNS, DAYS, SLOTS_A_DAY = 25, 14, 33
BOUND = Bound(must=8, aim=12)


class SlotAsUsual(ModelSerializer[Slot]):
    """A slot in the fields of `available/`, as one would write it without a thought to speed."""

    class Meta:
        model = Slot
        fields = ["id", "doctor", "place", "status"]

    def to_representation(self, instance: Slot) -> dict[str, Any]:
        """With the clinic's wall."""
        shown: dict[str, Any] = super().to_representation(instance)
        return shown | local_time_fields(instance.starts_at, instance.ends_at)


def test_json_by_postgres_beside_a_serializer(committed_clinic: Clinic, figures: Note) -> None:
    doctor, first = make_doctor(user=None), now().date() + timedelta(days=1)
    question = AvailabilityQuery(
        first=first, last=first + timedelta(days=DAYS - 1), limit=1000, doctor=doctor.pk
    )
    make_hours(doctor, *((weekday, "08:00", "16:15") for weekday in range(7)), now=now(), slot_minutes=15)
    generate_slots(doctor=doctor, now=now(), last=question.last)
    as_autovacuum()
    ours, usual = [], []

    for _run in range(RUNS):
        ours.append(seconds_for(lambda: open_slots_json(question, now=now())))
        usual.append(seconds_for(lambda: through_serializer(doctor)))

    # Of the quickest runs: whatever else the machine does can only make a run slower.
    ratio = min(usual) / min(ours)
    figures("JSON by Postgres, ms", spread([each * 1000 for each in ours]))
    figures("JSON through a serializer, ms", spread([each * 1000 for each in usual]))
    figures(f"serializer / Postgres, time of the quickest runs ({BOUND})", f"{ratio:.1f}")
    count, results = open_slots_json(question, now=now())
    assert count == DAYS * SLOTS_A_DAY
    assert json.loads(results) == json.loads(through_serializer(doctor))
    assert BOUND.holds(ratio)


def through_serializer(doctor: Doctor) -> bytes:
    """All of the doctor's open slots."""
    slots = (
        Slot.objects.offered()
        .untaken(now=now())
        .starting_after(now())
        .filter(doctor=doctor, doctor__is_active=True)
    )
    tomorrow = slots.filter(starts_at__date__gt=now().date()).order_by("starts_at", "id")
    return bytes(JSONRenderer().render(SlotAsUsual(tomorrow, many=True).data))


def seconds_for(work: Callable[[], object]) -> float:
    """How long it took."""
    began = perf_counter()
    work()
    return perf_counter() - began
