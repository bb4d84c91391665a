"""Time to open one more of many clinics, and to migrate all of them. CLINICS=1000 is the full size."""

import os
import re
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from pytest_django import DjangoDbBlocker

from clinics.services.open_clinic import FirstAdmin, open_clinic
from tenants.models import Clinic, new_schema_name
from tenants.services.schema import create_schema, drop_schema
from tests.drills.background_clients import BackgroundClients
from tests.drills.figures import RecordFigure, percentile
from tests.drills.installation import open_installation
from tests.factories.database_logins import OWNER, log_in_as
from tests.factories.later_migration import write_later_migrations
from tests.factories.migrating import start_migrate_schemas
from tests.factories.own_database import temporary_database
from tests.factories.people import PASSWORD

CLINICS = int(os.environ.get("CLINICS", "40"))
MEASURED = min(300, CLINICS)
BUSY_CLINICS = 5
COLUMN = 'migrations.AddField("booking", "colour", models.CharField(max_length=9, null=True))'


@pytest.fixture(scope="module", autouse=True)
def _own_database(clinics: tuple[Clinic, Clinic], django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock():
        log_in_as(*OWNER)
        with temporary_database():
            yield
        log_in_as(settings.DB_APP_USER, settings.DB_APP_PASSWORD)


def seconds_for(function: Any) -> float:
    started = time.perf_counter()
    function()
    return time.perf_counter() - started


def open_numbered_clinic(number: int) -> None:
    admin = FirstAdmin(email="a@a.example", password=PASSWORD, first_name="Ada", last_name="Admin")
    open_clinic(name=f"Clinic {number}", slug=f"clinic-{number}", time_zone="Europe/London", admin=admin)


def test_opening_a_clinic_takes_the_same_time_with_few_and_many_clinics(record_figure: RecordFigure) -> None:
    schemas = [new_schema_name() for _ in range(20)]
    schema_times_before = [seconds_for(lambda name=name: create_schema(name)) for name in schemas[:10]]
    for number in range(CLINICS - MEASURED):
        open_numbered_clinic(number)
    opening_times = [
        seconds_for(lambda number=number: open_numbered_clinic(number))
        for number in range(CLINICS - MEASURED, CLINICS)
    ]
    schema_times_after = [seconds_for(lambda name=name: create_schema(name)) for name in schemas[10:]]
    for name in schemas:
        drop_schema(name)

    record_figure(
        f"opening {MEASURED} clinics, of {CLINICS}",
        f"median {median(opening_times):.3f} s, p95 {percentile(opening_times, 0.95):.3f} s, "
        f"the first 50 {median(opening_times[:50]):.3f} s, the last 50 {median(opening_times[-50:]):.3f} s",
    )
    record_figure(
        "the schema alone",
        f"{median(schema_times_before):.3f} s with 2 clinics, "
        f"{median(schema_times_after):.3f} s with {CLINICS}",
    )
    assert median(schema_times_after) < 0.3
    assert Clinic.objects.count() == CLINICS + 2


def test_migrating_is_fast_if_all_clinics_are_current(record_figure: RecordFigure, tmp_path: Path) -> None:
    call_times = [seconds_for(lambda: call_command("migrate_schemas", verbosity=0)) for _ in range(3)]

    def run_process() -> None:
        runner = start_migrate_schemas(tmp_path, {})
        output, _ = runner.communicate()
        assert f"{CLINICS + 2} clinics, {CLINICS + 2} of them current." in output

    record_figure(
        f"nothing to migrate at {CLINICS} clinics",
        f"{min(call_times):.2f} s (median {median(call_times):.2f} s); "
        f"with Python's start {seconds_for(run_process):.2f} s",
    )
    assert min(call_times) < 1


def test_adding_a_column_while_patients_read_and_book(
    record_figure: RecordFigure, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    modules = write_later_migrations(tmp_path, COLUMN, app="scheduling")
    with open_installation() as installation:
        installation.start("web")
        clients = BackgroundClients(installation.port)
        for clinic in Clinic.objects.order_by("?")[:BUSY_CLINICS]:
            clients.add_clinic(clinic)
        with clients:
            time.sleep(1)
            count_before = len(clients.responses)
            with start_migrate_schemas(tmp_path, modules) as runner:
                assert runner.stdout is not None
                lines = [(time.perf_counter(), line) for line in runner.stdout]
    times = [
        float(match[1]) for _at, line in lines if (match := re.search(r"\): migrated in (\d+) ms", line))
    ]
    started = next(at for at, line in lines if line.startswith(f"{CLINICS + 2} clinics"))
    slowest = max(response.seconds for response in clients.responses)

    record_figure(
        f"one more column in {CLINICS} clinics",
        f"{(lines[-1][0] - started) * 1000 / len(times):.1f} ms a clinic; one takes {median(times):.0f} ms, "
        f"at most {max(times):.0f} ms",
    )
    record_figure(
        "clients meanwhile",
        f"{len(clients.responses) - count_before} responses, {dict(clients.statuses())}, "
        f"the slowest {slowest:.2f} s",
    )
    assert runner.returncode == 0
    assert len(times) == CLINICS + 2
    assert {status for status in clients.statuses() if status not in (200, 201)} == set()
