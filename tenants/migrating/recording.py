"""Writing down what Django's migrations do in one schema, so that it can be done again in others.

Only what goes through Django's schema editor is written down, after psycopg has put the parameters in: the
statements that Postgres got. A migration that does more than that, or whose statements hold a value made
for one schema, is not repeated but run by Django in every schema.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, cast

from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import connection, migrations
from django.db.backends.postgresql.schema import DatabaseSchemaEditor
from django.db.migrations.operations.base import Operation

_REPEATABLE = {
    migrations.CreateModel,
    migrations.DeleteModel,
    migrations.AlterModelTable,
    migrations.AlterModelTableComment,
    migrations.AlterModelOptions,
    migrations.AlterModelManagers,
    migrations.AlterOrderWithRespectTo,
    migrations.AlterUniqueTogether,
    migrations.AlterIndexTogether,
    migrations.AddField,
    migrations.AlterField,
    migrations.RemoveField,
    migrations.RenameField,
    migrations.AddIndex,
    migrations.RemoveIndex,
    migrations.RenameIndex,
    migrations.AddConstraint,
    migrations.RemoveConstraint,
    migrations.AlterConstraint,
    migrations.RunSQL,
    AddConstraintNotValid,
    ValidateConstraint,
}
"""Not RunPython. Not RenameModel, to which Django adds one. No operation that somebody else wrote."""

_SAME_EVERYWHERE = {list, dict, set, tuple, str, int, float, bool}
"""Callables that give the same default each time."""

_BOUND_TO_ITS_PLACE = re.compile(
    r"\b(search_path|set_config|concurrently|commit|rollback|clinic_template)\b", re.IGNORECASE
)

# Checks that wait for the end of a transaction would stand in the way of the next migration, for which
# they would have been made already.
_BETWEEN_MIGRATIONS = "SET CONSTRAINTS ALL IMMEDIATE;\nSET CONSTRAINTS ALL DEFERRED"


def why_not_repeatable(planned: Iterable[migrations.Migration]) -> str | None:
    """What in these migrations must be run by Django in every schema; None if there is nothing."""
    for migration in planned:
        if not migration.atomic:
            return f"{migration} is not atomic"
        for operation in _in_the_database(migration.operations):
            if type(operation) not in _REPEATABLE:
                return f"{migration} has {type(operation).__name__}"
            if _makes_a_value(operation):
                return f"{migration} has a default that is made for each schema"
    return None


@contextmanager
def recording() -> Iterator[list[str]]:
    """What the schema editor of this thread's connection executes, as it is executed."""
    statements: list[str] = []

    class Recorder(DatabaseSchemaEditor):
        """Django's editor, which also writes down."""

        def execute(self, sql: Any, params: Any = ()) -> None:
            """Execute as ever. The parameters are put in first, as Django's own editor does."""
            composed = str(sql)
            if params is not None:
                composed = self.connection.ops.compose_sql(composed, params)
            super().execute(composed, None)
            statements.append(composed)

        def __exit__(self, *raised: Any) -> None:
            super().__exit__(*raised)
            statements.append(_BETWEEN_MIGRATIONS)

    wrapper = cast(Any, connection)
    wrapper.SchemaEditorClass = Recorder
    try:
        yield statements
    finally:
        wrapper.SchemaEditorClass = DatabaseSchemaEditor


def as_script(statements: list[str]) -> str | None:
    """The statements as one script; None where their text says that they hold only where they were run."""
    # A statement may end in a comment, which would swallow a semicolon on its line.
    script = "\n;\n".join(statements)
    return None if _BOUND_TO_ITS_PLACE.search(script) else script


def _in_the_database(operations: Iterable[Operation]) -> Iterator[Operation]:
    for operation in operations:
        if type(operation) is migrations.SeparateDatabaseAndState:
            yield from _in_the_database(operation.database_operations)
        else:
            yield operation


def _makes_a_value(operation: Operation) -> bool:
    """Whether Django computes a default in Python, say a random key, that no two schemas may share."""
    if not isinstance(operation, (migrations.AddField, migrations.AlterField)):
        return False
    default = operation.field.default
    return operation.field.has_default() and callable(default) and default not in _SAME_EVERYWHERE
