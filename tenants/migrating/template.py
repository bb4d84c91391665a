"""Migrates the template schema, records the statements for the clinics, and stores the blueprint."""

from collections.abc import Callable

from django.db import connection, transaction
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from psycopg import sql

from tenants.base.clock import now
from tenants.current import enter_schema
from tenants.migrating.blueprint import TEMPLATE, migrations_in_code, store_blueprint
from tenants.migrating.locks import retry_on_lock_timeout
from tenants.migrating.recording import as_script, reason_not_replayable, record_statements
from tenants.migrating.states import applied_migrations, migration_state
from tenants.models import Recording

Migrate = Callable[[str], None]
"""Has Django migrate the schema of that name."""


def migrate_template(*, migrate: Migrate, say: Callable[[str], object]) -> None:
    """Apply the migrations of the code to the template, and store it as the blueprint of new clinics.

    :raises RenderError: the template contains objects that the script would lose
    """
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(TEMPLATE)))
    before = migration_state(TEMPLATE)
    if before is None:
        retry_on_lock_timeout(lambda: migrate(TEMPLATE))
    elif not migrations_in_code() <= applied_migrations(TEMPLATE):
        reason = reason_not_replayable(_planned())
        if reason is None:
            retry_on_lock_timeout(lambda: _migrate_and_record(before, migrate))
        else:
            say(f"Django migrates clinic by clinic: {reason}.")
            retry_on_lock_timeout(lambda: migrate(TEMPLATE))
    retry_on_lock_timeout(store_blueprint)


@transaction.atomic
def _migrate_and_record(before: str, migrate: Migrate) -> None:
    # In one transaction, so that the template, the recording and the blueprint match even if the process is
    # killed.
    with record_statements() as statements:
        migrate(TEMPLATE)
    script, after = as_script(statements), migration_state(TEMPLATE)
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
