"""Migrates the template schema, records the statements for the clinics, and stores the blueprint."""

from collections.abc import Callable

from django.db import connection, transaction
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from psycopg import sql

from tenants.base.clock import now
from tenants.current import enter_schema
from tenants.migrating.blueprint import TEMPLATE, migrations_of_the_code, store_blueprint
from tenants.migrating.locks import with_retries
from tenants.migrating.recording import as_script, recording, why_not_repeatable
from tenants.migrating.states import applied_in, state_of
from tenants.models import Recording

Migrate = Callable[[str], None]
"""Has Django migrate the schema of that name."""


def migrate_template(*, migrate: Migrate, say: Callable[[str], object]) -> None:
    """Apply the migrations of the code to the template, and store it as the blueprint of new clinics.

    :raises CannotRender: the template contains objects that the script would lose
    """
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(TEMPLATE)))
    before = state_of(TEMPLATE)
    if before is None:
        with_retries(lambda: migrate(TEMPLATE))
    elif not migrations_of_the_code() <= applied_in(TEMPLATE):
        reason = why_not_repeatable(_planned())
        if reason is None:
            with_retries(lambda: _migrate_and_record(before, migrate))
        else:
            say(f"Django migrates clinic by clinic: {reason}.")
            with_retries(lambda: migrate(TEMPLATE))
    with_retries(store_blueprint)


@transaction.atomic
def _migrate_and_record(before: str, migrate: Migrate) -> None:
    # In one transaction, so that the template, the recording and the blueprint match even if the process is
    # killed.
    with recording() as statements:
        migrate(TEMPLATE)
    script, after = as_script(statements), state_of(TEMPLATE)
    if script is not None and after is not None:
        Recording.objects.update_or_create(
            before=before, defaults={"after": after, "script": script, "made_at": now()}
        )
    store_blueprint()


def _planned() -> list[Migration]:
    with enter_schema(TEMPLATE):
        executor = MigrationExecutor(connection)
        return [
            migration for migration, _backwards in executor.migration_plan(executor.loader.graph.leaf_nodes())
        ]
