"""A commit wakes the workers of the job's lane; a rollback and a job for later do not."""

import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import transaction
from redis import Redis

from tenants.base.clock import now
from tenants.models import Clinic
from tenants.queue.jobs import Lane, enqueue
from tenants.queue.wake_up import publish_sweep
from tests.factories.queue import delete_queued_jobs
from tests.factories.waiting import wait_until

QUEUES = {Lane.WORK: "celery", Lane.DELIVERY: "delivery"}


@pytest.fixture
def broker(open_clinic: Clinic) -> Iterator[Redis]:
    """The broker of this run, without waiting tasks."""
    with Redis.from_url(settings.REDIS_URL) as client:
        client.delete(*QUEUES.values())
        yield client
        delete_queued_jobs(clinic_id=open_clinic.pk)
        client.delete(*QUEUES.values())


@pytest.mark.parametrize(("kind", "queue"), [("message", "delivery"), ("booking_event", "celery")])
def test_a_commit_wakes_the_workers_of_the_lane(broker: Redis, kind: str, queue: str) -> None:
    with transaction.atomic():
        enqueue(kind=kind, row_id=uuid.uuid4(), due_at=now())
        before_commit = broker.llen(queue)

    wait_until(lambda: broker.llen(queue) == 1, "the sweep")
    assert before_commit == 0
    assert sum(int(broker.llen(other)) for other in QUEUES.values()) == 1


def test_a_rollback_and_a_job_for_later_wake_nobody(broker: Redis) -> None:
    enqueue(kind="message", row_id=uuid.uuid4(), due_at=now() + timedelta(minutes=5))
    with transaction.atomic():
        enqueue(kind="message", row_id=uuid.uuid4(), due_at=now())
        transaction.set_rollback(True)
    enqueue(kind="booking_event", row_id=uuid.uuid4(), due_at=now())

    wait_until(lambda: broker.llen("celery") == 1, "the sweep for the last job")

    assert broker.llen("delivery") == 0


def test_sweeps_do_not_pile_up_while_no_worker_runs(broker: Redis) -> None:
    sent = [publish_sweep(Lane.DELIVERY) for _number in range(7)]

    assert sent == [True] * 4 + [False] * 3
    assert broker.llen("delivery") == 4
