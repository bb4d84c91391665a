"""A clinic as a file, and back: everything comes along, nothing is sent, nobody else notices."""

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
from scheduling.models import Booking
from tenants.accounts.models import AuditEntry, RefreshToken, User
from tenants.base.clock import now as clock_now
from tenants.current import enter_clinic, leave_clinic
from tenants.models import Clinic, Domain, DomainClaim, QueueLine
from tenants.services.encryption import ExportUnreadable, Passphrase
from tenants.services.provisioning import SlugTaken
from tenants.services.restore import RestoreResult
from tenants.services.tables import Table, digest_table, set_copy_format, tables
from tenants.tasks import sweep_queue
from tests.clinics.export_files import LOCK, OPENER, members, spoiled
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.clinics import drop_clinic
from tests.factories.people import PASSWORD
from tests.factories.queue import forget_lines, waiting
from tests.factories.scenario import World, make_world

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture
def world(committed_clinic: Clinic) -> World:
    """A clinic of the test's own with one of everything, committed."""
    return make_world(committed_clinic, word="Canary\tü\\N\n'\"")


@pytest.fixture
def file(world: World) -> io.BytesIO:
    """Its export."""
    return exported(world.clinic)


def exported(clinic: Clinic) -> io.BytesIO:
    """A clinic's file."""
    into = io.BytesIO()
    leave_clinic()
    export_clinic(clinic=clinic, into=into, lock=LOCK, by=None, now=NOW)
    into.seek(0)
    return into


Restore = Callable[..., RestoreResult]


@pytest.fixture
def restore(world: World, django_db_blocker: DjangoDbBlocker) -> Iterator[Restore]:
    """Restores files; what came of them is dropped afterwards."""
    made: list[Clinic] = []

    def run(file: io.BytesIO, **wanted: Any) -> RestoreResult:
        leave_clinic()
        options = {"key": OPENER, "slug": "twin", **wanted}
        restored = restore_clinic(file=file, by=None, now=NOW, **options)
        made.append(restored.clinic)
        return restored

    yield run
    leave_clinic()
    for clinic in made:
        forget_lines(clinic_id=clinic.pk)
        drop_clinic(Clinic.objects.get(pk=clinic.pk))


def digests(clinic: Clinic) -> dict[str, str]:
    """A digest of each table of a clinic."""
    with enter_clinic(clinic), suppress(ZeroDivisionError):
        return {table.name: digest_table(table).sha256 for table in tables()}
    raise AssertionError


def state() -> tuple[int, int, int, int]:
    """How many clinics, domains, lines and schemas there are."""
    leave_clinic()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'clinic%'")
        (schemas,) = cursor.fetchone()
    return Clinic.objects.count(), Domain.objects.count(), QueueLine.objects.count(), schemas


def test_age_and_tar_read_the_file_and_its_checksums_hold(world: World, file: io.BytesIO) -> None:
    parts = members(file)
    manifest = json.loads(parts.pop("manifest.json"))

    told = {f"{table['name']}.copy": (table["bytes"], table["sha256"]) for table in manifest["tables"]}
    assert told == {name: (len(raw), hashlib.sha256(raw).hexdigest()) for name, raw in parts.items()}
    assert manifest["clinic"]["id"] == str(world.clinic.pk)
    rows = {table["name"]: table["rows"] for table in manifest["tables"]}
    assert (rows["scheduling_booking"], rows["clinics_patient"]) == (3, 3)


def test_every_table_of_the_clinics_schema_is_in_the_file(world: World, file: io.BytesIO) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [world.clinic.schema_name])
        there = {f"{name}.copy" for (name,) in cursor.fetchall()} - {"django_migrations.copy"}

    assert set(members(file)) - {"manifest.json"} == there


def test_nothing_of_a_person_is_readable_in_the_file(world: World, file: io.BytesIO) -> None:
    assert world.admin.email.encode() not in file.getvalue()
    assert b"Canary" not in file.getvalue()


