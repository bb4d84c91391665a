"""The chain of the audit log: it shows changes in the past, and concurrent writers do not break it."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from tenants.accounts.audit import chain
from tenants.accounts.audit.chain import ChainBroken, close_batches
from tenants.accounts.audit.services import AuditAction, write_audit_entries
from tenants.accounts.audit.verification import delete_old_entries, verify_log
from tenants.accounts.models import AuditBatch, AuditEntry, User
from tenants.accounts.tasks import chain_audit_logs
from tenants.base.clock import now as clock_now
from tenants.current import enter_clinic, enter_public
from tenants.models import Clinic
from tests.factories.database_logins import owner_connection
from tests.factories.people import make_admin

Tamper = Callable[..., object]


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Close batches of four entries."""
    monkeypatch.setattr(chain, "MAX_ENTRIES", 4)


@pytest.fixture
def logged(committed_clinic: Clinic) -> Clinic:
    """A clinic with three closed batches: ten entries."""
    write_entries(10)
    assert close_batches(now=clock_now()) == 10
    return committed_clinic


def write_entries(count: int, *, note: str = "") -> None:
    """Write audit entries of one user, each in a transaction."""
    user = User.objects.filter(role=User.Role.ADMIN).first() or make_admin()
    for number in range(count):
        write_audit_entries(what=AuditAction.SIGNED_IN, by=user, about=[user], note=note or str(number))


def verify(clinic: Clinic, *options: str) -> str:
    """Run the command and return its output, or the error."""
    output = StringIO()
    try:
        call_command("verify_audit_log", "--clinic", clinic.slug, *options, stdout=output)
    except CommandError as error:
        return str(error)
    return output.getvalue()


@pytest.fixture
def tamper(logged: Clinic) -> Iterator[Tamper]:
    """Return a function that runs a statement on the clinic's tables as the owner."""
    with owner_connection() as owner:
        owner.execute(f'SET search_path TO "{logged.schema_name}"')
        yield owner.execute


def test_the_command_says_that_an_unchanged_log_is_intact(logged: Clinic) -> None:
    write_entries(1)

    output = verify(logged)

    last = AuditBatch.objects.latest("number")
    assert output.splitlines() == [
        "3 batches with 10 entries are intact; 1 later entries.",
        f"Last digest: {last.digest}",
    ]
    assert list(AuditBatch.objects.values_list("number", "count")) == [(1, 4), (2, 4), (3, 2)]


@pytest.mark.parametrize(
    ("statement", "batch"),
    [
        ("UPDATE accounts_auditentry SET note = 'x' WHERE note = '5'", 2),
        ("UPDATE accounts_auditentry SET at = at - interval '1 microsecond' WHERE note = '9'", 3),
        ("UPDATE accounts_auditentry SET by_id = NULL WHERE note = '0'", 1),
        ("""UPDATE accounts_auditentry SET changes = '{"a": [1, 2]}' WHERE note = '4'""", 2),
        ("DELETE FROM accounts_auditentry WHERE note = '0'", 1),
        ("DELETE FROM accounts_auditentry WHERE note = '7'", 2),
        (
            "INSERT INTO accounts_auditentry (id, at, what, kind, record_id, note)"
            " OVERRIDING SYSTEM VALUE VALUES (-5, now(), 'read', '', '', '')",
            1,
        ),
        # Exchange the contents of two entries of different batches.
        (
            "UPDATE accounts_auditentry e SET note = CASE note WHEN '3' THEN '8' ELSE '3' END"
            " WHERE note IN ('3', '8')",
            1,
        ),
        ("DELETE FROM accounts_auditbatch WHERE number = 2", 2),
        ("DELETE FROM accounts_auditbatch WHERE number = 1", 1),
        ("UPDATE accounts_auditbatch SET count = 3 WHERE number = 2", 2),
        ("UPDATE accounts_auditbatch SET seal = digest WHERE number = 3", 3),
        ("UPDATE accounts_auditbatch SET closed_at = now() - interval '1 year' WHERE number = 1", 1),
    ],
)
def test_a_change_of_the_past_by_the_owner_is_found_in_its_batch(
    logged: Clinic, tamper: Tamper, statement: str, batch: int
) -> None:
    tamper(statement)

    assert verify(logged).startswith(f"Batch {batch} is broken: ")


