"""Models and migrations agree."""

from io import StringIO

from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader

from tenants.migrating.recording import reason_not_replayable


def test_no_migration_is_missing(db: None) -> None:
    output = StringIO()

    call_command("makemigrations", check_changes=True, dry_run=True, stdout=output)

    assert output.getvalue() == "No changes detected\n"


def test_the_timestamps_are_replayed_in_clinics_and_not_migrated_one_by_one() -> None:
    migrations = MigrationLoader(None).disk_migrations.values()
    timestamps = [migration for migration in migrations if migration.name[4:] == "_timestamps"]

    assert len(timestamps) == 6
    assert reason_not_replayable(timestamps) is None
