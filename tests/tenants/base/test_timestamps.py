"""Every row has the times of its creation and its last change, whichever way it is written."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.apps import apps
from django.db import ProgrammingError, connection, models, transaction
from django.db.models import F
from django_tenants.utils import schema_context

from clinics.models import (
    ClinicPicture,
    Doctor,
    DoctorPhoto,
    HomePage,
    LegalPages,
    OpeningHours,
    Patient,
    PatientMerge,
    SmsSettings,
    StoppedNumber,
)
from console.models import Alarm
from notifications.models import InboundText, MessagePreference, MessageWording, SmsMonth, TextMessage
from scheduling.bookings.reschedule import reschedule_booking
from scheduling.models import (
    Closing,
    ExceptionInterval,
    IdempotentAnswer,
    NextOpen,
    TimeOffEffect,
    VisitNote,
)
from tenants.accounts.attempt_limits import count_attempt
from tenants.accounts.models import (
    AttemptCounter,
    AuditBatch,
    AuditEntry,
    EmailChange,
    EmailCode,
    EmailVerification,
    PasswordReset,
    User,
)
from tenants.accounts.sessions.services import start_session
from tenants.base.clock import now as clock_now
from tenants.base.models import BaseQuerySet, TimestampedModel, TimestampField
from tenants.models import (
    CircuitBreaker,
    Clinic,
    Domain,
    DomainClaim,
    Heartbeat,
    ParkedMessages,
    PeriodicRun,
    QueueLine,
    Recording,
)
from tenants.queue.jobs import enqueue
from tests.factories.people import user_of
from tests.factories.queue import claim_at
from tests.factories.scenario import (
    Scenario,
    make_audit_entry,
    make_invitation,
    make_scenario,
    make_sign_up,
    make_staff_notices,
    make_webhook_delivery,
)
from tests.factories.schedule import make_booking, make_hours, make_slot
from tests.factories.visit_types import make_question, make_visit_type
from tests.test_structure import ROOT, files

OUR_APPS = frozenset({"tenants", "accounts", "clinics", "scheduling", "notifications", "console"})
MODELS = [model for model in apps.get_models() if model._meta.app_label in OUR_APPS and not model._meta.proxy]
IN_PUBLIC = [model for model in MODELS if model._meta.app_label in {"tenants", "console"}]
IN_CLINIC = [model for model in MODELS if model not in IN_PUBLIC]
STATEMENT = re.compile(
    r"\bUPDATE\s+(?:ONLY\s+)?[\w.\"{}]+(?:\s+(?:AS\s+)?\w+)?\s+SET\b|\bDO\s+UPDATE\s+SET\b"
)
TIMESTAMP_FIRST = re.compile(r"\s*updated_at\s*=")
LATER = timedelta(hours=1)

Row = Any
"""A row of any model."""


def some_field(model: type[models.Model]) -> str:
    """Return a field that can be set to its own value."""
    names = [field.name for field in model._meta.local_concrete_fields if not field.primary_key]
    return next(name for name in reversed(names) if name not in {"created_at", "updated_at"})


def save(row: Row) -> None:
    """Save the row."""
    row.save()


def save_one_field(row: Row) -> None:
    """Save one field of the row."""
    row.save(update_fields=[some_field(type(row))])


def save_deferred(row: Row) -> None:
    """Save a row of which only one field was loaded."""
    type(row).objects.only(some_field(type(row))).get(pk=row.pk).save()


def update(row: Row) -> None:
    """Update with a query set."""
    field = some_field(type(row))
    type(row).objects.filter(pk=row.pk).update(**{field: F(field)})


def update_with_the_base_manager(row: Row) -> None:
    """Update as Django's related managers do, and as `on_delete=SET_NULL` does."""
    field = some_field(type(row))
    type(row)._base_manager.filter(pk=row.pk).update(**{field: F(field)})


def bulk_update(row: Row) -> None:
    """Update several rows at once."""
    type(row).objects.bulk_update([row], [some_field(type(row))])


