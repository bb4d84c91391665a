"""Closing a clinic, reopening it within the grace period, and deleting it afterwards."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import CommandError
from django.db import connection
from django.test import Client

from clinics.picture_files import clinic_folder
from clinics.services.lifecycle import close_clinic, drop_clinic, reopen_clinic
from clinics.tasks import drop_closed_clinics
from tenants.accounts.models import AuditEntry, User
from tenants.base.clock import now as clock_now
from tenants.current import enter_clinic, leave_clinic
from tenants.models import Clinic, Domain, QueueLine
from tenants.queue.claims import claim_jobs
from tenants.queue.jobs import Lane, enqueue
from tenants.routing.hosts import clear_host_cache
from tenants.services.lifecycle import (
    AlreadyClosing,
    NotClosing,
    NotDueForDeletion,
    NotSuspended,
    resume_clinic,
)
from tests.console.test_clinic_lifecycle import LIST, audit_log_of, choose, run, send
from tests.factories.clinic_client import ClinicClient
from tests.factories.threads import run_concurrently

MONTH = timedelta(days=30)


def schemas() -> set[str]:
    """Return the schemas of clinics that exist."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'clinic%'")
        return {name for (name,) in cursor.fetchall()}


def add_job(clinic: Clinic) -> QueueLine:
    """Add a job for a clinic."""
    with enter_clinic(clinic):
        return enqueue(kind="message", row_id=uuid4(), due_at=clock_now())


@pytest.fixture
def riverside(operator: User) -> Clinic:
    """The London clinic. The test itself runs in public."""
    return Clinic.objects.get(slug="riverside")


def test_a_closed_clinic_shows_until_when_data_is_kept(riverside: Clinic, now: datetime) -> None:
    close_clinic(clinic=riverside, by=None, now=now)
    clear_host_cache()
    client = ClinicClient(riverside)

    page, answer = client.get("/"), client.get("/api/clinic/")

    assert page.status_code == 410
    assert "Riverside has closed. Your data is kept until 1 April 2026" in page.content.decode()
    assert (answer.status_code, answer.json()["code"]) == (410, "clinic_has_closed")


def test_a_closed_clinic_can_be_reopened(riverside: Clinic, now: datetime) -> None:
    close_clinic(clinic=riverside, by=None, now=now)
    reopen_clinic(clinic=riverside, by=None)

    assert ClinicClient(riverside).get("/api/clinic/").status_code == 200
    riverside.refresh_from_db()
    assert (riverside.status, riverside.drop_after) == ("live", None)


def test_nothing_is_sent_for_a_closed_clinic(riverside: Clinic, now: datetime) -> None:
    job = add_job(riverside)
    close_clinic(clinic=riverside, by=None, now=now)

    assert job not in claim_jobs(lane=Lane.DELIVERY, limit=100).jobs


@pytest.mark.parametrize(
    ("status", "step", "refusal"),
    [
        ("live", lambda clinic: reopen_clinic(clinic=clinic, by=None), NotClosing),
        ("suspended", lambda clinic: reopen_clinic(clinic=clinic, by=None), NotClosing),
        ("closing", lambda clinic: close_clinic(clinic=clinic, by=None, now=clock_now()), AlreadyClosing),
        ("closing", lambda clinic: resume_clinic(clinic=clinic), NotSuspended),
    ],
)
def test_an_action_that_does_not_fit_the_status_is_refused(
    riverside: Clinic, now: datetime, status: str, step: Callable[[Clinic], Any], refusal: type[Exception]
) -> None:
    after = now if status == "closing" else None
    Clinic.objects.filter(pk=riverside.pk).update(status=status, drop_after=after)

    with pytest.raises(refusal):
        step(Clinic.objects.get(pk=riverside.pk))


@pytest.mark.parametrize("delay", [timedelta(0), timedelta(hours=1)])
def test_after_the_grace_period_all_data_is_deleted(
    riverside: Clinic, now: datetime, delay: timedelta
) -> None:
    other = Clinic.objects.get(slug="hudson")
    jobs = [add_job(riverside), add_job(other)]
    close_clinic(clinic=riverside, by=None, now=now)

    drop_clinic(clinic=riverside, by=None, now=now + MONTH + delay)

    assert schemas() & {riverside.schema_name, other.schema_name} == {other.schema_name}
    assert [clinic.slug for clinic in Clinic.objects.all()] == ["hudson"]
    assert [domain.domain for domain in Domain.objects.all()] == ["hudson.example.localhost"]
    assert [job.pk for job in QueueLine.objects.all()] == [jobs[1].pk]
    entry = AuditEntry.objects.get(what="dropped")
    assert (entry.record_id, entry.note) == (str(riverside.pk), "riverside: Riverside")
    assert ClinicClient(riverside).get("/api/clinic/").status_code == 404


def test_the_files_of_a_deleted_clinics_pictures_are_deleted(
    riverside: Clinic, now: datetime, django_capture_on_commit_callbacks: Any
) -> None:
    folder = clinic_folder(riverside)
    for owner in (folder, "another"):
        storages["pictures"].save(f"{owner}/x-480.webp", ContentFile(b"x"))
    close_clinic(clinic=riverside, by=None, now=now)

    with django_capture_on_commit_callbacks(execute=True):
        drop_clinic(clinic=riverside, by=None, now=now + MONTH)

    assert [storages["pictures"].exists(owner) for owner in (folder, "another")] == [False, True]


def test_before_the_end_of_the_grace_period_nothing_is_deleted(riverside: Clinic, now: datetime) -> None:
    close_clinic(clinic=riverside, by=None, now=now)

    with pytest.raises(NotDueForDeletion):
        drop_clinic(clinic=riverside, by=None, now=now + MONTH - timedelta(microseconds=1))

    assert riverside.schema_name in schemas()


