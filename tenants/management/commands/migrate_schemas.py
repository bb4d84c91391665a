"""`manage.py migrate_schemas`: public, every clinic, and the template that new clinics are made from."""

from typing import Any

from django.db import connection
from django_tenants.management.commands.migrate_schemas import MigrateSchemasCommand
from django_tenants.migration_executors.base import run_migrations

from tenants.migrating.blueprint import TEMPLATE, store_blueprint


class Command(MigrateSchemasCommand):
    """Brings all schemas to the state of the code."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate, and render the blueprint anew."""
        super().handle(*args, **options)  # type: ignore[no-untyped-call]
        if self.schema_name in (None, "public") and self.sync_tenant:
            with connection.cursor() as cursor:
                cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {TEMPLATE}")
            run_migrations(self.args, self.options, "standard", TEMPLATE)  # type: ignore[no-untyped-call]
            store_blueprint()
