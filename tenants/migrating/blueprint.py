"""The blueprint of a clinic: rendered from a template schema that is never served, read when one opens."""

from functools import lru_cache

from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from tenants.base.clock import now
from tenants.migrating.rendering import render_schema
from tenants.migrating.states import applied_in
from tenants.models import Blueprint

TEMPLATE = "clinic_template"
"""The template's schema. No clinic has it: their schemas' names are drawn."""

_LOCK = 4_811_002
"""The advisory lock between openings, which share it, and a new blueprint, which waits for them to end."""


def current_blueprint() -> Blueprint | None:
    """The blueprint, which stays as it is until the transaction ends; None before the first migration."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [_LOCK])
    return Blueprint.objects.first()


@transaction.atomic
def store_blueprint() -> None:
    """Render the template as it is now. Afterwards no clinic opens in an earlier state.

    :raises CannotRender: the template holds what its script would lose
    """
    blueprint = {"script": render_schema(TEMPLATE), "migrations": sorted(applied_in(TEMPLATE))}
    if Blueprint.objects.filter(**blueprint).exists():
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    Blueprint.objects.update_or_create(pk=1, defaults=blueprint | {"made_at": now()})


def migrations_of_the_code() -> frozenset[str]:
    """The migrations that this code has, of all apps."""
    return _migrations_of_the_code(tuple(sorted(settings.MIGRATION_MODULES.items())))


@lru_cache(maxsize=4)
def _migrations_of_the_code(_modules: tuple[tuple[str, str], ...]) -> frozenset[str]:
    graph = MigrationLoader(None).graph
    return frozenset(f"{app}.{name}" for app, name in graph.nodes)
