"""Exporting a clinic to a file and restoring it. Nothing is sent and no other clinic is changed."""

import hashlib
import io
import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from clinics.services.lifecycle import resume_clinic
from clinics.services.transfer import export_clinic, restore_clinic
from notifications.models import Message
from scheduling.models import Booking, OutsideCalendar, Place
from scheduling.outside_calendars.sources import source_of
from tenants.accounts.audit.chain import close_batches
from tenants.accounts.audit.services import write_audit_entries
from tenants.accounts.audit.verification import verify_log
from tenants.accounts.models import AuditEntry, RefreshToken, User
from tenants.base.clock import now as clock_now
from tenants.base.errors import InvalidInput
from tenants.current import enter_clinic, leave_clinic
from tenants.models import Clinic, Domain, DomainClaim, QueueLine
from tenants.services.encryption import ExportUnreadable, Passphrase
from tenants.services.provisioning import SlugTaken
from tenants.services.restore import RestoreResult
from tenants.services.tables import Table, digest_table, set_copy_format, tables
from tests.clinics.export_files import PUBLIC_KEY, SECRET_KEY, hostile_files, members
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.clinics import drop_clinic
from tests.factories.people import PASSWORD
from tests.factories.queue import delete_queued_jobs, queued_jobs, run_due_jobs
from tests.factories.scenario import Scenario, make_scenario
from tests.tenants.base.test_timestamps import IN_CLINIC, add_remaining_rows

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


LEFT_OUT = {
    "accounts_refreshtoken": "all sessions end",
    "accounts_usersession": "all sessions end",
    "django_session": "all sessions end",
    "accounts_passwordreset": "its link opens the original clinic",
    "accounts_emailcode": "it works in the original clinic",
    "accounts_emailverification": "its link opens the original clinic",
    "accounts_emailchange": "its link opens the original clinic",
    "accounts_tries": "attempts at the original do not count",
    "notifications_calendarfeed": "calendar programs have the original's address",
}
"""The tables whose rows a restored clinic does not get, and why."""
CHANGED = {
    "accounts_user": "all sessions end",
    "accounts_auditbatch": "batches up to the restore are accepted with the seals of the original",
    "notifications_message": "the original sends the waiting messages",
    "notifications_webhookendpoint": "webhooks are off, without a secret",
    "notifications_emailsender": "its keys are renewed",
    "clinics_smssettings": "text messages are off",
    "scheduling_outsidecalendar": "an address that cannot be decrypted is entered again",
}
"""The tables whose rows are changed when a clinic is restored, and why."""


@pytest.fixture
def scenario(committed_clinic: Clinic) -> Scenario:
    """A clinic for this test only with one of everything, committed."""
    return make_scenario(committed_clinic, text="Canary\tü\\N\n'\"")


@pytest.fixture
def file(scenario: Scenario) -> io.BytesIO:
    """The export of the clinic."""
    return export(scenario.clinic)


def export(clinic: Clinic) -> io.BytesIO:
    """Export a clinic and return the file."""
    output = io.BytesIO()
    leave_clinic()
    export_clinic(clinic=clinic, file=output, key=PUBLIC_KEY, by=None, now=NOW)
    output.seek(0)
    return output


Restore = Callable[..., RestoreResult]


@pytest.fixture
def restore(scenario: Scenario, django_db_blocker: DjangoDbBlocker) -> Iterator[Restore]:
    """Return a function that restores a file. Drop the restored clinics after the test."""
    restored_clinics: list[Clinic] = []

    def run(file: io.BytesIO, **changes: Any) -> RestoreResult:
        leave_clinic()
        options = {"key": SECRET_KEY, "slug": "twin", **changes}
        restored = restore_clinic(file=file, by=None, now=NOW, **options)
        restored_clinics.append(restored.clinic)
        return restored

    yield run
    leave_clinic()
    for clinic in restored_clinics:
        delete_queued_jobs(clinic_id=clinic.pk)
        drop_clinic(Clinic.objects.get(pk=clinic.pk))


def digests(clinic: Clinic) -> dict[str, str]:
    """Return a digest of each table of a clinic."""
    with enter_clinic(clinic), suppress(ZeroDivisionError):
        return {table.name: digest_table(table).sha256 for table in tables()}
    raise AssertionError


def state() -> tuple[int, int, int, int]:
    """Return the number of clinics, domains, jobs and schemas."""
    leave_clinic()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'clinic%'")
        (schemas,) = cursor.fetchone()
    return Clinic.objects.count(), Domain.objects.count(), QueueLine.objects.count(), schemas