def test_a_restored_clinic_has_everything_and_is_suspended(
    world: World, file: io.BytesIO, restore: Restore
) -> None:
    restored = restore(file)

    clinic = Clinic.objects.get(slug="twin")
    assert (clinic.status, clinic.name, clinic.time_zone) == ("suspended", world.clinic.name, "Europe/London")
    assert (restored.same_id, clinic.pk == world.clinic.pk) == (False, False)
    ended = {
        "accounts_user", "accounts_refreshtoken", "django_session", "accounts_tries",
        "accounts_passwordreset", "notifications_message", "notifications_calendarfeed",
    }  # fmt: skip
    before, after = digests(world.clinic), digests(clinic)
    assert {name for name in before if before[name] != after[name]} <= ended
    with enter_clinic(clinic):
        assert Booking.objects.get(pk=world.booking.pk).reason == "Canary\tü\\N\n'\""


def test_what_waits_to_be_sent_is_not_sent_from_the_copy(
    world: World, file: io.BytesIO, restore: Restore, mailoutbox: list[Any]
) -> None:
    forget_lines(clinic_id=world.clinic.pk)

    clinic = restore(file).clinic
    resume_clinic(clinic=clinic, by=None)
    sweep_queue()

    assert mailoutbox == []
    assert waiting(clinic_id=clinic.pk) == []
    with enter_clinic(clinic):
        assert set(Message.objects.values_list("sent_at", "dropped_because")) == {(None, "restored")}


def test_nobody_is_signed_in_to_a_restored_clinic_and_everybody_can(
    world: World, restore: Restore, client_for: Any
) -> None:
    user = world.patient.user
    assert user is not None
    there = client_for(world.clinic, user)
    clinic = restore(exported(world.clinic)).clinic
    resume_clinic(clinic=clinic, by=None)
    here = ClinicClient(clinic)

    here.credentials(**there._credentials)
    before = here.get("/api/auth/profile/").status_code
    here.credentials()
    session = data_of(here.post("/api/auth/login/", {"email": user.email, "password": PASSWORD}))

    assert before == 401
    assert session["user"]["email"] == user.email
    assert there.get("/api/auth/profile/").status_code == 200
    with enter_clinic(clinic):
        assert RefreshToken.objects.count() == 1  # of this very sign-in


def test_no_calendar_reads_along_in_a_restored_clinic(
    world: World, file: io.BytesIO, restore: Restore
) -> None:
    clinic = restore(file).clinic
    resume_clinic(clinic=clinic, by=None)
    path = f"/api/appointments/feeds/{world.feed.token}.ics"

    there, here = (ClinicClient(each).get(path).status_code for each in (world.clinic, clinic))

    assert (there, here) == (200, 404)


def test_the_copy_goes_on_numbering_and_booking(world: World, file: io.BytesIO, restore: Restore) -> None:
    clinic = restore(file).clinic

    with enter_clinic(clinic):
        last = AuditEntry.objects.order_by("-id").first()
        entry = AuditEntry.objects.create(what="read", by=None)

    assert entry.pk == (last.pk if last else 0) + 1


def test_mails_of_the_copy_have_ids_of_their_own(world: World, file: io.BytesIO, restore: Restore) -> None:
    clinic = restore(file).clinic

    ids = set()
    for each in (world.clinic, clinic):
        with enter_clinic(each):
            ids |= {message.message_id for message in Message.objects.all()}

    assert len(ids) == 2


def test_where_its_id_is_free_the_clinic_keeps_it(world: World, file: io.BytesIO, restore: Restore) -> None:
    clinic = world.clinic
    key, schema = clinic.pk, clinic.schema_name
    leave_clinic()
    drop_clinic(Clinic.objects.get(pk=key))

    restored = restore(file, slug=None)

    assert (restored.clinic.pk, restored.clinic.slug, restored.same_id) == (key, clinic.slug, True)
    assert restored.clinic.schema_name != schema


def test_the_log_says_what_was_exported_and_restored(world: World, restore: Restore) -> None:
    clinic = restore(exported(world.clinic)).clinic

    leave_clinic()
    about = [str(world.clinic.pk), str(clinic.pk)]
    entries = AuditEntry.objects.filter(record_id__in=about).exclude(what="opened").order_by("id")
    assert [(entry.what, entry.record_id) for entry in entries] == [
        ("exported", about[0]),
        ("restored", about[1]),
    ]
    assert "for age1" in entries[0].note


def test_the_address_must_be_free(world: World, file: io.BytesIO, restore: Restore) -> None:
    before = state()

    with pytest.raises(SlugTaken):
        restore(file, slug=None)

    assert state() == before


