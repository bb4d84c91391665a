"""How often an email about an account is sent to a server that refuses it for now, or cannot be reached."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from clinics.models import Patient
from notifications.services.retries import MAX_DELAY
from scheduling.account_closure import close_account
from scheduling.models import Closing
from tenants.accounts.models import User
from tenants.accounts.passwords.services import request_reset
from tenants.current import enter_public
from tenants.models import ParkedMessages
from tests.factories.people import PASSWORD, user_of
from tests.factories.queue import queued_job_kinds, queued_jobs, run_due_jobs
from tests.factories.smtp_server import SmtpServer, smtp_server


@pytest.fixture
def server(settings: Any) -> Iterator[SmtpServer]:
    """A mail server whose answers the test chooses, and a limit of three attempts."""
    with smtp_server() as server:
        settings.EMAIL_BACKEND = "notifications.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.MESSAGE_MAX_ATTEMPTS = 3
        yield server


@pytest.fixture
def jobs_after(clinic: object, clock: Any, server: SmtpServer) -> Callable[[int], list[str]]:
    """Return a function that runs the queue some times, hours apart, and returns the jobs that are left."""

    def run(times: int) -> list[str]:
        for _time in range(times):
            run_due_jobs()
            clock.shift(MAX_DELAY)
        return queued_job_kinds()

    return run


def parked_messages() -> int:
    """Return how many failed messages the operators see."""
    with enter_public():
        return sum(ParkedMessages.objects.values_list("count", flat=True))


def test_an_account_email_that_is_refused_for_now_is_sent_as_often_as_a_message_and_then_given_up(
    patient: Patient, jobs_after: Callable[[int], list[str]], server: SmtpServer, now: datetime
) -> None:
    close_account(user=user_of(patient), password=PASSWORD, address="127.0.0.1", now=now)
    server.answers["RCPT"] = "450 Try later"

    before = (jobs_after(2), Closing.objects.exclude(email="").count(), parked_messages())
    after = (jobs_after(1), Closing.objects.exclude(email="").count(), parked_messages())

    assert before == (["account_closed"], 1, 0)
    assert after == ([], 0, 1)


def test_the_delays_between_attempts_are_those_of_messages(
    user: User, clock: Any, server: SmtpServer, clinic: object, now: datetime
) -> None:
    request_reset(email=user.email, address="192.0.2.1", now=now)
    server.answers["DATA"] = "451 Greylisted"

    run_due_jobs()
    first = queued_jobs()[0].due_at
    clock.move_to(first)
    run_due_jobs()
    second = queued_jobs()[0].due_at

    assert (first - now, second - first) == (timedelta(minutes=1), timedelta(minutes=2))


def test_a_server_that_cannot_be_reached_is_not_counted(
    patient: Patient, jobs_after: Callable[[int], list[str]], server: SmtpServer, now: datetime
) -> None:
    close_account(user=user_of(patient), password=PASSWORD, address="127.0.0.1", now=now)
    server.drops_after = "220"

    left = jobs_after(4)

    assert (left, [job.attempts for job in queued_jobs()]) == (["account_closed"], [0])
    assert Closing.objects.exclude(email="").count() == 1