def test_age_and_tar_can_read_the_file_and_its_checksums_are_correct(
    scenario: Scenario, file: io.BytesIO
) -> None:
    parts = members(file)
    manifest = json.loads(parts.pop("manifest.json"))

    listed = {f"{table['name']}.copy": (table["bytes"], table["sha256"]) for table in manifest["tables"]}
    assert listed == {name: (len(raw), hashlib.sha256(raw).hexdigest()) for name, raw in parts.items()}
    assert manifest["clinic"]["id"] == str(scenario.clinic.pk)
    rows = {table["name"]: table["rows"] for table in manifest["tables"]}
    assert (rows["scheduling_booking"], rows["clinics_patient"]) == (3, 3)


def test_every_table_of_the_clinics_schema_is_in_the_file(scenario: Scenario, file: io.BytesIO) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [scenario.clinic.schema_name])
        in_schema = {f"{name}.copy" for (name,) in cursor.fetchall()} - {"django_migrations.copy"}

    assert set(members(file)) - {"manifest.json"} == in_schema


def test_every_model_is_restored_with_all_columns_or_left_out_for_a_reason(
    scenario: Scenario, restore: Restore
) -> None:
    """A new model fails this test until the scenario has a row of it."""
    with enter_clinic(scenario.clinic):
        add_remaining_rows(scenario)
        Booking.objects.filter(pk=scenario.booking.pk).update(
            slot=None, hand_placed=True, past_overlap=True, undo_until=NOW
        )
        close_batches(now=clock_now())
    file = export(scenario.clinic)
    exported = json.loads(members(file)["manifest.json"])["tables"]
    rows = {table["name"]: table["rows"] for table in exported}
    models = {model._meta.db_table for model in IN_CLINIC}

    clinic = restore(file).clinic

    with enter_clinic(clinic):
        restored = {table.name: digest_table(table) for table in tables()}
    assert models <= set(rows)
    assert {name for name in models if rows[name] == 0} == set()
    fewer = {name for name in rows if restored[name].rows < rows[name]}
    assert sorted(fewer - set(LEFT_OUT)) == []
    assert {restored[name].rows for name in LEFT_OUT} == {0}
    changed = {table["name"] for table in exported if restored[table["name"]].sha256 != table["sha256"]}
    assert sorted(changed - set(LEFT_OUT) - set(CHANGED)) == []


def test_the_file_has_no_readable_personal_data(scenario: Scenario, file: io.BytesIO) -> None:
    assert scenario.admin.email.encode() not in file.getvalue()
    assert b"Canary" not in file.getvalue()


def test_a_restored_clinic_has_all_data_and_is_suspended(
    scenario: Scenario, file: io.BytesIO, restore: Restore
) -> None:
    restored = restore(file)

    clinic = Clinic.objects.get(slug="twin")
    assert (clinic.status, clinic.name, clinic.time_zone) == (
        "suspended",
        scenario.clinic.name,
        "Europe/London",
    )
    assert (restored.same_id, clinic.pk == scenario.clinic.pk) == (False, False)
    may_differ = {
        "accounts_user", "accounts_refreshtoken", "django_session", "accounts_tries",
        "accounts_passwordreset", "notifications_message", "notifications_calendarfeed",
        "scheduling_outsidecalendar",
    }  # fmt: skip
    before, after = digests(scenario.clinic), digests(clinic)
    assert {name for name in before if before[name] != after[name]} <= may_differ
    with enter_clinic(clinic):
        assert Booking.objects.get(pk=scenario.booking.pk).reason == "Canary\tü\\N\n'\""


def test_pending_messages_are_not_sent_from_the_copy(
    scenario: Scenario, file: io.BytesIO, restore: Restore, mailoutbox: list[Any]
) -> None:
    delete_queued_jobs(clinic_id=scenario.clinic.pk)

    clinic = restore(file).clinic
    resume_clinic(clinic=clinic, by=None)
    run_due_jobs()

    assert mailoutbox == []
    assert queued_jobs(clinic_id=clinic.pk) == []
    with enter_clinic(clinic):
        assert set(Message.objects.values_list("sent_at", "dropped_because")) == {(None, "restored")}