def test_a_new_chain_computed_without_the_key_is_found(
    logged: Clinic, tamper: Tamper, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    tamper("DELETE FROM accounts_auditentry WHERE note = '5'")
    tamper("DELETE FROM accounts_auditbatch")
    key = settings.SECRET_KEY
    settings.SECRET_KEY = "a guess"
    close_batches(now=clock_now())
    settings.SECRET_KEY = key

    assert verify(logged).startswith("Batch 1 is broken: it was not sealed")
    with pytest.raises(ChainBroken):
        close_batches(now=clock_now())


def test_a_chain_that_was_cut_off_lacks_the_digest_in_the_workers_log(logged: Clinic, tamper: Tamper) -> None:
    digest = AuditBatch.objects.latest("number").digest
    tamper("DELETE FROM accounts_auditbatch WHERE number = 3")
    tamper("DELETE FROM accounts_auditentry WHERE note IN ('8', '9')")

    assert "2 batches with 8 entries are intact" in verify(logged)
    assert "its end was removed or replaced" in verify(logged, "--last-digest", digest)


def test_entries_that_are_in_no_batch_after_an_hour_are_reported(logged: Clinic, tamper: Tamper) -> None:
    write_entries(1, note="late")
    tamper("UPDATE accounts_auditentry SET created_at = now() - interval '61 minutes' WHERE note = 'late'")

    assert verify(logged).startswith("1 entries older than an hour are in no batch.")


def test_an_entry_that_is_committed_late_with_an_earlier_time_joins_the_chain(
    committed_clinic: Clinic,
) -> None:
    written, commit = threading.Event(), threading.Event()

    def write_slowly() -> None:
        with enter_clinic(committed_clinic):
            with transaction.atomic():
                write_entries(1, note="slow")
                written.set()
                assert commit.wait(timeout=30)
            connection.close()

    make_admin()
    thread = threading.Thread(target=write_slowly)
    thread.start()
    assert written.wait(timeout=30)
    write_entries(3)
    while_open = close_batches(now=clock_now(), wait_seconds=0.2)
    commit.set()
    thread.join()
    afterwards = close_batches(now=clock_now())

    assert (while_open, afterwards) == (0, 4)
    assert "1 batches with 4 entries are intact; 0 later" in verify(committed_clinic)


def test_without_waiting_for_writers_a_late_entry_breaks_the_chain(
    committed_clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chain, "_writers", set)

    with pytest.raises(AssertionError):
        test_an_entry_that_is_committed_late_with_an_earlier_time_joins_the_chain(committed_clinic)

    assert verify(committed_clinic).startswith("Batch 1 is broken: its entries were")


def test_batches_that_are_closed_while_others_write_contain_every_entry(committed_clinic: Clinic) -> None:
    make_admin()
    stop = threading.Event()
    errors: list[Exception] = []

    def run(work: Callable[[], object]) -> None:
        try:
            with enter_clinic(committed_clinic):
                while not stop.is_set():
                    work()
                connection.close()
        except Exception as error:
            errors.append(error)

    def write() -> None:
        with transaction.atomic():
            write_entries(3)
            if AuditEntry.objects.count() % 5 == 0:
                transaction.set_rollback(True)

    works = [write, write, write, lambda: close_batches(now=clock_now())]
    works.append(lambda: close_batches(now=clock_now()))
    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    stop.wait(timeout=3)
    stop.set()
    for thread in threads:
        thread.join()
    during = AuditBatch.objects.count()
    close_batches(now=clock_now())

    result = verify_log(now=clock_now())
    assert (errors, result.fault, result.waiting) == ([], None, 0)
    assert (during > 1, result.entries) == (True, AuditEntry.objects.count())


def test_a_request_that_writes_the_log_does_not_wait_for_the_worker(committed_clinic: Clinic) -> None:
    write_entries(3)
    with transaction.atomic():
        close_batches(now=clock_now())
        with psycopg.connect(**_app_login(), autocommit=True) as other:
            other.execute(f'SET ROLE "{committed_clinic.schema_name}"')
            other.execute(f'SET search_path TO "{committed_clinic.schema_name}"')
            other.execute("SET lock_timeout = '200ms'")
            other.execute(
                "INSERT INTO accounts_auditentry (at, what, kind, record_id, note)"
                " VALUES (now(), 'read', '', '', '')"
            )

    assert AuditEntry.objects.count() == 4


def _app_login() -> dict[str, Any]:
    database = connection.settings_dict
    return {
        "host": database["HOST"],
        "port": database["PORT"],
        "dbname": database["NAME"],
        "user": database["USER"],
        "password": database["PASSWORD"],
    }


def test_after_a_change_of_the_key_earlier_seals_are_accepted_on_request(
    logged: Clinic, settings: Any
) -> None:
    settings.SECRET_KEY = "the new key"
    refused = verify(logged)
    accepted = verify(logged, "--accept-earlier-seals")
    write_entries(2)
    close_batches(now=clock_now())

    assert "Use --accept-earlier-seals if SECRET_KEY was changed." in refused
    assert "Batches 1 to 3 were sealed with another key;" in accepted
    assert verify(logged).splitlines()[1].startswith("5 batches with 12 entries are intact; 0 later")


def test_a_former_key_in_the_settings_keeps_the_chain_valid(logged: Clinic, settings: Any) -> None:
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "the new key"
    write_entries(2)
    close_batches(now=clock_now())

    assert "4 batches with 12 entries are intact" in verify(logged)


def test_seals_of_a_broken_chain_are_not_accepted(logged: Clinic, tamper: Tamper, settings: Any) -> None:
    tamper("UPDATE accounts_auditentry SET note = 'x' WHERE note = '5'")
    settings.SECRET_KEY = "the new key"

    assert "so the seals are not accepted" in verify(logged, "--accept-earlier-seals")


def test_old_entries_can_be_deleted_by_the_owner_and_the_rest_is_still_verified(
    as_owner: None, logged: Clinic, tamper: Tamper
) -> None:
    future = datetime.now(tz=UTC) + timedelta(days=1)
    tamper("UPDATE accounts_auditentry SET note = note")  # changes nothing
    deleted = delete_old_entries(before=future, now=clock_now())
    write_entries(3)
    close_batches(now=clock_now())

    lines = verify(logged).splitlines()
    assert (deleted, AuditEntry.objects.count()) == (10, 3)
    assert lines[:2] == [
        "The entries of batches 1 to 3 were deleted.",
        "5 batches with 3 entries are intact; 0 later entries.",
    ]


def test_the_application_cannot_delete_old_entries(logged: Clinic) -> None:
    with pytest.raises(CommandError, match="Set DB_OWNER_USER"):
        call_command("delete_old_audit_entries", "--clinic", logged.slug, "--before", "2100-01-01")

    assert (AuditEntry.objects.count(), AuditBatch.objects.count()) == (10, 3)


def test_the_worker_closes_batches_of_every_clinic_and_the_platform(
    clinic: Clinic, other_clinic: Clinic
) -> None:
    def write() -> None:
        user = User.objects.first() or make_admin()
        write_audit_entries(what=AuditAction.SIGNED_IN, by=user, about=[user])

    write()
    with enter_clinic(other_clinic):
        write()
    with enter_public():
        User.objects.create(email="operator@people.example", role=User.Role.OPERATOR)
        write()
        assert chain_audit_logs() >= 3
        results = [verify_log(now=clock_now())]
    for each in (clinic, other_clinic):
        with enter_clinic(each):
            results.append(verify_log(now=clock_now()))

    assert [(result.fault, result.waiting, result.batches > 0) for result in results] == [(None, 0, True)] * 3
