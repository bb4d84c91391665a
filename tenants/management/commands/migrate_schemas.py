"""`manage.py migrate_schemas`: migrates public, the template for new clinics, and every clinic."""

import os
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.db import connection
from django_tenants.management.commands import SyncCommon
from django_tenants.management.commands.migrate_schemas import MigrateSchemasCommand
from django_tenants.migration_executors.base import run_migrations

from tenants.migrating.blueprint import TEMPLATE, migrations_in_code, store_blueprint
from tenants.migrating.clinics import clinics_to_migrate, migrate_clinics, unapplied_migrations
from tenants.migrating.locks import migration_lock, migration_timeouts, retry_on_lock_timeout
from tenants.migrating.states import applied_migrations
from tenants.migrating.template import migrate_template
from tenants.models import Clinic
from tenants.services.db_roles import update_roles_and_grants

_DJANGO_ONLY_OPTIONS = ("app_label", "migration_name", "fake", "fake_initial", "prune")
"""Options that only Django's own command supports. With one of them, Django migrates schema by schema."""


class Command(MigrateSchemasCommand):
    """Migrates all schemas. An interrupted run continues where it stopped when the command is run again."""

    help = "Migrate public, the template for new clinics, and every clinic."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add `--jobs` to the options of django-tenants' command."""
        super().add_arguments(parser)  # type: ignore[no-untyped-call]
        parser.add_argument(
            "--jobs",
            type=int,
            default=min(4, os.cpu_count() or 1),
            help="how many clinics to migrate at a time",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the migrations that are not applied yet.

        :raises CommandError: some clinics could not be migrated; the message lists them
        """
        SyncCommon.handle(self, *args, **options)  # type: ignore[no-untyped-call]
        if options["check_unapplied"] or options["plan"]:
            self._show_unapplied(fail=options["check_unapplied"])
            return
        with migration_lock(self.stdout.write), migration_timeouts():
            if any(options[option] for option in _DJANGO_ONLY_OPTIONS):
                self._migrate_with_django(*args, **options)
            elif (schema := self.schema_name or "public") != "public":
                retry_on_lock_timeout(lambda: self._migrate(schema))
            else:
                self._migrate_all(jobs=options["jobs"])
            connection.set_schema_to_public()  # type: ignore[attr-defined]

    def _migrate_all(self, *, jobs: int) -> None:
        if self.sync_public and migrations_in_code() <= applied_migrations("public"):
            # Otherwise the post_migrate signal grants privileges.
            retry_on_lock_timeout(update_roles_and_grants)
        elif self.sync_public:
            retry_on_lock_timeout(lambda: self._migrate("public"))
        if self.sync_tenant:
            migrate_template(migrate=self._migrate, say=self._say)
            self._migrate_clinics(jobs=jobs)

    def _migrate_clinics(self, *, jobs: int) -> None:
        work, clinics = clinics_to_migrate()
        self._say(f"{clinics} clinics, {clinics - len(work)} of them current.")
        failed = []
        for done, outcome in enumerate(migrate_clinics(work, jobs=jobs, migrate=self._migrate), start=1):
            self._say(f"[{done}/{len(work)}] {outcome}")
            if outcome.problem:
                failed.append(f"  {outcome}")
        if failed:
            raise CommandError(
                "\n".join([f"{len(failed)} of {clinics} clinics could not be migrated:", *failed])
            )

    def _migrate(self, schema: str) -> None:
        """Have Django migrate one schema, the way django-tenants does."""
        quiet = {"verbosity": max(0, self.options["verbosity"] - (schema != "public"))}
        try:
            run_migrations(self.args, self.options | quiet, "django", schema)  # type: ignore[no-untyped-call]
        finally:
            connection.set_schema_to_public()  # type: ignore[attr-defined]

    def _migrate_with_django(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)  # type: ignore[no-untyped-call]
        if self.sync_tenant and self.schema_name in (None, "public"):
            self._migrate(TEMPLATE)
            store_blueprint()

    def _show_unapplied(self, *, fail: bool) -> None:
        clinics = (
            list(Clinic.objects.values_list("schema_name", flat=True)) if applied_migrations("public") else []
        )
        missing = unapplied_migrations(["public", TEMPLATE, *clinics])
        for migrations, schemas in missing.items():
            label = schemas[0] if len(schemas) == 1 else f"{len(schemas)} schemas, {schemas[0]} among them"
            self.stdout.write(f"{label}: {', '.join(sorted(migrations))}")
        if not missing:
            self.stdout.write("Nothing to migrate.")
        elif fail:
            raise SystemExit(1)

    def _say(self, line: str) -> None:
        if self.options["verbosity"] >= 1:
            self.stdout.write(line)
            self.stdout.flush()