def update_or_create(row: Row) -> None:
    """Update the row if it exists."""
    field = some_field(type(row))
    type(row).objects.update_or_create(pk=row.pk, defaults={field: getattr(row, field)})


def upsert(row: Row) -> None:
    """Insert a row that exists."""
    type(row).objects.bulk_create(
        [row], update_conflicts=True, update_fields=[some_field(type(row))], unique_fields=["pk"]
    )


PATHS: list[Callable[[Row], None]] = [
    save,
    save_one_field,
    save_deferred,
    update,
    update_with_the_base_manager,
    bulk_update,
    update_or_create,
    upsert,
]


def add_remaining_rows(scenario: Scenario) -> None:
    """Add a row of each kind that the scenario lacks."""
    user, booking, soon = scenario.admin, scenario.booking, clock_now() + timedelta(days=1)
    PasswordReset.objects.create(email="a@people.example", expires_at=soon)
    EmailVerification.objects.create(user=user, email="a@people.example", expires_at=soon)
    EmailCode.objects.create(email="a@people.example", expires_at=soon)
    EmailChange.objects.create(user=user, email="a@people.example", token_version=1, expires_at=soon)
    AttemptCounter.objects.create(key="k", count=1, ends_at=soon)
    make_invitation(user)
    make_webhook_delivery()
    make_staff_notices(user)
    make_question(make_visit_type())
    ExceptionInterval.objects.create(exception=scenario.exception, opens=540, closes=600)
    start_session(user=user)
    IdempotentAnswer.objects.create(user=user, key="k", request_digest="d", answer={})
    PatientMerge.objects.create(survivor=scenario.patient, merged=scenario.dependant, by=user)
    Closing.objects.create(email="a@people.example")
    MessagePreference.objects.create(user=user, topic="reminders", channel="email", is_wanted=False)
    SmsSettings.objects.create()
    DoctorPhoto.objects.create(doctor=scenario.doctor, digest="0" * 32, large=b"", small=b"")
    StoppedNumber.objects.create(digest="d")
    ClinicPicture.objects.create(kind="logo", digest="0" * 32, width=1, height=1, file=b"")
    OpeningHours.objects.create(home_page=HomePage.objects.create(), weekday=0, opens="09:00", closes="17:00")
    LegalPages.objects.create()
    SmsMonth.objects.create(month=booking.starts_at.date())
    InboundText.objects.create(provider_id="SM1")
    TextMessage.objects.create(number_digest="d", month=booking.starts_at.date(), sent_at=booking.starts_at)
    MessageWording.objects.create(kind="confirmation", body="See you soon.")
    VisitNote.objects.create(booking=booking, version=1, text="Seen.", by=user)
    TimeOffEffect.objects.create(
        time_off=scenario.time_off,
        booking=booking,
        done="moved",
        old_starts_at=booking.starts_at,
        old_ends_at=booking.ends_at,
    )


def test_every_model_derives_from_the_timestamped_base() -> None:
    wrong = [
        model.__name__
        for model in MODELS
        if not issubclass(model, TimestampedModel)
        or not all(
            isinstance(model._meta.get_field(name), TimestampField) for name in ("created_at", "updated_at")
        )
    ]

    assert wrong == []


def test_every_manager_of_a_model_uses_the_base_query_set() -> None:
    wrong = [
        f"{model.__name__}.{manager.name}"
        for model in MODELS
        for manager in (*model._meta.managers, model._base_manager)
        if not isinstance(manager.get_queryset(), BaseQuerySet)
    ]

    assert wrong == []


def test_every_raw_update_sets_updated_at_first() -> None:
    sources = {
        name: (ROOT / Path(name)).read_text()
        for name in files("*.py", "*.sql")
        if not name.startswith("tests/")
    }
    updates = [
        (name, source[match.end() :][:60])
        for name, source in sources.items()
        for match in STATEMENT.finditer(source)
    ]

    assert len(updates) >= 9  # the pattern finds them
    assert [(name, rest) for name, rest in updates if not TIMESTAMP_FIRST.match(rest)] == []


