"""Simulate a later version of the product: an app with additional migrations."""

from pathlib import Path
from textwrap import indent
from uuid import uuid4

from django.db.migrations.loader import MigrationLoader

_PACKAGE = """
import {app}.migrations as ours

__path__ = [*__path__, *ours.__path__]
"""
_MIGRATION = """
import uuid

from django.db import migrations, models


{before}


class Migration(migrations.Migration):
    dependencies = {dependencies}
    operations = [
{operations}
    ]
"""


def write_later_migrations(
    folder: Path, *operations: str, before: str = "", app: str = "clinics"
) -> dict[str, str]:
    """Write a package of migrations below `folder`, which must be on the path; return MIGRATION_MODULES.

    Each operation becomes one migration, `9001_later` and so on. `before` is code that they use.
    """
    name = f"later_{uuid4().hex}"
    package = folder / name
    package.mkdir()
    (package / "__init__.py").write_text(_PACKAGE.format(app=app))
    (dependency,) = MigrationLoader(None).graph.leaf_nodes(app)
    for number, operation in enumerate(operations, start=9001):
        text = _MIGRATION.format(
            before=before, dependencies=[dependency], operations=indent(operation.strip() + ",", " " * 8)
        )
        (package / f"{number}_later.py").write_text(text)
        dependency = (app, f"{number}_later")
    return {app: name}
