"""Compare sending due messages with a loop over ready-made ones, and claiming with few and many jobs.

The loop sends as many emails of the same size over one connection to the same mail server. Both take turns.
`MAILS=10000` measures the full size.
"""

import os
import uuid
from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import pytest
from django.core.mail import get_connection
from django.db import connection

from embedded import servers
from notifications.models import Message
from notifications.rendering import email_of
from notifications.services.planning import plan_messages
from notifications.services.sending import messages_to_send
from scheduling.models import BookingEvent
from tenants.base.clock import now
from tenants.current import current_clinic, enter_clinic, enter_public
from tenants.models import Clinic, QueueLine
from tenants.queue.claims import claim_jobs
from tenants.queue.jobs import Lane
from tenants.queue.runner import run_due_jobs
from tests.benchmarks.thresholds import Threshold
from tests.benchmarks.without_timeout import execute_without_timeout
from tests.conftest import open_test_clinic
from tests.drills.figures import RecordFigure, spread
from tests.drills.installation import open_installation
from tests.factories.clinics import drop_clinic
from tests.factories.people import make_doctor, make_patient
from tests.factories.queue import delete_queued_jobs
from tests.factories.schedule import make_booking, make_slot

MAILS, RUNS = int(os.environ.get("MAILS", "400")), 3
RATE = Threshold(must=0.10, aim=0.25)
CLAIM = Threshold(must=2, aim=1.1)
DELAY = Threshold(must=5, aim=1)
FEW, MANY, CLAIMS, CLINICS = 1_000, 50_000, 20, 20

_days = count(1)
# Each booking has an event, and a confirmation that is due, with its job.
COPY = """
WITH model AS (SELECT * FROM scheduling_booking ORDER BY created_at LIMIT 1),
number AS (
    SELECT value, gen_random_uuid() AS slot, gen_random_uuid() AS booking, gen_random_uuid() AS event,
        gen_random_uuid() AS message, %(first)s::timestamptz + value * interval '15 minutes' AS start
    FROM generate_series(1, %(count)s) AS value
), slot AS (
    INSERT INTO scheduling_slot
    SELECT another.* FROM number, scheduling_slot AS old,
        LATERAL jsonb_populate_record(old, jsonb_build_object(
            'id', slot, 'starts_at', start, 'ends_at', start + interval '15 minutes')) AS another
    WHERE old.id = (SELECT slot_id FROM model)
), booking AS (
    INSERT INTO scheduling_booking
    SELECT another.* FROM number, scheduling_booking AS old,
        LATERAL jsonb_populate_record(old, jsonb_build_object(
            'id', booking, 'slot_id', slot, 'starts_at', start, 'ends_at', start + interval '15 minutes',
            'busy_from', start, 'busy_until', start + interval '15 minutes')) AS another
    WHERE old.id = (SELECT id FROM model)
), event AS (
    INSERT INTO scheduling_bookingevent
    SELECT another.* FROM number, scheduling_bookingevent AS old,
        LATERAL jsonb_populate_record(old, jsonb_build_object(
            'id', event, 'booking_id', booking)) AS another
    WHERE old.booking_id = (SELECT id FROM model)
), message AS (
    INSERT INTO notifications_message
    SELECT another.* FROM number, notifications_message AS old,
        LATERAL jsonb_populate_record(old, jsonb_build_object(
            'id', message, 'booking_id', booking, 'event_id', event, 'not_after', start)) AS another
    WHERE old.booking_id = (SELECT id FROM model)
)
INSERT INTO public.tenants_queueline (lane, clinic_id, kind, row_id, due_at, attempts)
SELECT 'delivery', %(clinic)s, 'message', message, now() - interval '1 hour', 0 FROM number
"""
ADD_JOBS = """
INSERT INTO tenants_queueline (lane, clinic_id, kind, row_id, due_at, attempts)
SELECT 'delivery', ('00000000-0000-4000-8000-' || lpad((number %% %(clinics)s)::text, 12, '0'))::uuid, 'note',
    gen_random_uuid(), now() - number * interval '1 second', 0
FROM generate_series(1, %(count)s) AS number
"""


@pytest.fixture
def mails(settings: Any) -> Iterator[Path]:
    """A mail server of its own process. Yield the folder of its messages."""
    with open_installation() as installation:
        addresses = servers.start_mail(installation.home, installation.launch, {})
        settings.EMAIL_BACKEND = "notifications.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", int(addresses["EMAIL_URL"].rpartition(":")[2])
        yield Path(addresses["MAIL_DIR"])


