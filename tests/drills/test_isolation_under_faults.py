"""No row of one clinic is read or written in another, whatever is cancelled or cut. And the control."""

import json
import os
import subprocess
import sys

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from clinics.models import ClinicSettings
from embedded import database_logins
from embedded.run_folder import ROOT
from tenants.current import enter_clinic
from tenants.models import Clinic
from tests.drills.connection_faults import READS, WRITES
from tests.drills.figures import Note
from tests.factories.database_logins import OWNER

SECONDS = 20


@pytest.fixture
def labelled(clinics: tuple[Clinic, Clinic], django_db_blocker: DjangoDbBlocker) -> tuple[Clinic, Clinic]:
    """Two clinics whose settings say whose they are."""
    with django_db_blocker.unblock():
        for clinic in clinics:
            with enter_clinic(clinic):
                ClinicSettings.objects.update(phone=clinic.pk.hex)
        connection.close()
    return clinics


def blow(clinics: tuple[Clinic, Clinic], *, settings: str, **more: str) -> dict[str, int]:
    """A storm in a process of its own, since settings hold for a whole process."""
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": settings,
        "DB_NAME": str(connection.settings_dict["NAME"]),
        "DB_POOL": "1",
        "PGAPPNAME": "storm",
        "DJANGO_LOG_LEVEL": "CRITICAL",
        "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}",
        **more,
    }
    words = [sys.executable, "-m", "tests.drills.connection_faults", str(SECONDS)]
    words += [str(clinic.pk) for clinic in clinics]
    ended = subprocess.run(words, env=env, cwd=ROOT, capture_output=True, text=True, check=True, timeout=180)
    seen: dict[str, int] = json.loads(ended.stdout)
    return seen


def test_no_row_is_read_or_written_elsewhere_in_a_storm_of_cancelled_statements(
    labelled: tuple[Clinic, Clinic], figures: Note
) -> None:
    seen = blow(labelled, settings="config.settings")

    figures("storm on our backend", str(seen))
    assert (seen.get("foreign", 0), seen["landed elsewhere"], seen["lost"]) == (0, 0, 0)
    assert (seen["own"] >= READS, seen["written"] >= WRITES) == (True, True)
    assert (seen["cancelled"] > 100, seen["cut"] > 0) == (True, True)


def test_the_same_storm_brings_foreign_rows_on_the_stock_backend(
    labelled: tuple[Clinic, Clinic], figures: Note
) -> None:
    # As the owner of both: the application's login could not read a clinic without taking on its role.
    login = dict(zip(database_logins.OWNER_SETTINGS, OWNER, strict=True))
    seen = blow(labelled, settings="tests.drills.stock_backend", **login)

    figures("storm on the stock backend", str(seen))
    assert seen.get("foreign", 0) + seen["landed elsewhere"] > 0
