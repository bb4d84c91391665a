"""Send the emails that are not messages of the ledger, such as those about accounts. Each has a job."""

import uuid
from collections.abc import Callable

import structlog
from django.core.mail import EmailMultiAlternatives

from notifications.errors import PermanentFailure, TemporaryFailure
from notifications.models import Message
from notifications.services.delivery import deliver, log_refusal
from notifications.services.retries import FIRST_DELAY, next_attempt
from tenants.queue import clock
from tenants.queue.failure_counts import count_parked_message
from tenants.queue.running_job import RetryLater, attempt_number

log = structlog.get_logger(__name__)


def send_in_job(
    email: EmailMultiAlternatives, *, about: uuid.UUID, done: Callable[[], object] = lambda: None
) -> bool:
    """Send an email in the job that runs now, under the same rule as messages (`next_attempt`).

    If it is refused for good, or has been refused for now too often, the server's answer is logged, the
    operators' count of failed messages grows, and it is not sent again.

    :param about: the id of the row that the email is about
    :param done: records that the email was sent, or never will be
    :return: whether the server accepted it
    :raises RetryLater: it is to be sent again. A server that cannot be reached is not counted as an attempt.
    """
    try:
        deliver(email, about=about, on_accepted=lambda _provider_id: done())
    except PermanentFailure as failure:
        _give_up(failure, about=about, done=done)
        return False
    except TemporaryFailure as failure:
        until = next_attempt(attempt_number(), wait=failure.retry_after, now=clock.queue_now())
        if until is not None:
            raise RetryLater(until, is_counted=True) from failure
        _give_up(PermanentFailure(Message.Parked.TOO_MANY_ATTEMPTS, failure.answer), about=about, done=done)
        return False
    except OSError as error:
        log.warning("email_not_sent", about=str(about), error=type(error).__name__)
        raise RetryLater(clock.queue_now() + FIRST_DELAY, is_counted=False) from error
    return True


def _give_up(failure: PermanentFailure, *, about: uuid.UUID, done: Callable[[], object]) -> None:
    log_refusal(failure, about=str(about))
    count_parked_message(now=clock.queue_now())
    done()
