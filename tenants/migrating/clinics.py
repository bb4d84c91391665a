"""Migrates the clinics: finds those that are behind and runs what each of them needs."""

import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from functools import partial

import psycopg
from django.db import DatabaseError, connection

from tenants.migrating.blueprint import TEMPLATE, migrations_in_code
from tenants.migrating.locks import retry_on_lock_timeout
from tenants.migrating.replaying import Replayer, script_between
from tenants.migrating.states import applied_migrations, migration_states
from tenants.migrating.template import Migrate
from tenants.models import Clinic, Recording


@dataclass(frozen=True, slots=True)
class ClinicMigration:
    """A clinic to migrate: with a recorded script, or if there is none, by Django."""

    schema: str
    clinic_id: uuid.UUID
    script: str | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of migrating one clinic."""

    work: ClinicMigration
    seconds: float
    problem: str = ""

    def __str__(self) -> str:
        action = "migrated by Django" if self.work.script is None else "migrated"
        result = f"FAILED: {self.problem}" if self.problem else f"{action} in {1000 * self.seconds:.0f} ms"
        return f"{self.work.schema} (clinic {self.work.clinic_id}): {result}"


def clinics_to_migrate() -> tuple[list[ClinicMigration], int]:
    """Return the clinics to migrate, oldest first, and the total number of clinics."""
    clinics = list(Clinic.objects.order_by("created_at", "id").values_list("schema_name", "id"))
    states = migration_states([TEMPLATE, *(schema for schema, _id in clinics)])
    target, needed = states.get(TEMPLATE), applied_migrations(TEMPLATE)
    recordings = {recording.before: recording for recording in Recording.objects.all()}
    schema_by_state = {states.get(schema): schema for schema, _id in clinics}
    # A clinic may be ahead of this code, for example after a rollback to an older version.
    current = {
        state
        for state, schema in schema_by_state.items()
        if state == target or needed <= applied_migrations(schema)
    }
    scripts = {state: script_between(state, target, recordings) for state in schema_by_state}
    behind = [(schema, pk) for schema, pk in clinics if states.get(schema) not in current]
    return [ClinicMigration(schema, pk, scripts[states.get(schema)]) for schema, pk in behind], len(clinics)


def unapplied_migrations(schemas: list[str]) -> dict[frozenset[str], list[str]]:
    """Return each set of migrations that is missing somewhere, with the schemas that lack it."""
    states, code = migration_states(schemas), migrations_in_code()
    by_state: dict[str | None, list[str]] = {}
    for schema in schemas:
        by_state.setdefault(states.get(schema), []).append(schema)
    return {
        unapplied: group for group in by_state.values() if (unapplied := code - applied_migrations(group[0]))
    }


def migrate_clinics(work: list[ClinicMigration], *, jobs: int, migrate: Migrate) -> Iterator[Outcome]:
    """Run scripts, `jobs` at a time, then Django for the rest, and yield each outcome when it is known."""
    replayer = Replayer()
    pool = ThreadPoolExecutor(jobs)
    try:
        recorded = [clinic for clinic in work if clinic.script is not None]
        running = [pool.submit(_run, clinic, partial(_replay, replayer, clinic)) for clinic in recorded]
        for future in as_completed(running):
            yield future.result()
    finally:
        pool.shutdown(cancel_futures=True)
        replayer.close()
    for clinic in work:
        if clinic.script is None:
            yield _run(clinic, partial(_migrate_with_django, clinic.schema, migrate))


def _run(work: ClinicMigration, migrate: Callable[[], None]) -> Outcome:
    started = time.perf_counter()
    try:
        migrate()
    # If one clinic fails, continue with the others. The Python code of a migration may raise anything.
    except Exception as error:
        return Outcome(work, time.perf_counter() - started, _error_message(error, work.schema))
    return Outcome(work, time.perf_counter() - started)


def _error_message(error: Exception, schema: str) -> str:
    """Return the error for a log: Postgres' message, unless it may quote personal data."""
    cause = error.__cause__ if isinstance(error, DatabaseError) else error
    if isinstance(cause, psycopg.Error) and not isinstance(cause, psycopg.DataError):
        return cause.diag.message_primary or type(cause).__name__
    return f"{type(error).__name__}; `migrate_schemas --schema={schema}` shows more"


def _replay(replayer: Replayer, work: ClinicMigration) -> None:
    if work.script is not None:
        replayer.replay(work.script, work.schema)


def _migrate_with_django(schema: str, migrate: Migrate) -> None:
    with connection.cursor() as cursor:
        # Fail if the schema does not exist. Django would find the tables of public instead.
        cursor.execute("SELECT %s::regnamespace", [schema])
    retry_on_lock_timeout(lambda: migrate(schema))
