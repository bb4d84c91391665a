"""The turn of the clinics: which of them need what, and doing it, each all or not at all."""

import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass

import psycopg
from django.db import DatabaseError, connection

from tenants.migrating.blueprint import TEMPLATE, migrations_of_the_code
from tenants.migrating.locks import with_retries
from tenants.migrating.replaying import Replayer, script_between
from tenants.migrating.states import applied_in, states_of
from tenants.migrating.template import Migrate
from tenants.models import Clinic, Recording


@dataclass(frozen=True, slots=True)
class Work:
    """What a clinic needs: a recorded script, or where nothing fits, Django."""

    schema: str
    clinic_id: uuid.UUID
    script: str | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it went at one clinic."""

    work: Work
    seconds: float
    problem: str = ""

    def __str__(self) -> str:
        way = "migrated by Django" if self.work.script is None else "migrated"
        said = f"FAILED: {self.problem}" if self.problem else f"{way} in {1000 * self.seconds:.0f} ms"
        return f"{self.work.schema} (clinic {self.work.clinic_id}): {said}"


def work_to_do() -> tuple[list[Work], int]:
    """What is to be done at which clinics, oldest first, and how many there are in all."""
    clinics = list(Clinic.objects.order_by("created_at", "id").values_list("schema_name", "id"))
    states = states_of([TEMPLATE, *(schema for schema, _id in clinics)])
    goal, needed = states.get(TEMPLATE), applied_in(TEMPLATE)
    recordings = {recording.before: recording for recording in Recording.objects.all()}
    example = {states.get(schema): schema for schema, _id in clinics}
    # A clinic may be ahead of this code, say because a newer version has been here.
    current = {state for state, schema in example.items() if state == goal or needed <= applied_in(schema)}
    scripts = {state: script_between(state, goal, recordings) for state in example}
    behind = [(schema, pk) for schema, pk in clinics if states.get(schema) not in current]
    return [Work(schema, pk, scripts[states.get(schema)]) for schema, pk in behind], len(clinics)


def what_is_missing(schemas: list[str]) -> dict[frozenset[str], list[str]]:
    """Migrations of this code, by which schemas lack just them."""
    states, code = states_of(schemas), migrations_of_the_code()
    alike: dict[str | None, list[str]] = {}
    for schema in schemas:
        alike.setdefault(states.get(schema), []).append(schema)
    return {lacking: some for some in alike.values() if (lacking := code - applied_in(some[0]))}


def do_all(work: list[Work], *, jobs: int, migrate: Migrate) -> Iterator[Outcome]:
    """Do it, `jobs` scripts at a time and then what only Django can do, and say how each went as it ends."""
    replayer = Replayer()
    pool = ThreadPoolExecutor(jobs)
    try:
        recorded = [each for each in work if each.script is not None]
        running = [pool.submit(_done, each, lambda each=each: _replay(replayer, each)) for each in recorded]  # type: ignore[misc]
        for future in as_completed(running):
            yield future.result()
    finally:
        pool.shutdown(cancel_futures=True)
        replayer.close()
    for each in work:
        if each.script is None:
            yield _done(each, lambda each=each: _have_django_migrate(each.schema, migrate))  # type: ignore[misc]


def _done(work: Work, act: Callable[[], None]) -> Outcome:
    began = time.perf_counter()
    try:
        act()
    # Whatever goes wrong at one clinic, the others go on: a migration's Python may raise anything.
    except Exception as error:
        return Outcome(work, time.perf_counter() - began, _in_words(error, work.schema))
    return Outcome(work, time.perf_counter() - began)


def _in_words(error: Exception, schema: str) -> str:
    """What went wrong, for a log: Postgres' own words, unless they quote what somebody has written."""
    cause = error.__cause__ if isinstance(error, DatabaseError) else error
    if isinstance(cause, psycopg.Error) and not isinstance(cause, psycopg.DataError):
        return cause.diag.message_primary or type(cause).__name__
    return f"{type(error).__name__}; `migrate_schemas --schema={schema}` shows more"


def _replay(replayer: Replayer, work: Work) -> None:
    if work.script is not None:
        replayer.replay(work.script, work.schema)


def _have_django_migrate(schema: str, migrate: Migrate) -> None:
    with connection.cursor() as cursor:
        # Refuses where there is no such schema; Django would take public's tables for the clinic's.
        cursor.execute("SELECT %s::regnamespace", [schema])
    with_retries(lambda: migrate(schema))
