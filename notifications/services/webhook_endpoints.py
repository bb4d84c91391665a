"""Manage webhook endpoints: create, change, switch on and off, test, replay."""

import base64
import secrets
import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from notifications.errors import WebhookLimitReached, WebhookOff
from notifications.models import WebhookDelivery, WebhookEndpoint
from notifications.services.webhook_delivery import switch_off
from notifications.services.webhook_planning import store_deliveries
from notifications.webhook_events import probe
from tenants.accounts.audit.services import AuditAction, write_audit_entries
from tenants.accounts.models import User
from tenants.base.errors import InvalidInput
from tenants.domains.outbound import FetchError, check_url
from tenants.queue.jobs import enqueue_all
from tenants.services.encryption import encrypt_secret

MAX_ENDPOINTS = 10
_SECRET_BYTES = 32
Status, Off = WebhookDelivery.Status, WebhookEndpoint.Off


@transaction.atomic
def create_endpoint(
    *, url: str, description: str = "", event_types: Iterable[str], by: User, now: datetime
) -> tuple[WebhookEndpoint, str]:
    """Create an endpoint that receives later events of these types.

    :return: the endpoint, and its secret, which cannot be shown again
    :raises InvalidInput: the URL is not allowed
    :raises WebhookLimitReached: the clinic has the maximum number of endpoints
    """
    _check_url(url)
    if WebhookEndpoint.objects.count() >= MAX_ENDPOINTS:
        raise WebhookLimitReached
    secret = _new_secret()
    endpoint = WebhookEndpoint.objects.create(
        url=url,
        description=description,
        event_types=list(event_types),
        stored_secret=encrypt_secret(secret),
        active_since=now,
    )
    write_audit_entries(what=AuditAction.ADDED, by=by, about=[endpoint])
    return endpoint, secret


@transaction.atomic
def change_endpoint(
    *,
    endpoint: WebhookEndpoint,
    url: str,
    description: str,
    event_types: Iterable[str],
    is_active: bool,
    by: User,
    now: datetime,
) -> str:
    """Change an endpoint, and switch it on or off.

    :return: a new secret if it needed one, because the clinic was restored; otherwise ""
    :raises InvalidInput: the URL is not allowed
    """
    locked = WebhookEndpoint.objects.select_for_update(no_key=True).get(pk=endpoint.pk)
    if url != locked.url:
        _check_url(url)
    rows = WebhookEndpoint.objects.filter(pk=locked.pk)
    rows.update(url=url, description=description, event_types=list(event_types))
    secret = ""
    if is_active and not locked.is_active:
        rows.update(is_active=True, off_because="", active_since=now, failing_since=None)
        secret = "" if locked.stored_secret else _store_new_secret(locked)
    elif locked.is_active and not is_active:
        switch_off(locked, because=Off.BY_STAFF, now=now)
    write_audit_entries(what=AuditAction.CHANGED, by=by, about=[locked])
    return secret


@transaction.atomic
def renew_secret(*, endpoint: WebhookEndpoint, by: User) -> str:
    """Replace the secret of an endpoint, with immediate effect, and return the new one."""
    write_audit_entries(what=AuditAction.CHANGED, by=by, about=[endpoint])
    return _store_new_secret(endpoint)


@transaction.atomic
def send_test_event(*, endpoint: WebhookEndpoint, now: datetime) -> WebhookDelivery:
    """Plan the delivery of a test event.

    :raises WebhookOff: the endpoint is off
    """
    return store_deliveries(_lock_active(endpoint), [probe(uuid.uuid4(), at=now)], now=now)[0]


@transaction.atomic
def replay(*, endpoint: WebhookEndpoint, deliveries: Iterable[uuid.UUID], by: User, now: datetime) -> int:
    """Deliver events of an endpoint again, with the same ids, in their order. Return how many.

    Those that are pending are left as they are.

    :raises WebhookOff: the endpoint is off
    """
    _lock_active(endpoint)
    done = WebhookDelivery.objects.filter(endpoint=endpoint, pk__in=list(deliveries))
    done = done.exclude(status=Status.PENDING)
    ids = list(done.order_by("stream", "sequence").values_list("pk", flat=True))
    WebhookDelivery.objects.filter(pk__in=ids).update(status=Status.PENDING, attempts=0, next_attempt_at=now)
    enqueue_all(kind="webhook_delivery", rows=[(delivery_id, now) for delivery_id in ids])
    write_audit_entries(what=AuditAction.CHANGED, by=by, about=[endpoint])
    return len(ids)


def replay_failed(*, endpoint: WebhookEndpoint, since: datetime, by: User, now: datetime) -> int:
    """Deliver all failed events of an endpoint since a time again. Return how many.

    :raises WebhookOff: the endpoint is off
    """
    failed = WebhookDelivery.objects.filter(endpoint=endpoint, status=Status.FAILED, happened_at__gte=since)
    return replay(endpoint=endpoint, deliveries=failed.values_list("pk", flat=True), by=by, now=now)


def switch_off_after_restore(*, now: datetime) -> None:
    """Switch the endpoints of a restored clinic off and forget their secrets: the original uses both."""
    for endpoint in WebhookEndpoint.objects.all():
        switch_off(endpoint, because=Off.RESTORED, now=now)
    WebhookEndpoint.objects.update(stored_secret="")


def _lock_active(endpoint: WebhookEndpoint) -> WebhookEndpoint:
    locked = WebhookEndpoint.objects.select_for_update(no_key=True).filter(pk=endpoint.pk, is_active=True)
    active: WebhookEndpoint | None = locked.first()
    if active is None:
        raise WebhookOff
    return active


def _check_url(url: str) -> None:
    """Check that webhooks may be sent to `url`.

    :raises InvalidInput: it is not an https URL on the internet
    """
    try:
        check_url(url)
    except FetchError as error:
        raise InvalidInput(
            errors={"url": [_("Enter an https address on the internet, without a port or password.")]}
        ) from error


def _new_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def _store_new_secret(endpoint: WebhookEndpoint) -> str:
    secret = _new_secret()
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(stored_secret=encrypt_secret(secret))
    return secret