def test_sessions_are_not_restored_but_users_can_sign_in(
    scenario: Scenario, restore: Restore, client_for: Any
) -> None:
    user = scenario.patient.user
    assert user is not None
    original_client = client_for(scenario.clinic, user)
    clinic = restore(export(scenario.clinic)).clinic
    resume_clinic(clinic=clinic, by=None)
    restored_client = ClinicClient(clinic)

    restored_client.credentials(**original_client._credentials)
    before = restored_client.get("/api/auth/profile/").status_code
    restored_client.credentials()
    session = data_of(restored_client.post("/api/auth/login/", {"email": user.email, "password": PASSWORD}))

    assert before == 401
    assert session["user"]["email"] == user.email
    assert original_client.get("/api/auth/profile/").status_code == 200
    with enter_clinic(clinic):
        assert RefreshToken.objects.count() == 1  # the sign-in above


def test_calendar_feeds_do_not_work_in_a_restored_clinic(
    scenario: Scenario, file: io.BytesIO, restore: Restore
) -> None:
    clinic = restore(file).clinic
    resume_clinic(clinic=clinic, by=None)
    path = f"/api/appointments/feeds/{scenario.feed.token}.ics"

    in_original, in_copy = (
        ClinicClient(any_clinic).get(path).status_code for any_clinic in (scenario.clinic, clinic)
    )

    assert (in_original, in_copy) == (200, 404)


def test_ids_continue_after_the_restored_rows(scenario: Scenario, file: io.BytesIO, restore: Restore) -> None:
    clinic = restore(file).clinic

    with enter_clinic(clinic):
        last = AuditEntry.objects.order_by("-id").first()
        entry = AuditEntry.objects.create(what="read", by=None)

    assert entry.pk == (last.pk if last else 0) + 1


def test_emails_of_the_copy_have_different_message_ids(
    scenario: Scenario, file: io.BytesIO, restore: Restore
) -> None:
    clinic = restore(file).clinic

    ids = set()
    for any_clinic in (scenario.clinic, clinic):
        with enter_clinic(any_clinic):
            ids |= {message.message_id for message in Message.objects.all()}

    assert len(ids) == 2


def test_a_clinic_keeps_its_id_if_the_id_is_free(
    scenario: Scenario, file: io.BytesIO, restore: Restore
) -> None:
    clinic = scenario.clinic
    key, schema = clinic.pk, clinic.schema_name
    leave_clinic()
    drop_clinic(Clinic.objects.get(pk=key))

    restored = restore(file, slug=None)

    assert (restored.clinic.pk, restored.clinic.slug, restored.same_id) == (key, clinic.slug, True)
    assert restored.clinic.schema_name != schema
    # The key of its secrets is the same too.
    with enter_clinic(restored.clinic):
        source = source_of(OutsideCalendar.objects.get())
        assert source is not None
        assert source.address == "https://127.0.0.1/private.ics"


def test_export_and_restore_are_audited(scenario: Scenario, restore: Restore) -> None:
    clinic = restore(export(scenario.clinic)).clinic

    leave_clinic()
    record_ids = [str(scenario.clinic.pk), str(clinic.pk)]
    entries = AuditEntry.objects.filter(record_id__in=record_ids).exclude(what="opened").order_by("id")
    assert [(entry.what, entry.record_id) for entry in entries] == [
        ("exported", record_ids[0]),
        ("restored", record_ids[1]),
    ]
    assert "for age1" in entries[0].note


def test_the_audit_log_of_a_restored_clinic_can_be_verified_and_continues(
    scenario: Scenario, restore: Restore
) -> None:
    close_batches(now=clock_now())
    file = export(scenario.clinic)

    with enter_clinic(restore(file).clinic):
        restored = verify_log(now=clock_now())
        write_audit_entries(what=AuditEntry.Action.READ, by=None, about=[scenario.clinic])
        close_batches(now=clock_now())
        continued = verify_log(now=clock_now())

    assert (restored.fault, restored.batches, restored.accepted_through) == (None, 2, 1)
    assert (continued.fault, continued.batches, continued.waiting) == (None, 3, 0)
    assert continued.entries == restored.entries + 1


def test_the_address_must_be_free(scenario: Scenario, file: io.BytesIO, restore: Restore) -> None:
    before = state()

    with pytest.raises(SlugTaken):
        restore(file, slug=None)

    assert state() == before


def test_hostile_files_are_refused_and_change_nothing(scenario: Scenario, restore: Restore) -> None:
    with enter_clinic(scenario.clinic):
        AuditEntry.objects.create(what="read", by=None)
    parts = members(export(scenario.clinic))
    before = state(), digests(scenario.clinic)

    outcomes: dict[str, Any] = {}
    for name, (file, _error) in hostile_files(parts).items():
        try:
            outcomes[name] = restore(file)
        except Exception as error:
            outcomes[name] = type(error)

    assert outcomes == {name: error_type for name, (_file, error_type) in hostile_files(parts).items()}
    assert (state(), digests(scenario.clinic)) == before


