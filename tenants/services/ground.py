"""A clinic's schema: made whole from the blueprint, and dropped whole.

Both are done by functions in the database that belong to the owner of all tables (`walls.py`), so that web
and workers can open and drop a clinic without being able to make, change or drop anything else.
"""

from typing import ClassVar

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from tenants.base.errors import DomainError, Text
from tenants.migrating.blueprint import current_blueprint, migrations_of_the_code


class NotMigrated(DomainError):
    """The blueprint lacks migrations of this code: a clinic made from it would not work."""

    code: ClassVar[str] = "not_migrated"
    message: ClassVar[Text] = _(
        "The database is not up to date. Run “migrate_schemas”, then open the clinic."
    )
    status: ClassVar[int] = 503


@transaction.atomic
def make_schema(schema_name: str) -> None:
    """Make the schema of a new clinic, as if all migrations had run there, and the role that may use it.

    Called in `public`.

    :raises NotMigrated: the blueprint is missing, or lacks migrations of this code
    """
    blueprint = current_blueprint()
    # It may have more than this code: while a new version is rolled out, the old one still opens clinics.
    if blueprint is None or not migrations_of_the_code() <= set(blueprint.migrations):
        raise NotMigrated
    with connection.cursor() as cursor:
        cursor.execute("SELECT open_clinic_schema(%s)", [schema_name])


@transaction.atomic
def drop_schema(schema_name: str) -> None:
    """Take away a schema, all that is in it, and its role. Called in `public`.

    :raises OperationalError: the clinic is live
    """
    with connection.cursor() as cursor:
        # It takes as long as there are files to remove. Postgres drops no table that has checks to come.
        cursor.execute("SET LOCAL statement_timeout = 0; SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SELECT drop_clinic_schema(%s)", [schema_name])
