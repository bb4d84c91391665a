"""Migrating all clinics: by replaying recorded SQL where possible, otherwise by Django."""

import re
import threading
import time
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from pytest_django import DjangoDbBlocker

from tenants.migrating.blueprint import TEMPLATE, migrations_in_code
from tenants.migrating.states import applied_migrations, migration_states
from tenants.models import Blueprint, Clinic, Recording
from tenants.services.provisioning import provision_clinic
from tests.factories.later_migration import write_later_migrations
from tests.factories.migrating import start_migrate_schemas
from tests.factories.own_database import temporary_database
from tests.factories.schema_catalog import describe_schema
from tests.factories.waiting import wait_until

COLUMN = 'migrations.AddField("specialty", "colour", models.CharField(max_length=9, default="it\'s 5%"))'
INDEX = 'migrations.AddIndex("specialty", models.Index(fields=["colour"], name="specialty_by_colour"))'
MODEL = 'migrations.CreateModel("Room", [("id", models.BigAutoField(primary_key=True))])'
PYTHON = "migrations.RunPython(paint)"
PAINT = """
def paint(apps, schema_editor):
    apps.get_model("clinics", "Specialty").objects.update(colour="green")
"""

AddMigration = Callable[..., None]


@pytest.fixture(autouse=True)
def _own_database(
    clinics: tuple[Clinic, Clinic], as_owner: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    with django_db_blocker.unblock(), temporary_database():
        yield


@pytest.fixture
def add_migration(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> AddMigration:
    """Return a function that adds migrations to the code, as a later version would."""
    monkeypatch.syspath_prepend(tmp_path)

    def write_migration(*operations: str, before: str = "") -> None:
        settings.MIGRATION_MODULES = {}
        settings.MIGRATION_MODULES = write_later_migrations(tmp_path, *operations, before=before)

    return write_migration


def migrate(**options: Any) -> list[str]:
    """Run `migrate_schemas` and return its output about the clinics."""
    output = StringIO()
    call_command("migrate_schemas", interactive=False, stdout=output, **options)
    ours = re.compile(r"\d+ clinics, |\[\d+/|Django migrates|Another process")
    return [line for line in output.getvalue().splitlines() if ours.match(line)]


def query(statement: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def in_each_clinic(statement: str) -> list[Any]:
    """Run a query, with {} for the schema, in each clinic, oldest first."""
    schemas = Clinic.objects.order_by("created_at").values_list("schema_name", flat=True)
    return [query(statement.format(schema)) for schema in schemas]


def methods(output: list[str]) -> list[str]:
    """Return how each clinic was migrated, without its name and the duration."""
    return sorted(line.partition("): ")[2].rpartition(" in ")[0] for line in output if "): " in line)


def test_nothing_is_done_if_all_schemas_are_current() -> None:
    assert migrate() == ["2 clinics, 2 of them current."]


def test_recorded_migrations_reach_every_clinic_and_new_ones(
    clinics: tuple[Clinic, Clinic], add_migration: AddMigration
) -> None:
    add_migration(COLUMN, INDEX, MODEL)

    output = migrate()

    opened = provision_clinic(name="Seaside", slug="seaside", time_zone="Europe/Lisbon")
    template = describe_schema(TEMPLATE)
    assert output[0] == "2 clinics, 0 of them current."
    assert sorted(line.partition("] ")[2].partition(":")[0] for line in output[1:]) == sorted(
        f"{clinic.schema_name} (clinic {clinic.pk})" for clinic in clinics
    )
    assert methods(output) == ["migrated", "migrated"]
    assert describe_schema(opened.schema_name) == template
    # The clinic's role may use the new table of its own schema only.
    assert (
        in_each_clinic(
            "SELECT has_table_privilege('{0}', '{0}.clinics_room', 'INSERT'), "
            f"has_table_privilege('{{0}}', '{TEMPLATE}.clinics_room', 'SELECT')"
        )
        == [[(True, False)]] * 3
    )
    for clinic in clinics:
        of_clinic = describe_schema(clinic.schema_name)
        for part in ("columns", "constraints", "indexes", "everything"):
            assert of_clinic[part] == template[part]
        for table in ("django_migrations", "django_content_type", "auth_permission"):
            assert of_clinic[f"rows of {table}"] == template[f"rows of {table}"]
    assert in_each_clinic("SELECT DISTINCT colour FROM {}.clinics_specialty") == [[("it's 5%",)]] * 2 + [[]]
    assert migrate() == ["3 clinics, 3 of them current."]


@pytest.mark.drill
def test_a_replayed_clinic_equals_one_that_django_migrated(
    clinics: tuple[Clinic, Clinic], add_migration: AddMigration
) -> None:
    query("CREATE SCHEMA clinic_by_django; CREATE SCHEMA clinic_replayed")
    for schema in ("clinic_by_django", "clinic_replayed"):
        migrate(schema_name=schema)
    Clinic.objects.filter(pk=clinics[0].pk).update(schema_name="clinic_replayed")
    add_migration(COLUMN, INDEX, MODEL)

    output = migrate()
    migrate(schema_name="clinic_by_django")

    assert methods(output) == ["migrated", "migrated"]
    assert describe_schema("clinic_replayed") == describe_schema("clinic_by_django")


def test_sql_is_replayed_unchanged(add_migration: AddMigration) -> None:
    add_migration(
        COLUMN,
        """migrations.RunSQL([
            ("UPDATE clinics_specialty SET colour = %s WHERE code = %s", ["%s 'x'", "dentistry"]),
            "UPDATE clinics_specialty SET colour = '5%' WHERE code = 'optometry' -- and a remark",
        ])""",
        'migrations.AddIndex("specialty", models.Index(fields=["colour"], name="specialty_by_colour"))',
    )

    output = migrate()

    colours = (
        "SELECT code, colour FROM {}.clinics_specialty WHERE code IN ('dentistry', 'optometry') ORDER BY 1"
    )
    assert methods(output) == ["migrated", "migrated"]
    assert in_each_clinic(colours) == [[("dentistry", "%s 'x'"), ("optometry", "5%")]] * 2


def test_the_database_part_of_a_separated_migration_is_replayed(add_migration: AddMigration) -> None:
    add_migration(f"""migrations.SeparateDatabaseAndState(
        database_operations=[{COLUMN}],
        state_operations=[{COLUMN}, migrations.RemoveField("specialty", "name")],
    )""")

    output = migrate()

    assert methods(output) == ["migrated", "migrated"]
    assert (
        in_each_clinic("SELECT colour, name IS NULL FROM {}.clinics_specialty LIMIT 1")
        == [[("it's 5%", False)]] * 2
    )


@pytest.mark.parametrize(
    ("operation", "reason"),
    [
        (PYTHON, "clinics.9002_later has RunPython"),
        (
            f"migrations.SeparateDatabaseAndState(database_operations=[{PYTHON}])",
            "clinics.9002_later has RunPython",
        ),
        ('migrations.RenameModel("Specialty", "Subject")', "clinics.9002_later has RenameModel"),
        (
            'migrations.AddField("specialty", "key", models.UUIDField(default=uuid.uuid4))',
            "clinics.9002_later has a default that is made for each schema",
        ),
    ],
)
def test_migrations_that_cannot_be_replayed_run_by_django(
    add_migration: AddMigration, operation: str, reason: str
) -> None:
    add_migration(COLUMN, operation, before=PAINT)

    output = migrate()

    assert output[0] == f"Django migrates clinic by clinic: {reason}."
    assert methods(output) == ["migrated by Django"] * 2
    assert Recording.objects.count() == 0
    assert migrate() == ["2 clinics, 2 of them current."]


def test_python_in_a_migration_runs_in_every_clinic(add_migration: AddMigration) -> None:
    add_migration(COLUMN, PYTHON, before=PAINT)

    migrate()

    assert in_each_clinic("SELECT DISTINCT colour FROM {}.clinics_specialty") == [[("green",)]] * 2


def test_clinics_never_share_a_computed_default(add_migration: AddMigration) -> None:
    add_migration('migrations.AddField("specialty", "key", models.UUIDField(default=uuid.uuid4))')

    migrate()

    (first,), (second,) = in_each_clinic("SELECT DISTINCT key FROM {}.clinics_specialty")
    assert first != second


def test_a_clinic_that_fails_is_named_and_the_others_are_migrated(
    clinics: tuple[Clinic, Clinic], add_migration: AddMigration
) -> None:
    failing, healthy = clinics
    add_migration(
        'migrations.AddConstraint("specialty", models.UniqueConstraint(fields=["name"], name="one_name"))'
    )
    query(f"UPDATE {failing.schema_name}.clinics_specialty SET name = 'same'")

    with pytest.raises(CommandError) as failed:
        migrate()

    assert str(failed.value).splitlines() == [
        "1 of 2 clinics could not be migrated:",
        f'  {failing.schema_name} (clinic {failing.pk}): FAILED: could not create unique index "one_name"',
    ]
    assert clinics_with_migration("9001_later") == [healthy.schema_name]
    query(f"UPDATE {failing.schema_name}.clinics_specialty SET name = code")
    assert methods(migrate()) == ["migrated"]
    assert migrate() == ["2 clinics, 2 of them current."]


def test_the_error_of_a_clinic_does_not_quote_its_data(
    clinics: tuple[Clinic, Clinic], add_migration: AddMigration
) -> None:
    add_migration('migrations.RunSQL("UPDATE clinics_specialty SET code = (name::int)::text")')

    with pytest.raises(CommandError) as failed:
        migrate()

    schema, pk = clinics[0].schema_name, clinics[0].pk
    assert f"{schema} (clinic {pk}): FAILED: InvalidTextRepresentation;" in str(failed.value)
    assert "ental health" not in str(failed.value)


def test_a_clinic_without_a_schema_fails_instead_of_migrating_public(
    clinics: tuple[Clinic, Clinic], add_migration: AddMigration
) -> None:
    Clinic.objects.filter(pk=clinics[0].pk).update(schema_name="clinic_gone")

    with pytest.raises(CommandError, match='schema "clinic_gone" does not exist'):
        migrate()


def test_a_clinic_from_an_older_backup_replays_all_recordings(add_migration: AddMigration) -> None:
    provision_clinic(name="Seaside", slug="seaside", time_zone="Europe/Lisbon")
    restored = Clinic.objects.get(slug="seaside")
    Clinic.objects.filter(pk=restored.pk).update(schema_name="clinic_elsewhere")
    add_migration(COLUMN)
    with pytest.raises(CommandError):
        migrate()
    add_migration(COLUMN, INDEX)
    with pytest.raises(CommandError):
        migrate()
    Clinic.objects.filter(pk=restored.pk).update(schema_name=restored.schema_name)

    output = migrate()

    assert methods(output) == ["migrated"]
    assert Recording.objects.count() == 2
    assert describe_schema(restored.schema_name)["indexes"] == describe_schema(TEMPLATE)["indexes"]


def test_a_clinic_in_an_unknown_state_is_migrated_by_django(
    clinics: tuple[Clinic, Clinic], add_migration: AddMigration
) -> None:
    add_migration(COLUMN, INDEX)
    migrate(schema_name=clinics[0].schema_name, app_label="clinics", migration_name="9001_later")

    output = migrate()

    assert methods(output) == ["migrated", "migrated by Django"]
    assert migrate() == ["2 clinics, 2 of them current."]


def test_a_clinic_ahead_of_the_code_is_not_changed(add_migration: AddMigration, settings: Any) -> None:
    add_migration(COLUMN)
    migrate()
    settings.MIGRATION_MODULES = {}

    assert migrate() == ["2 clinics, 2 of them current."]


def test_a_held_lock_delays_one_clinic_and_no_other(
    clinics: tuple[Clinic, Clinic], add_migration: AddMigration
) -> None:
    add_migration(COLUMN)
    lock_held = threading.Event()

    def hold_lock() -> None:
        with transaction.atomic():
            query(f"SELECT count(*) FROM {clinics[0].schema_name}.clinics_specialty")
            lock_held.set()
            wait_until(
                lambda: clinics_with_migration("9001_later") == [clinics[1].schema_name], "the other clinic"
            )
            time.sleep(1.3)
        connection.close()

    holder = threading.Thread(target=hold_lock)
    holder.start()
    lock_held.wait(timeout=20)

    output = migrate()

    holder.join()
    assert methods(output) == ["migrated", "migrated"]
    assert clinics[1].schema_name in output[1]
    assert int(output[2].split()[-2]) > 1300


def test_a_clinic_opened_during_the_run_is_migrated_too(add_migration: AddMigration) -> None:
    add_migration(COLUMN)
    opened, proceed = threading.Event(), threading.Event()

    def open_slowly() -> None:
        with transaction.atomic():
            # Done by the previous version, which does not know the migration.
            query(Blueprint.objects.get().script.replace("__clinic_schema__", "clinic_slow"))
            query("SELECT pg_advisory_xact_lock_shared(4811002)")
            Clinic.objects.create(name="Slow", slug="slow", time_zone="UTC", schema_name="clinic_slow")
            opened.set()
            proceed.wait(timeout=20)
        connection.close()

    opening = threading.Thread(target=open_slowly)
    opening.start()
    opened.wait(timeout=20)
    threading.Timer(0.5, proceed.set).start()

    output = migrate()

    opening.join()
    assert output[0] == "3 clinics, 0 of them current."
    assert clinics_with_migration("9001_later") == sorted(
        Clinic.objects.values_list("schema_name", flat=True)
    )


def test_check_lists_unapplied_migrations_and_fails(
    clinics: tuple[Clinic, Clinic], add_migration: AddMigration
) -> None:
    output = StringIO()
    add_migration(COLUMN)

    with pytest.raises(SystemExit) as ended:
        call_command("migrate_schemas", check_unapplied=True, stdout=output)

    assert ended.value.code == 1
    assert output.getvalue() == "4 schemas, public among them: clinics.9001_later\n"
    assert clinics_with_migration("9001_later") == []


def test_check_succeeds_if_all_schemas_are_current() -> None:
    output = StringIO()

    call_command("migrate_schemas", check_unapplied=True, stdout=output)

    assert output.getvalue() == "Nothing to migrate.\n"


def test_a_backward_migration_includes_the_template(add_migration: AddMigration) -> None:
    [(_app, leaf)] = MigrationLoader(None).graph.leaf_nodes("clinics")
    add_migration(COLUMN)
    migrate()

    migrate(app_label="clinics", migration_name=leaf)

    assert "clinics.9001_later" not in Blueprint.objects.get().migrations
    assert clinics_with_migration("9001_later") == []


def clinics_with_migration(name: str) -> list[str]:
    """Return the clinics in which a migration of that name was applied."""
    schemas = sorted(Clinic.objects.values_list("schema_name", flat=True))
    return [
        schema
        for schema in schemas
        if query(f"SELECT 1 FROM {schema}.django_migrations WHERE name = '{name}'")
    ]


def test_a_killed_run_continues_where_it_stopped(
    add_migration: AddMigration, tmp_path: Path, settings: Any
) -> None:
    for number in range(10):
        provision_clinic(name="Many", slug=f"many-{number}", time_zone="UTC")
    # Slow enough that the kill happens in the middle of a clinic.
    add_migration(COLUMN, 'migrations.RunSQL("SELECT pg_sleep(0.2)")', INDEX)
    runner = start_migrate_schemas(tmp_path, settings.MIGRATION_MODULES, "--jobs", "2")
    assert runner.stdout is not None
    for line in runner.stdout:
        if line.startswith("[4/12]"):
            break
    time.sleep(0.1)
    runner.kill()
    runner.communicate()

    columns = in_each_clinic(
        "SELECT count(*) FROM pg_attribute "
        "WHERE attrelid = '{}.clinics_specialty'::regclass AND attname = 'colour'"
    )
    done = clinics_with_migration("9003_later")
    output = migrate()

    assert 4 <= len(done) < 12
    assert clinics_with_migration("9001_later") == sorted(
        Clinic.objects.values_list("schema_name", flat=True)
    )
    assert [(count,) for ((count,),) in columns].count((1,)) == len(done)
    assert output[0] == f"12 clinics, {len(done)} of them current."
    assert methods(output) == ["migrated"] * (12 - len(done))
    assert migrate() == ["12 clinics, 12 of them current."]


def test_a_run_killed_in_the_template_leaves_nothing_behind(
    add_migration: AddMigration, tmp_path: Path, settings: Any
) -> None:
    add_migration(COLUMN, 'migrations.RunSQL("SELECT pg_sleep(4)")')
    runner = start_migrate_schemas(tmp_path, settings.MIGRATION_MODULES)
    wait_until(
        lambda: bool(query("SELECT 1 FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(4)'")),
        "the sleep",
    )
    runner.kill()
    runner.communicate()

    assert query(f"SELECT 1 FROM {TEMPLATE}.django_migrations WHERE name LIKE '900%'") == []
    add_migration(COLUMN)
    assert methods(migrate()) == ["migrated", "migrated"]


def test_a_database_with_the_single_migrations_counts_the_squashed_ones_as_applied() -> None:
    for schema in ("public", TEMPLATE, *Clinic.objects.values_list("schema_name", flat=True)):
        query(f"DELETE FROM {schema}.django_migrations WHERE name LIKE '%squashed%'")
    Blueprint.objects.update(migrations=sorted(applied_migrations(TEMPLATE)))

    assert methods(migrate()) == ["migrated", "migrated"]

    states = migration_states(["public", TEMPLATE, *Clinic.objects.values_list("schema_name", flat=True)])
    assert len(set(states.values())) == 1
    assert migrations_in_code() <= applied_migrations(TEMPLATE)
    provision_clinic(name="Third", slug="third", time_zone="Europe/London")
