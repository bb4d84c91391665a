"""Models and migrations agree."""

from io import StringIO

from django.core.management import call_command


def test_no_migration_is_missing(db: None) -> None:
    output = StringIO()

    call_command("makemigrations", check_changes=True, dry_run=True, stdout=output)

    assert output.getvalue() == "No changes detected\n"
