"""The blueprint: the SQL script that creates a clinic's schema, rendered from a template schema."""

from functools import lru_cache

from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from tenants.base.clock import now
from tenants.migrating.rendering import render_schema
from tenants.migrating.states import applied_migrations
from tenants.models import Blueprint

TEMPLATE = "clinic_template"
"""The schema of the template. No clinic can have it, because their schema names are random."""

_LOCK = 4_811_002
"""The advisory lock that opening a clinic shares. Storing a new blueprint takes it exclusively."""


def current_blueprint() -> Blueprint | None:
    """Return the blueprint and lock it until the transaction ends; None before the first migration."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [_LOCK])
    return Blueprint.objects.first()


@transaction.atomic
def store_blueprint() -> None:
    """Render the template and store it as the blueprint. Later clinics open with its state.

    :raises RenderError: the template contains objects that the script would lose
    """
    blueprint = {"script": render_schema(TEMPLATE), "migrations": sorted(applied_migrations(TEMPLATE))}
    if Blueprint.objects.filter(**blueprint).exists():
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    Blueprint.objects.update_or_create(pk=1, defaults=blueprint | {"made_at": now()})


def migrations_in_code() -> frozenset[str]:
    """Return all migrations of this code, as `app.name`."""
    return _migrations_of_the_code(tuple(sorted(settings.MIGRATION_MODULES.items())))


@lru_cache(maxsize=4)
def _migrations_of_the_code(_modules: tuple[tuple[str, str], ...]) -> frozenset[str]:
    graph = MigrationLoader(None).graph
    return frozenset(f"{app}.{name}" for app, name in graph.nodes)
