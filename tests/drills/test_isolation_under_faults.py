"""No row is read or written in the wrong clinic while statements are cancelled and connections cut."""

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
from tests.drills.figures import RecordFigure
from tests.factories.database_logins import OWNER

SECONDS = 20


@pytest.fixture
def labelled_clinics(
    clinics: tuple[Clinic, Clinic], django_db_blocker: DjangoDbBlocker
) -> tuple[Clinic, Clinic]:
    """Two clinics whose settings contain their own id."""
    with django_db_blocker.unblock():
        for clinic in clinics:
            with enter_clinic(clinic):
                ClinicSettings.objects.update(phone=clinic.pk.hex)
        connection.close()
    return clinics


def run_faults(clinics: tuple[Clinic, Clinic], *, settings: str, **variables: str) -> dict[str, int]:
    """Run the fault drill in its own process, with its own settings. Return its counts."""
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": settings,
        "DB_NAME": str(connection.settings_dict["NAME"]),
        "DB_POOL": "1",
        "PGAPPNAME": "fault-drill",
        "DJANGO_LOG_LEVEL": "CRITICAL",
        "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}",
        **variables,
    }
    command = [sys.executable, "-m", "tests.drills.connection_faults", str(SECONDS)]
    command += [str(clinic.pk) for clinic in clinics]
    finished = subprocess.run(
        command, env=env, cwd=ROOT, capture_output=True, text=True, check=True, timeout=180
    )
    counts: dict[str, int] = json.loads(finished.stdout)
    return counts


def test_no_row_is_read_or_written_in_the_wrong_clinic_under_faults(
    labelled_clinics: tuple[Clinic, Clinic], record_figure: RecordFigure
) -> None:
    counts = run_faults(labelled_clinics, settings="config.settings")

    record_figure("faults on our backend", str(counts))
    assert (counts.get("foreign", 0), counts["landed elsewhere"], counts["lost"]) == (0, 0, 0)
    assert (counts["own"] >= READS, counts["written"] >= WRITES) == (True, True)
    assert (counts["cancelled"] > 100, counts["cut"] > 0) == (True, True)


def test_the_stock_backend_returns_rows_of_the_wrong_clinic_under_faults(
    labelled_clinics: tuple[Clinic, Clinic], record_figure: RecordFigure
) -> None:
    # As the owner: the application's login cannot read a clinic without its role.
    login = dict(zip(database_logins.OWNER_SETTINGS, OWNER, strict=True))
    counts = run_faults(labelled_clinics, settings="tests.drills.stock_backend", **login)

    record_figure("faults on the stock backend", str(counts))
    assert counts.get("foreign", 0) + counts["landed elsewhere"] > 0
