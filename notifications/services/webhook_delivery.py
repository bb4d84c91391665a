"""Deliver webhooks: at least once, in order per booking, with retries.

A delivery waits while an earlier one of its stream is pending. Whatever completes a delivery enqueues the
next one of the stream, so no worker polls for it.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import F, Q, QuerySet
from standardwebhooks import Webhook

from notifications.models import WebhookDelivery, WebhookEndpoint
from tenants.base.clock import now as clock_now
from tenants.domains.outbound import POST_SECONDS, FetchError, post
from tenants.queue.jobs import enqueue
from tenants.services.encryption import SecretUnreadable, decrypt_secret

RETRY_DELAYS = [
    timedelta(seconds=5),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    *(timedelta(hours=hours) for hours in (2, 5, 10, 14, 20, 20)),
]
"""The time between attempts. After the last attempt, about three days after the first, it has failed."""
OFF_AFTER = timedelta(days=5)
"""An endpoint is switched off if every attempt has failed for so long."""
_MAX_RETRY_AFTER = timedelta(days=1)
_PAUSE_FROM = 5
"""After so many failures in a row, attempts at an endpoint pause, so that it does not keep workers busy."""
_PAUSE = timedelta(seconds=60)
_CLAIM = timedelta(seconds=2 * POST_SECONDS)
"""How long an attempt keeps others away. It is shorter than the lease of the job, which repeats it."""
_OK, _REDIRECT, _GONE = 200, 300, 410
_MAX_SHOWN_ANSWER = 64 * 1024

Status, Off = WebhookDelivery.Status, WebhookEndpoint.Off
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Result:
    """The result of an attempt."""

    status: int | None
    answer: str
    retry_after: timedelta = timedelta(0)

    @property
    def is_success(self) -> bool:
        """Whether the endpoint has accepted the event."""
        return self.status is not None and _OK <= self.status < _REDIRECT


def deliver_webhook(delivery: WebhookDelivery, *, now: datetime) -> None:
    """Attempt a pending delivery, unless an earlier one of its stream is pending or it is not due.

    It never raises an error for a failed attempt: the retries follow `RETRY_DELAYS`, not those of the queue.
    """
    if delivery.status != Status.PENDING or _earlier_pending(delivery).exists():
        return
    due_at = max(delivery.next_attempt_at or now, delivery.endpoint.paused_until or now)
    if due_at > now or not _claim(delivery, now=now):
        # A job always remains, because this one may be the repetition of one whose worker died.
        enqueue(kind="webhook_delivery", row_id=delivery.pk, due_at=max(due_at, now + _CLAIM / 10))
        return
    result = attempt(delivery)
    log.info("webhook_attempted", delivery=str(delivery.pk), status=result.status)
    complete(delivery, result, now=clock_now())


def _earlier_pending(delivery: WebhookDelivery) -> QuerySet[WebhookDelivery]:
    return WebhookDelivery.objects.filter(
        endpoint=delivery.endpoint_id,
        stream=delivery.stream,
        sequence__lt=delivery.sequence,
        status=Status.PENDING,
    )


def _claim(delivery: WebhookDelivery, *, now: datetime) -> bool:
    """Record an attempt. Return False if another worker is making one."""
    rows = WebhookDelivery.objects.filter(pk=delivery.pk, status=Status.PENDING, next_attempt_at__lte=now)
    return bool(rows.update(attempts=F("attempts") + 1, next_attempt_at=now + _CLAIM, last_attempt_at=now))


def attempt(delivery: WebhookDelivery) -> Result:
    """Send a delivery to its endpoint, signed as Standard Webhooks requires, and return the result."""
    try:
        secret = decrypt_secret(delivery.endpoint.stored_secret)
    except SecretUnreadable:
        return Result(None, "The secret cannot be read. Create a new one.")
    moment, event_id = clock_now(), str(delivery.event_id)
    headers = {
        "Content-Type": "application/json",
        "webhook-id": event_id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": Webhook(secret).sign(event_id, moment, delivery.body),
    }
    try:
        answer = post(delivery.endpoint.url, body=delivery.body.encode(), headers=headers)
    except FetchError as error:
        return Result(None, str(error))
    # NUL cannot be stored.
    text = answer.body.decode("utf-8", "replace").replace("\0", "\N{REPLACEMENT CHARACTER}")
    return Result(answer.status, text[:_MAX_SHOWN_ANSWER], _retry_after(answer.retry_after))


def _retry_after(header: str) -> timedelta:
    """Return the delay that an endpoint asks for in seconds, at most a day. A date is ignored."""
    seconds = int(header) if header.isascii() and header.isdigit() and len(header) < 10 else 0  # noqa: PLR2004
    return min(timedelta(seconds=seconds), _MAX_RETRY_AFTER)


@transaction.atomic
def complete(delivery: WebhookDelivery, result: Result, *, now: datetime) -> None:
    """Record the result of an attempt, and enqueue what follows: a retry, or the next event of the stream.

    The endpoint is locked, so that a delivery that is planned at the same time is seen here, or sees this.
    """
    endpoint = WebhookEndpoint.objects.select_for_update(no_key=True).get(pk=delivery.endpoint_id)
    rows = WebhookDelivery.objects.filter(pk=delivery.pk)
    rows.update(last_status=result.status, last_answer=result.answer)
    if result.is_success:
        rows.update(status=Status.DELIVERED)
        _set_failures(endpoint, count=0, since=None, paused_until=None)
    elif result.status == _GONE:
        switch_off(endpoint, because=Off.GONE, now=now)
    else:
        _record_failure(delivery, endpoint, result, now=now)
    enqueue_next(delivery, now=now)


def _record_failure(
    delivery: WebhookDelivery, endpoint: WebhookEndpoint, result: Result, *, now: datetime
) -> None:
    """Plan the next attempt, or give up; pause the endpoint, or switch it off."""
    since = endpoint.failing_since or now
    if now - since >= OFF_AFTER:
        switch_off(endpoint, because=Off.FAILING, now=now)
        return
    count = endpoint.failures + 1
    paused_until = now + _PAUSE if count >= _PAUSE_FROM else None
    _set_failures(endpoint, count=count, since=since, paused_until=paused_until)
    rows = WebhookDelivery.objects.filter(pk=delivery.pk, status=Status.PENDING)
    attempts = rows.values_list("attempts", flat=True).first()
    if attempts is None:
        return
    if attempts > len(RETRY_DELAYS):
        rows.update(status=Status.FAILED)
        return
    # A little later at random, so that what failed together is not retried together.
    delay = RETRY_DELAYS[attempts - 1] * random.uniform(1, 1.1)  # noqa: S311  no secret
    next_at = now + max(delay, result.retry_after)
    rows.update(next_attempt_at=next_at)
    enqueue(kind="webhook_delivery", row_id=delivery.pk, due_at=next_at)


def _set_failures(
    endpoint: WebhookEndpoint, *, count: int, since: datetime | None, paused_until: datetime | None
) -> None:
    changed = ~Q(failures=count) | Q(failing_since__isnull=since is not None) | ~Q(paused_until=paused_until)
    WebhookEndpoint.objects.filter(changed, pk=endpoint.pk).update(
        failures=count, failing_since=since, paused_until=paused_until
    )


def enqueue_next(delivery: WebhookDelivery, *, now: datetime) -> None:
    """Enqueue the next pending delivery of the stream, if this one is not pending any more."""
    pending = WebhookDelivery.objects.filter(
        endpoint=delivery.endpoint_id, stream=delivery.stream, status=Status.PENDING
    )
    following = pending.order_by("sequence").first()
    if following is not None and following.pk != delivery.pk:
        due_at = max(now, following.next_attempt_at or now)
        enqueue(kind="webhook_delivery", row_id=following.pk, due_at=due_at)


def switch_off(endpoint: WebhookEndpoint, *, because: WebhookEndpoint.Off, now: datetime) -> None:
    """Switch a locked endpoint off, and record its pending deliveries as failed.

    Admins get an email, unless staff switched it off.
    """
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(
        is_active=False, off_because=because, paused_until=None, failures=0
    )
    WebhookDelivery.objects.filter(endpoint=endpoint, status=Status.PENDING).update(status=Status.FAILED)
    if because in (Off.FAILING, Off.GONE):
        enqueue(kind="webhook_off", row_id=endpoint.pk, due_at=now)
