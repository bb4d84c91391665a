"""Opening and dropping a clinic: a hostile slug is refused, and nothing runs for a dropped clinic."""

import uuid

import pytest
from django.db import connection

from clinics.services.open_clinic import FirstAdmin, open_clinic
from tenants.accounts.models import User
from tenants.base.clock import now
from tenants.base.errors import InvalidInput
from tenants.current import enter_clinic, leave_clinic
from tenants.models import Clinic, Domain, QueueLine
from tenants.queue.jobs import enqueue
from tests.conftest import open_test_clinic
from tests.factories.clinic_client import ClinicClient
from tests.factories.clinics import drop_clinic
from tests.factories.people import PASSWORD, make_user
from tests.factories.queue import run_due_jobs

HOSTILE_SLUGS = [
    "river\x00side",
    "riverside\n",
    "hudson.riverside",
    "riverside/",
    "riverside:80",
    "../riverside",
    "%72iverside",
    "river\u200bside",
    "\u202eedisrevir",
    "rivers\u0131de",
    "r\u0456verside",
    "\uff52iverside",
    "a'; DROP SCHEMA public CASCADE; --",
    'a", public; --',
    "<script>alert(1)</script>",
    "pg_catalog",
    "information_schema",
    "public",
    "www",
    "api",
    "{slug}",
    "%s",
    "\ud800",
    "x" * 10_000,
]


@pytest.mark.parametrize("slug", HOSTILE_SLUGS, ids=ascii)
def test_a_hostile_slug_is_refused(clinics: tuple[Clinic, Clinic], db: None, slug: str) -> None:
    admin = FirstAdmin(email="sea@side.example", password=PASSWORD, first_name="Sia", last_name="Side")

    with pytest.raises(InvalidInput) as refused:
        open_clinic(name="Seaside", slug=slug, time_zone="Europe/Lisbon", admin=admin)

    assert list(refused.value.errors) == ["slug"]
    assert (Clinic.objects.count(), Domain.objects.count()) == (2, 2)


@pytest.fixture
def dropped_clinic(clinics: tuple[Clinic, Clinic], db: None) -> Clinic:
    """A dropped clinic that this process has served, with a job still in the queue."""
    leave_clinic()
    clinic = open_test_clinic("shortlived", name="Shortlived", time_zone="Europe/London")
    assert ClinicClient(clinic).get("/api/clinic/").status_code == 200
    with enter_clinic(clinic):
        enqueue(kind="doctor_hours", row_id=uuid.uuid4(), due_at=now())
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # Postgres drops no table with pending checks
    drop_clinic(clinic)
    return clinic


def test_a_job_of_a_dropped_clinic_does_not_run(dropped_clinic: Clinic) -> None:
    job = QueueLine.objects.get()

    assert run_due_jobs() == 0

    assert (QueueLine.objects.get().pk, job.clinic_id) == (job.pk, dropped_clinic.pk)


def test_nobody_can_sign_in_at_a_dropped_clinic_that_is_still_cached(dropped_clinic: Clinic) -> None:
    leave_clinic()
    operator = make_user(User.Role.OPERATOR)

    client = ClinicClient(dropped_clinic)
    client.raise_request_exception = False
    response = client.post("/api/auth/login/", {"email": operator.email, "password": PASSWORD})

    assert (response.status_code >= 500, response.json()["data"]) == (True, None)
