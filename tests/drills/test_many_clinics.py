"""Many clinics: what opening one more, and migrating all of them, takes. CLINICS=1000 is the real thing."""

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
from tests.drills.background_clients import Crowd
from tests.drills.figures import Note, percentile
from tests.drills.installation import open_house
from tests.factories.database_logins import OWNER, log_in_as
from tests.factories.later_migration import write_later
from tests.factories.migrating import start_migrating
from tests.factories.own_database import own_database
from tests.factories.people import PASSWORD

CLINICS = int(os.environ.get("CLINICS", "40"))
MEASURED = min(300, CLINICS)
BUSY = 5
COLUMN = 'migrations.AddField("booking", "colour", models.CharField(max_length=9, null=True))'


@pytest.fixture(scope="module", autouse=True)
def _own_database(clinics: tuple[Clinic, Clinic], django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock():
        log_in_as(*OWNER)
        with own_database():
            yield
        log_in_as(settings.DB_APP_USER, settings.DB_APP_PASSWORD)


def timed(act: Any) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def open_another(number: int) -> None:
    admin = FirstAdmin(email="a@a.example", password=PASSWORD, first_name="Ada", last_name="Admin")
    open_clinic(name=f"Clinic {number}", slug=f"clinic-{number}", time_zone="Europe/London", admin=admin)


def test_opening_costs_the_same_with_few_and_with_many(figures: Note) -> None:
    bare = [new_schema_name() for _ in range(20)]
    ground = [timed(lambda name=name: create_schema(name)) for name in bare[:10]]
    for number in range(CLINICS - MEASURED):
        open_another(number)
    whole = [
        timed(lambda number=number: open_another(number)) for number in range(CLINICS - MEASURED, CLINICS)
    ]
    after = [timed(lambda name=name: create_schema(name)) for name in bare[10:]]
    for name in bare:
        drop_schema(name)

    figures(
        f"opening {MEASURED} clinics, of {CLINICS}",
        f"median {median(whole):.3f} s, p95 {percentile(whole, 0.95):.3f} s, "
        f"the first 50 {median(whole[:50]):.3f} s, the last 50 {median(whole[-50:]):.3f} s",
    )
    figures(
        "the schema alone", f"{median(ground):.3f} s with 2 clinics, {median(after):.3f} s with {CLINICS}"
    )
    assert median(after) < 0.3
    assert Clinic.objects.count() == CLINICS + 2


def test_migrating_where_all_is_current(figures: Note, tmp_path: Path) -> None:
    inside = [timed(lambda: call_command("migrate_schemas", verbosity=0)) for _ in range(3)]

    def as_process() -> None:
        runner = start_migrating(tmp_path, {})
        said, _ = runner.communicate()
        assert f"{CLINICS + 2} clinics, {CLINICS + 2} of them current." in said

    figures(
        f"nothing to migrate at {CLINICS} clinics",
        f"{min(inside):.2f} s (median {median(inside):.2f} s); with Python's start {timed(as_process):.2f} s",
    )
    assert min(inside) < 1


def test_adding_a_column_while_people_read_and_book(
    figures: Note, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    modules = write_later(tmp_path, COLUMN, app="scheduling")
    with open_house() as house:
        house.start("web")
        crowd = Crowd(house.port)
        for clinic in Clinic.objects.order_by("?")[:BUSY]:
            crowd.join(clinic)
        with crowd:
            time.sleep(1)
            quiet = len(crowd.answers)
            with start_migrating(tmp_path, modules) as runner:
                assert runner.stdout is not None
                lines = [(time.perf_counter(), line) for line in runner.stdout]
    times = [
        float(found[1]) for _at, line in lines if (found := re.search(r"\): migrated in (\d+) ms", line))
    ]
    began = next(at for at, line in lines if line.startswith(f"{CLINICS + 2} clinics"))
    slowest = max(answer.seconds for answer in crowd.answers)

    figures(
        f"one more column in {CLINICS} clinics",
        f"{(lines[-1][0] - began) * 1000 / len(times):.1f} ms a clinic; one takes {median(times):.0f} ms, "
        f"at most {max(times):.0f} ms",
    )
    figures(
        "people meanwhile",
        f"{len(crowd.answers) - quiet} answers, {dict(crowd.statuses())}, the slowest {slowest:.2f} s",
    )
    assert runner.returncode == 0
    assert len(times) == CLINICS + 2
    assert {status for status in crowd.statuses() if status not in (200, 201)} == set()
