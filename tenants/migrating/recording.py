"""Records the SQL of Django's migrations in one schema so that it can be replayed in others.

The recording contains the statements of Django's schema editor, with their parameters filled in. Migrations
that do anything else, or whose SQL contains a value computed for one schema, are not replayed. Django runs
them in every schema.
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
"""Excludes RunPython, RenameModel (it contains a RunPython), and operations of third parties."""

_CONSTANT_DEFAULTS = {list, dict, set, tuple, str, int, float, bool}
"""Callables that return the same default every time."""

_SCHEMA_SPECIFIC = re.compile(
    r"\b(search_path|set_config|concurrently|commit|rollback|clinic_template)\b", re.IGNORECASE
)

# Pending constraint checks would block the ALTER TABLE of the next migration. Django runs them by committing
# after each migration.
_BETWEEN_MIGRATIONS = "SET CONSTRAINTS ALL IMMEDIATE;\nSET CONSTRAINTS ALL DEFERRED"


def reason_not_replayable(planned: Iterable[migrations.Migration]) -> str | None:
    """Return why these migrations must run in every schema by Django; None if they can be replayed."""
    for migration in planned:
        if not migration.atomic:
            return f"{migration} is not atomic"
        for operation in _database_operations(migration.operations):
            if type(operation) not in _REPEATABLE:
                return f"{migration} has {type(operation).__name__}"
            if _has_computed_default(operation):
                return f"{migration} has a default that is made for each schema"
    return None


@contextmanager
def record_statements() -> Iterator[list[str]]:
    """Record the statements that the schema editor of this thread's connection executes."""
    statements: list[str] = []

    class Recorder(DatabaseSchemaEditor):
        """Django's schema editor, which also records its statements."""

        def execute(self, sql: Any, params: Any = ()) -> None:
            """Fill in the parameters, as Django's own editor does, then execute and record the statement."""
            composed = str(sql)
            if params is not None:
                composed = self.connection.ops.compose_sql(composed, params)
            super().execute(composed, None)
            statements.append(composed)

        def __exit__(self, *exc_info: Any) -> None:
            super().__exit__(*exc_info)
            statements.append(_BETWEEN_MIGRATIONS)

    wrapper = cast(Any, connection)
    wrapper.SchemaEditorClass = Recorder
    try:
        yield statements
    finally:
        wrapper.SchemaEditorClass = DatabaseSchemaEditor


def as_script(statements: list[str]) -> str | None:
    """Return the statements as one script; None if they are only valid in the schema in which they ran."""
    # The semicolon needs its own line because a statement may end with a comment.
    script = "\n;\n".join(statements)
    return None if _SCHEMA_SPECIFIC.search(script) else script


def _database_operations(operations: Iterable[Operation]) -> Iterator[Operation]:
    for operation in operations:
        if type(operation) is migrations.SeparateDatabaseAndState:
            yield from _database_operations(operation.database_operations)
        else:
            yield operation


def _has_computed_default(operation: Operation) -> bool:
    """Return whether the default is computed in Python, such as a random key, which must not be shared."""
    if not isinstance(operation, (migrations.AddField, migrations.AlterField)):
        return False
    default = operation.field.default
    # A default of the table is the default of the new column, whatever Python computes for new rows.
    has_computed = operation.field.has_default() and callable(default) and default not in _CONSTANT_DEFAULTS
    return has_computed and not operation.field.has_db_default()