def test_hostile_files_are_refused_and_change_nothing(world: World, restore: Restore) -> None:
    with enter_clinic(world.clinic):
        AuditEntry.objects.create(what="read", by=None)
    parts = members(exported(world.clinic))
    before = state(), digests(world.clinic)

    seen: dict[str, Any] = {}
    for name, (file, _refusal) in spoiled(parts).items():
        try:
            seen[name] = restore(file)
        except Exception as error:
            seen[name] = type(error)

    assert seen == {name: refusal for name, (_file, refusal) in spoiled(parts).items()}
    assert (state(), digests(world.clinic)) == before


@pytest.mark.parametrize("cut", [1, 100, 20_000])
def test_a_file_that_was_cut_off_is_refused(
    world: World, file: io.BytesIO, restore: Restore, cut: int
) -> None:
    before = state()

    with pytest.raises(ExportUnreadable):
        restore(io.BytesIO(file.getvalue()[:-cut]))

    assert state() == before


def test_the_wrong_passphrase_is_refused(world: World, restore: Restore) -> None:
    into = io.BytesIO()
    leave_clinic()
    words = "correct horse battery"
    export_clinic(clinic=world.clinic, into=into, lock=Passphrase(words), by=None, now=NOW)

    with pytest.raises(ExportUnreadable):
        restore(io.BytesIO(into.getvalue()), key=Passphrase(f"{words}!"))
    restored = restore(io.BytesIO(into.getvalue()), key=Passphrase(words))

    assert restored.clinic.slug == "twin"


def test_an_export_is_of_one_moment(world: World, monkeypatch: pytest.MonkeyPatch, restore: Restore) -> None:
    """Somebody registers between the reading of two tables; the file does not know of it."""
    seen: list[str] = []
    real = digest_table

    def meanwhile(table: Table) -> Any:
        if not seen:
            insert_elsewhere(world.clinic)
        seen.append(table.name)
        return real(table)

    monkeypatch.setattr("tenants.services.export.digest_table", meanwhile)
    file = exported(world.clinic)

    manifest = json.loads(members(file)["manifest.json"])
    rows = {table["name"]: table["rows"] for table in manifest["tables"]}
    with enter_clinic(world.clinic):
        assert User.objects.count() == rows["accounts_user"] + 1
    assert restore(file).tables == len(seen)


def insert_elsewhere(clinic: Clinic) -> None:
    """A new user, committed on a connection of their own."""
    from tests.factories.threads import at_once  # noqa: PLC0415

    (result,) = at_once(clinic, lambda: User.objects.create_user("late@people.example", None, first_name="L"))
    assert isinstance(result, User)


def test_the_session_is_as_it_was_after_an_export(world: World, file: io.BytesIO) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW transaction_isolation")
        isolation = cursor.fetchone()
        cursor.execute("SHOW statement_timeout")
        limit = cursor.fetchone()

    assert (isolation, limit) == (("read committed",), ("5s",))


def test_spelling_does_not_depend_on_the_session(world: World) -> None:
    from django.db import transaction  # noqa: PLC0415

    with enter_clinic(world.clinic), transaction.atomic():
        set_copy_format()
        alike = {table.name: digest_table(table) for table in tables()}
    with enter_clinic(world.clinic), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL TimeZone = 'Asia/Kolkata'; SET LOCAL DateStyle = 'German'")
        set_copy_format()
        assert {table.name: digest_table(table) for table in tables()} == alike


def test_reminders_far_ahead_do_not_come_along(world: World, restore: Restore) -> None:
    with enter_clinic(world.clinic):
        Message.objects.update(due_at=clock_now() + timedelta(days=1))

    clinic = restore(exported(world.clinic)).clinic

    with enter_clinic(clinic):
        assert Message.objects.filter(dropped_at=None).count() == 0


def test_own_domains_come_along_as_claims_that_lead_nowhere(world: World, restore: Restore) -> None:
    leave_clinic()
    mine = Domain.objects.create(tenant=world.clinic, domain="www.clinic.example", is_primary=False)
    file = exported(world.clinic)
    mine.delete()

    clinic = restore(file).clinic

    leave_clinic()
    assert [claim.domain for claim in DomainClaim.objects.filter(clinic=clinic)] == ["www.clinic.example"]
    assert [domain.domain for domain in Domain.objects.filter(tenant=clinic)] == ["twin.example.localhost"]