@pytest.mark.parametrize("zone", ["", "Mars/Olympus_Mons"])
def test_a_file_with_an_unknown_time_zone_of_a_place_is_refused(
    scenario: Scenario, restore: Restore, zone: str
) -> None:
    """BC15."""
    with enter_clinic(scenario.clinic):
        Place.objects.update(time_zone=zone)
    file, before = export(scenario.clinic), state()

    with pytest.raises(InvalidInput) as refused:
        restore(file)

    assert list(refused.value.errors) == ["file"]
    assert state() == before


@pytest.mark.parametrize("cut", [1, 100, 20_000])
def test_a_file_that_was_cut_off_is_refused(
    scenario: Scenario, file: io.BytesIO, restore: Restore, cut: int
) -> None:
    before = state()

    with pytest.raises(ExportUnreadable):
        restore(io.BytesIO(file.getvalue()[:-cut]))

    assert state() == before


def test_the_wrong_passphrase_is_refused(scenario: Scenario, restore: Restore) -> None:
    output = io.BytesIO()
    leave_clinic()
    passphrase = "correct horse battery"
    export_clinic(clinic=scenario.clinic, file=output, key=Passphrase(passphrase), by=None, now=NOW)

    with pytest.raises(ExportUnreadable):
        restore(io.BytesIO(output.getvalue()), key=Passphrase(f"{passphrase}!"))
    restored = restore(io.BytesIO(output.getvalue()), key=Passphrase(passphrase))

    assert restored.clinic.slug == "twin"


def test_an_export_is_a_consistent_snapshot(
    scenario: Scenario, monkeypatch: pytest.MonkeyPatch, restore: Restore
) -> None:
    """A user who registers while the tables are read is not in the file."""
    digested: list[str] = []
    real_digest_table = digest_table

    def digest_after_an_insert(table: Table) -> Any:
        if not digested:
            insert_on_another_connection(scenario.clinic)
        digested.append(table.name)
        return real_digest_table(table)

    monkeypatch.setattr("tenants.services.export.digest_table", digest_after_an_insert)
    file = export(scenario.clinic)

    manifest = json.loads(members(file)["manifest.json"])
    rows = {table["name"]: table["rows"] for table in manifest["tables"]}
    with enter_clinic(scenario.clinic):
        assert User.objects.count() == rows["accounts_user"] + 1
    assert restore(file).tables == len(digested)


def insert_on_another_connection(clinic: Clinic) -> None:
    """Add a user and commit it on another connection."""
    from tests.factories.threads import run_concurrently  # noqa: PLC0415

    (result,) = run_concurrently(
        clinic, lambda: User.objects.create_user("late@people.example", None, first_name="L")
    )
    assert isinstance(result, User)


def test_an_export_restores_the_settings_of_the_connection(scenario: Scenario, file: io.BytesIO) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW transaction_isolation")
        isolation = cursor.fetchone()
        cursor.execute("SHOW statement_timeout")
        limit = cursor.fetchone()

    assert (isolation, limit) == (("read committed",), ("4s",))


def test_the_copy_format_does_not_depend_on_connection_settings(scenario: Scenario) -> None:
    from django.db import transaction  # noqa: PLC0415

    with enter_clinic(scenario.clinic), transaction.atomic():
        set_copy_format()
        expected = {table.name: digest_table(table) for table in tables()}
    with enter_clinic(scenario.clinic), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL TimeZone = 'Asia/Kolkata'; SET LOCAL DateStyle = 'German'")
        set_copy_format()
        assert {table.name: digest_table(table) for table in tables()} == expected


def test_messages_due_later_are_dropped_too(scenario: Scenario, restore: Restore) -> None:
    with enter_clinic(scenario.clinic):
        Message.objects.update(due_at=clock_now() + timedelta(days=1))

    clinic = restore(export(scenario.clinic)).clinic

    with enter_clinic(clinic):
        assert Message.objects.filter(dropped_at=None).count() == 0


def test_own_domains_are_restored_as_unverified_claims(scenario: Scenario, restore: Restore) -> None:
    leave_clinic()
    own_domain = Domain.objects.create(tenant=scenario.clinic, domain="www.clinic.example", is_primary=False)
    file = export(scenario.clinic)
    own_domain.delete()

    clinic = restore(file).clinic

    leave_clinic()
    assert [claim.domain for claim in DomainClaim.objects.filter(clinic=clinic)] == ["www.clinic.example"]
    assert [domain.domain for domain in Domain.objects.filter(tenant=clinic)] == ["twin.example.localhost"]
