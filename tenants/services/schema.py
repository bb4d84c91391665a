"""Creates and drops a clinic's schema.

Both are done by database functions that belong to the owner of all tables (see `db_roles.py`). So web and
worker processes can open and drop a clinic without the right to create, change or drop anything else.
"""

from typing import ClassVar

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from tenants.base.errors import DomainError, Text
from tenants.base.retry import retry_conflicts
from tenants.current import lift_statement_timeout
from tenants.migrating.blueprint import current_blueprint, migrations_in_code


class DatabaseNotMigrated(DomainError):
    """The blueprint lacks migrations of this code, so a clinic created from it would not work."""

    code: ClassVar[str] = "not_migrated"
    message: ClassVar[Text] = _(
        "No clinic can be opened: the database is older than the program. Run “migrate_schemas” first."
    )
    status: ClassVar[int] = 503


@transaction.atomic
def create_schema(schema_name: str) -> None:
    """Create the schema of a new clinic with all migrations applied, and the role that may use it.

    Call it in `public`.

    :raises DatabaseNotMigrated: the blueprint is missing, or lacks migrations of this code
    """
    blueprint = current_blueprint()
    # The blueprint may be ahead of this code: during a rollout the old version still opens clinics.
    if blueprint is None or not migrations_in_code() <= set(blueprint.migrations):
        raise DatabaseNotMigrated
    with connection.cursor() as cursor:
        cursor.execute("SELECT open_clinic_schema(%s)", [schema_name])


@retry_conflicts
@transaction.atomic
def drop_schema(schema_name: str) -> None:
    """Drop a schema with all its contents and its role. Call it in `public`.

    It needs a lock on every table, and gets into a deadlock with whoever still reads several of them.

    :raises OperationalError: the clinic is live
    """
    with connection.cursor() as cursor:
        # Dropping takes as long as there are files to remove, so there is no timeout. Postgres does not drop
        # tables with pending constraint checks, so run these now.
        lift_statement_timeout()
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SELECT drop_clinic_schema(%s)", [schema_name])