@pytest.mark.parametrize("status", ["live", "suspended"])
def test_a_clinic_that_is_not_closed_is_never_deleted(riverside: Clinic, now: datetime, status: str) -> None:
    Clinic.objects.filter(pk=riverside.pk).update(status=status)

    with pytest.raises(NotDueForDeletion):
        drop_clinic(clinic=riverside, by=None, now=now + timedelta(days=10_000))


def test_the_nightly_task_deletes_only_clinics_that_are_due(riverside: Clinic) -> None:
    hudson = Clinic.objects.get(slug="hudson")
    close_clinic(clinic=riverside, by=None, now=clock_now() - MONTH)
    close_clinic(clinic=hudson, by=None, now=clock_now() - MONTH + timedelta(minutes=1))

    assert drop_closed_clinics() == 1

    assert [clinic.slug for clinic in Clinic.objects.all()] == ["hudson"]


def test_a_failed_deletion_does_not_stop_the_others(riverside: Clinic) -> None:
    hudson = Clinic.objects.get(slug="hudson")
    for clinic in (riverside, hudson):
        close_clinic(clinic=clinic, by=None, now=clock_now() - MONTH)
    first = min(riverside, hudson, key=lambda clinic: clinic.pk)
    Clinic.objects.filter(pk=first.pk).update(schema_name="not_a_clinics")

    assert drop_closed_clinics() == 1

    assert [clinic.pk for clinic in Clinic.objects.all()] == [first.pk]


def test_the_database_refuses_a_closed_clinic_without_a_deletion_date(riverside: Clinic) -> None:
    from django.db import IntegrityError, transaction  # noqa: PLC0415

    for change in ({"status": "closing"}, {"drop_after": clock_now()}):
        with pytest.raises(IntegrityError, match="clinic_has_an_end"), transaction.atomic():
            Clinic.objects.filter(pk=riverside.pk).update(**change)


def test_reopening_and_deleting_concurrently_leaves_a_complete_clinic_or_none(
    committed_clinic: Clinic,
) -> None:
    key = committed_clinic.pk
    leave_clinic()
    for _round in range(5):
        close_clinic(clinic=Clinic.objects.get(pk=key), by=None, now=clock_now() - MONTH)
        stale = [Clinic.objects.get(pk=key) for _each in range(2)]

        reopened, dropped = run_concurrently(
            committed_clinic,
            partial(reopen_in_public, stale[0]),
            partial(drop_in_public, stale[1]),
        )

        assert (isinstance(reopened, NotClosing), isinstance(dropped, NotDueForDeletion)) in {
            (True, False),
            (False, True),
        }
        exists = committed_clinic.schema_name in schemas()
        assert exists == Clinic.objects.filter(pk=key).exists() == isinstance(dropped, NotDueForDeletion)
        if not exists:
            break
    if not exists:  # the fixture expects a row to drop
        Clinic.objects.bulk_create([committed_clinic])


def reopen_in_public(clinic: Clinic) -> None:
    """Reopen a clinic from the public schema."""
    leave_clinic()
    reopen_clinic(clinic=clinic, by=None)


def drop_in_public(clinic: Clinic) -> None:
    """Drop a clinic from the public schema."""
    leave_clinic()
    drop_clinic(clinic=clinic, by=None, now=clock_now())


def test_operators_can_close_and_reopen_a_clinic(riverside: Clinic, browser: Client, operator: User) -> None:
    confirmation_page = send(browser, LIST, choose("close_selected", "riverside"))
    closed_page = send(browser, LIST, {**choose("close_selected", "riverside"), "confirmed": "yes"})
    page = browser.get(f"{LIST}{riverside.pk}/change/").content.decode()
    reopened_page = send(browser, LIST, {**choose("reopen_selected", "riverside"), "confirmed": "yes"})

    assert "Export a clinic first" in confirmation_page
    assert "Closed: Riverside." in closed_page
    assert "closed; data kept until" in page
    assert "Reopened: Riverside." in reopened_page
    assert [(what, by) for what, by, _note in audit_log_of("riverside")] == [
        ("closed", operator.email),
        ("reopened", operator.email),
    ]


def test_operators_can_delete_a_clinic_only_after_its_grace_period(
    riverside: Clinic, browser: Client
) -> None:
    close_clinic(clinic=riverside, by=None, now=clock_now())
    early = send(browser, LIST, {**choose("drop_selected", "riverside"), "confirmed": "yes"})
    Clinic.objects.filter(pk=riverside.pk).update(drop_after=clock_now())
    late = send(browser, LIST, {**choose("drop_selected", "riverside"), "confirmed": "yes"})

    assert "You cannot delete Riverside. Its grace period has not ended." in early
    assert "Deleted: Riverside." in late
    assert riverside.schema_name not in schemas()


def test_commands_close_reopen_and_delete(riverside: Clinic) -> None:
    outputs = [
        run("close_clinic", "riverside"),
        run("reopen_clinic", "riverside"),
        run("close_clinic", "riverside"),
    ]
    with pytest.raises(CommandError, match=r"Its grace period has not ended\.$"):
        run("drop_clinic", "riverside", "--yes-really")
    with time_machine.travel(clock_now() + MONTH):
        with pytest.raises(CommandError, match=r"Add --yes-really to confirm\.$"):
            run("drop_clinic", "riverside")
        outputs.append(run("drop_clinic", "riverside", "--yes-really"))

    assert [output.split(".")[0].split(" `")[0] for output in outputs] == [
        "Riverside is closed",
        "Riverside was reopened",
        "Riverside is closed",
        "Riverside and all its data were deleted",
    ]