def test_due_messages_reach_a_tenth_of_the_rate_of_a_loop_over_ready_made_ones(
    committed_clinic: Clinic, mails: Path, record_figure: RecordFigure
) -> None:
    message = plan_one()
    (loaded,) = messages_to_send([message.pk])
    ready = email_of(loaded)
    loop, product, cpu = [], [], []

    for _run in range(RUNS):
        loop.append(MAILS / seconds_for(lambda: send_ready(ready)))
        add_messages(MAILS)
        started = process_time()
        product.append(MAILS / seconds_for(send_due))
        cpu.append((process_time() - started) / MAILS * 1000)

    assert Message.objects.filter(sent_at__isnull=False).count() == RUNS * MAILS
    ratio = max(product) / max(loop)
    record_figure("loop over ready-made emails, emails/s", spread(loop, "{:,.0f}"))
    record_figure(f"{MAILS:,} due messages, emails/s", spread(product, "{:,.0f}"))
    record_figure("the same, CPU time of the worker in ms each", spread(cpu, "{:.1f}"))
    record_figure(f"due messages / loop, quickest runs ({RATE})", f"{ratio:.2f}")
    assert RATE.is_met(ratio)


def test_a_backlog_delays_another_clinics_email_by_at_most_five_seconds(
    committed_clinic: Clinic, mails: Path, record_figure: RecordFigure
) -> None:
    plan_one()
    add_messages(MAILS)
    with enter_public():
        quiet = open_test_clinic(f"quiet-{uuid.uuid4().hex[:8]}", name="Quiet", time_zone="Europe/London")
    try:
        with enter_clinic(quiet):
            message = plan_one()
            with enter_public():
                QueueLine.objects.filter(clinic_id=quiet.pk, kind="message").update(due_at=now())
            began = perf_counter()
            started = now()
            send_due()
            seconds = perf_counter() - began
            message.refresh_from_db()
        assert message.sent_at is not None
        delay = (message.sent_at - started).total_seconds()
    finally:
        delete_queued_jobs(clinic_id=quiet.pk)
        drop_clinic(quiet)
    record_figure(f"one clinic's {MAILS:,} emails, seconds", f"{seconds:.1f}")
    record_figure(f"delay of another clinic's email, seconds ({DELAY})", f"{delay:.1f}")
    assert DELAY.is_met(delay)


def test_claiming_costs_the_same_with_50_000_due_jobs(
    committed_clinic: Clinic, record_figure: RecordFigure
) -> None:
    seconds: dict[int, list[float]] = {FEW: [], MANY: []}
    with enter_public():
        for jobs in [FEW, MANY, FEW, MANY]:
            QueueLine.objects.all().delete()
            execute_without_timeout(ADD_JOBS, {"count": jobs, "clinics": CLINICS})
            for _number in range(CLAIMS // 2):
                seconds[jobs].append(seconds_for(lambda: claim_jobs(lane=Lane.DELIVERY, limit=32)))
        QueueLine.objects.all().delete()

    ratio = min(seconds[MANY]) / min(seconds[FEW])
    for jobs, values in seconds.items():
        record_figure(f"a claim of 32 of {jobs:,} due jobs, ms", spread([v * 1000 for v in values], "{:.1f}"))
    record_figure(f"{MANY:,} / {FEW:,} due jobs, quickest claims ({CLAIM})", f"{ratio:.2f}")
    assert CLAIM.is_met(ratio)


def plan_one() -> Message:
    """Book an appointment and plan its confirmation, which has the only job."""
    doctor, patient = make_doctor(), make_patient()
    booking = make_booking(make_slot(doctor, now() + timedelta(days=1)), patient, now=now())
    delete_queued_jobs(clinic_id=current_clinic().pk)
    (message,) = plan_messages(event=BookingEvent.objects.get(booking=booking), now=now())
    return message


def add_messages(number: int) -> None:
    """Copy the clinic's first booking with its event and message. The copies have jobs."""
    delete_queued_jobs(clinic_id=current_clinic().pk)
    first = now() + timedelta(days=150 * next(_days))
    execute_without_timeout(COPY, {"first": first, "count": number, "clinic": current_clinic().pk})


def send_ready(email: Any) -> None:
    """Send copies of an email over one connection."""
    with get_connection() as server:
        for _number in range(MAILS):
            server.send_messages([email])


def send_due() -> None:
    """Send all due messages, like a worker."""
    with enter_public():
        while run_due_jobs(Lane.DELIVERY):
            pass
    assert connection.connection is not None


def seconds_for(action: Any) -> float:
    """Return how long an action takes."""
    started = perf_counter()
    action()
    return perf_counter() - started