def test_raw_inserts_get_both_times_from_the_table(clinic: Clinic) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT n.nspname, c.relname, a.attname
            FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
                JOIN pg_class c ON c.oid = d.adrelid JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE pg_get_expr(d.adbin, d.adrelid) = 'statement_timestamp()' AND a.attnotnull
            """
        )
        found = set(cursor.fetchall())

    expected = {
        (schema, model._meta.db_table, column)
        for schema, models_of_schema in ((clinic.schema_name, IN_CLINIC), ("public", IN_PUBLIC))
        for model in models_of_schema
        for column in ("created_at", "updated_at")
    }
    assert expected - found == set()


@pytest.mark.parametrize("write", PATHS, ids=lambda write: write.__name__)
def test_every_update_of_a_clinics_row_sets_updated_at(clinic: Clinic, write: Callable[[Row], None]) -> None:
    scenario = make_scenario(clinic)
    add_remaining_rows(scenario)

    for model in IN_CLINIC:
        if model not in {AuditBatch, AuditEntry}:  # which cannot be changed
            check_write(model, write)


@pytest.mark.parametrize("write", PATHS, ids=lambda write: write.__name__)
def test_every_update_of_a_row_in_public_sets_updated_at(
    clinics: tuple[Clinic, Clinic], as_owner: None, db: None, write: Callable[[Row], None]
) -> None:
    pk = clinics[0].pk
    make_sign_up()
    Domain.objects.create(tenant=clinics[0], domain="own.example", is_primary=False)
    DomainClaim.objects.create(clinic=clinics[0], domain="own.example")
    Recording.objects.create(before="b", after="a", script="", made_at=clock_now())
    QueueLine.objects.create(clinic_id=pk, kind="k", row_id=pk, due_at=clock_now())
    CircuitBreaker.objects.create(name="smtp:mail.example:25")
    Heartbeat.objects.create(name="work", seen_at=clock_now())
    ParkedMessages.objects.create(clinic_id=uuid4(), hour=clock_now())
    Alarm.objects.create(key="beat", text="Beat has stopped.", raised_at=clock_now())
    PeriodicRun.objects.create(name="delete expired sign-ups", last_run_at=clock_now())

    for model in IN_PUBLIC:
        check_write(model, write)


def check_write(model: Any, write: Callable[[Row], None]) -> None:
    """Write a row an hour later, and compare its times."""
    row = model.objects.all()[0]
    later = row.updated_at + LATER

    with time_machine.travel(later, tick=False):
        write(row)

    after = model.objects.values_list("created_at", "updated_at").get(pk=row.pk)
    assert after == (row.created_at, later), model


def test_audit_entries_cannot_be_changed_with_or_without_updated_at(clinic: Clinic, admin: User) -> None:
    entry = make_audit_entry(admin)

    for write in PATHS:
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            write(entry)


def test_raw_sql_of_bookings_slots_queue_and_counters_sets_the_given_time(
    doctor: Doctor, patient: Patient, now: datetime
) -> None:
    later = now + LATER
    make_hours(doctor, (0, "09:00", "12:00"), now=now)
    booking = make_booking(make_slot(doctor, now + timedelta(days=3)), patient, now=now)
    to = make_slot(doctor, now + timedelta(days=4))
    line = enqueue(kind="k", row_id=doctor.pk, due_at=now)
    key = count_attempt("sign-in by address", subject="a", now=now)
    assert (
        times(booking)
        == times(booking.events.get())
        == times(AttemptCounter.objects.get(pk=key))
        == (now, now)
    )

    reschedule_booking(booking=booking, slot_id=to.pk, by=user_of(patient), now=later)
    count_attempt("sign-in by address", subject="a", now=later)
    with schema_context("public"):  # type: ignore[no-untyped-call]
        claim_at(later, limit=1000)
        assert QueueLine.objects.get(pk=line.pk).updated_at == later

    assert times(booking) == times(AttemptCounter.objects.get(pk=key)) == (now, later)
    assert NextOpen.objects.get(doctor=doctor).updated_at == later


def times(row: Row) -> tuple[datetime, datetime]:
    """Return both times of a row, as stored."""
    row.refresh_from_db()
    return row.created_at, row.updated_at
