"""`manage.py import_hours` imports valid records, reports invalid ones and can run again without changes."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command

from clinics.models import Doctor
from scheduling.hours.services import set_exception
from scheduling.models import DatedException, Slot, WorkingHours
from tenants.models import Clinic
from tests.factories.queue import queued_jobs
from tests.factories.schedule import slot_starts

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONDAY_MIDNIGHT = datetime(2026, 3, 2, tzinfo=UTC)
Import = Callable[..., tuple[str, str]]


def record(known_id: str = "FA1", **changes: Any) -> dict[str, Any]:
    """A record that is open on Mondays from nine to ten."""
    weekly: dict[str, Any] = {day: [] for day in DAYS} | {"monday": [["09:00", "10:00"]]}
    return {
        "id": known_id,
        "organisation": "Boots",
        "town": "York",
        "postcode": "YO1",
        "timezone": "Europe/London",
        "weekly": weekly,
        "dated": {},
    } | changes


@pytest.fixture
def import_records(clinic: Clinic, tmp_path: Path) -> Import:
    """Return a function that imports records on Monday 2 March 2026 and returns stdout and stderr."""

    def run(*records: object, minutes: int = 30) -> tuple[str, str]:
        file, out, err = tmp_path / "hours.json", StringIO(), StringIO()
        file.write_text(json.dumps(records))
        with time_machine.travel(MONDAY_MIDNIGHT, tick=False):
            call_command(
                "import_hours", file, clinic=clinic.slug, slot_minutes=minutes, stdout=out, stderr=err
            )
        return out.getvalue(), err.getvalue()

    return run


def test_a_record_becomes_a_bookable_doctor_with_slots_to_the_horizon(import_records: Import) -> None:
    output, _errors = import_records(record(dated={"2026-03-09": [], "2026-03-10": [["23:00", "24:00"]]}))

    doctor = Doctor.objects.bookable().get()
    starts = slot_starts(doctor)
    assert (doctor.name, doctor.user, doctor.accepting_new_patients) == ("Boots FA1", None, True)
    assert starts[:5] == [
        f"2026-03-{time}+0000" for time in ("02 09:00", "02 09:30", "10 23:00", "10 23:30", "16 09:00")
    ]
    assert (len(starts), starts[-1]) == (26, "2026-05-25 09:30+0100")
    assert output == (
        "1 of 1 records\n1 doctors added, 0 updated, 0 unchanged, 0 records skipped. "
        "26 slots added, 0 removed.\n"
    )


def test_a_second_run_writes_nothing_and_reports_that(import_records: Import) -> None:
    import_records(record(), record("FA2", dated={"2026-03-09": []}))
    before = [
        list(model.objects.order_by("pk").values()) for model in (Doctor, WorkingHours, DatedException, Slot)
    ]

    output, _errors = import_records(record(), record("FA2", dated={"2026-03-09": []}))

    assert output.endswith("Nothing changed: 2 doctors are up to date, 0 records skipped.\n")
    after = [
        list(model.objects.order_by("pk").values()) for model in (Doctor, WorkingHours, DatedException, Slot)
    ]
    assert after == before
    assert queued_jobs() == []


@pytest.mark.parametrize(
    ("changes", "slots"),
    [
        ({"weekly": {day: [] for day in DAYS} | {"monday": [["09:30", "10:30"]]}}, 26),
        ({"dated": {"2026-03-09": []}}, 24),
        ({"organisation": "Boots UK"}, 26),
    ],
    ids=["week", "dated day", "name"],
)
def test_a_changed_record_changes_only_its_doctor(
    import_records: Import, changes: dict[str, Any], slots: int
) -> None:
    import_records(record(), record("FA2"))
    doctor = Doctor.objects.get(name="Boots FA1")

    output, _errors = import_records(record(**changes), record("FA2"))

    changed = Doctor.objects.get(pk=doctor.pk)
    assert "0 doctors added, 1 updated, 1 unchanged" in output
    assert changed.name == f"{changes.get('organisation', 'Boots')} FA1"
    assert len(slot_starts(changed)) == slots


def test_the_file_overrides_exceptions_entered_by_hand(import_records: Import) -> None:
    import_records(record())
    doctor = Doctor.objects.get()
    set_exception(doctor=doctor, day=date(2026, 3, 9), intervals=[], now=MONDAY_MIDNIGHT)

    import_records(record())

    assert DatedException.objects.count() == 0


def test_a_doctor_is_found_again_after_other_changes(import_records: Import) -> None:
    import_records(record())
    Doctor.objects.update(name="Boots the Chemist", licence_number="9", is_active=False)

    import_records(record())

    doctor = Doctor.objects.get()
    assert (doctor.name, doctor.licence_number, doctor.is_active) == ("Boots FA1", "9", False)


def test_another_slot_length_replaces_the_slots(import_records: Import) -> None:
    import_records(record())

    output, _errors = import_records(record(), minutes=20)

    assert output.endswith("1 updated, 0 unchanged, 0 records skipped. 39 slots added, 26 removed.\n")


def test_invalid_records_are_reported_and_valid_ones_imported(import_records: Import) -> None:
    overnight: dict[str, Any] = {day: [] for day in DAYS} | {"monday": [["22:00", "06:00"]]}

    output, errors = import_records(
        record("FA1", weekly=overnight), record("FA2"), 7, record("FA9", timezone="Europe/Paris")
    )

    first, second, third = errors.splitlines()
    assert first.startswith(
        "Record 1 (FA1) is skipped: monday: The end (06:00) must be after the start (22:00)."
    )
    assert second == "Record 3 is skipped: record: expected an object, found 7"
    assert third == "Record 4 (FA9) is skipped: timezone: the clinic's is Europe/London, not Europe/Paris"
    assert "1 doctors added, 0 updated, 0 unchanged, 3 records skipped." in output
    assert [doctor.name for doctor in Doctor.objects.all()] == ["Boots FA2"]


def test_a_file_with_only_invalid_records_fails(import_records: Import) -> None:
    with pytest.raises(CommandError, match="No record could be imported"):
        import_records(7)

    assert import_records() == ("Nothing changed: 0 doctors are up to date, 0 records skipped.\n", "")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"{", "The file is not JSON"),
        (b"{}", "must be a JSON list"),
        (b"\xff", "not UTF-8"),
        (None, "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_read_fails_with_a_message(
    clinic: Clinic, tmp_path: Path, content: bytes | None, message: str
) -> None:
    file = tmp_path / "hours.json"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(CommandError, match=message):
        call_command("import_hours", file, clinic=clinic.slug)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"clinic": "nowhere"}, "There is no clinic “nowhere”."),
        ({"clinic": "riverside", "slot_minutes": 4}, "An appointment must last from 5 to 480 minutes."),
    ],
)
def test_an_unknown_clinic_or_an_invalid_slot_length_fails_with_a_message(
    clinic: Clinic, tmp_path: Path, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(CommandError, match=message):
        call_command("import_hours", tmp_path / "hours.json", **options)
