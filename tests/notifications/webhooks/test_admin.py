"""Clinic admins manage webhooks in the admin: secret shown once, test button, replay, delivery log."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from standardwebhooks import Webhook

from notifications.models import WebhookDelivery, WebhookEndpoint
from notifications.services.webhook_endpoints import switch_off_after_restore
from scheduling.models import Booking
from tenants.accounts.models import AuditEntry, User
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient
from tests.factories.fake_network import NameServer
from tests.factories.http_server import HOST
from tests.factories.people import make_receptionist
from tests.factories.webhook_receiver import URL, Receiver

RunQueue = Callable[[], list[str]]
LIST = "/admin/notifications/webhookendpoint/"
SECRET = re.compile(r"whsec_[\w+/=]+")


@pytest.fixture
def page(clinic: Clinic, admin: User, clock: Any) -> ClinicClient:
    """A client of an admin who is signed in to the clinic's admin."""
    return signed_in(clinic, admin)


def signed_in(clinic: Clinic, user: User) -> ClinicClient:
    """Return a client of a user who is signed in to the clinic's admin and sends forms."""
    client = ClinicClient(clinic)
    client.force_login(user)
    client.default_format = "multipart"
    return client


def fields(**changes: Any) -> dict[str, Any]:
    """Return the values of the form."""
    return {
        "url": URL,
        "description": "Records",
        "event_types": ["booking.created"],
        "is_active": "on",
    } | changes


def add(page: ClinicClient, **changes: Any) -> Any:
    """Submit the form for a new endpoint."""
    return page.post(f"{LIST}add/", fields(**changes), follow=True)


def test_the_secret_of_a_new_webhook_is_shown_once_and_stored_encrypted(
    page: ClinicClient, receiver: Receiver, booking: Booking, run_queue: RunQueue
) -> None:
    shown = add(page)

    endpoint = WebhookEndpoint.objects.get()
    secret = SECRET.findall(shown.content.decode())[0]
    again = page.get(f"{LIST}{endpoint.pk}/change/").content.decode()
    assert (SECRET.findall(again), secret in endpoint.stored_secret) == ([], False)
    page.post(f"{LIST}{endpoint.pk}/test/")
    assert run_queue() == []
    request = receiver.requests[0]
    assert Webhook(secret).verify(request.body, request.headers)["type"] == "test"


@pytest.mark.parametrize(
    ("url", "address"),
    [
        (URL, "10.0.0.1"),
        (URL, "169.254.169.254"),
        (URL, "::1"),
        (URL, None),
        (f"http://{HOST}/", "203.0.113.9"),
        (f"https://user:password@{HOST}/", "127.0.0.1"),
        (f"https://{HOST}:8443/", "127.0.0.1"),
        ("https://127.0.0.1/", "127.0.0.1"),
        ("javascript:alert(1)", "127.0.0.1"),
    ],
)
def test_an_address_that_is_not_on_the_internet_is_refused(
    page: ClinicClient, receiver: Receiver, names: NameServer, url: str, address: str | None
) -> None:
    names.records.clear()
    if address:
        names.records[HOST, "AAAA" if ":" in address else "A"] = [address]

    response = add(page, url=url)

    assert "errornote" in response.content.decode()
    assert (WebhookEndpoint.objects.count(), receiver.requests) == (0, [])


def test_a_new_secret_replaces_the_former(
    page: ClinicClient, endpoint: WebhookEndpoint, receiver: Receiver, booking: Booking, run_queue: RunQueue
) -> None:
    shown = page.post(f"{LIST}{endpoint.pk}/secret/").content.decode()
    run_queue()

    request = receiver.requests[0]
    assert Webhook(SECRET.findall(shown)[0]).verify(request.body, request.headers)


def test_failed_events_since_a_time_are_sent_again_with_their_ids(
    page: ClinicClient,
    *,
    endpoint: WebhookEndpoint,
    receiver: Receiver,
    booking: Booking,
    run_queue: RunQueue,
    now: datetime,
) -> None:
    receiver.answer = lambda _request: 500
    run_queue()
    WebhookDelivery.objects.update(status="failed")
    receiver.answer = lambda _request: 204
    moments = [now + timedelta(minutes=1), now - timedelta(minutes=1)]
    sent = []
    for since in moments:
        page.post(
            f"{LIST}{endpoint.pk}/replay/", {"since_0": f"{since:%Y-%m-%d}", "since_1": f"{since:%H:%M}"}
        )
        run_queue()
        sent.append(len(receiver.requests))

    assert sent == [1, 2]
    assert len({request.headers["webhook-id"] for request in receiver.requests}) == 1
    assert WebhookDelivery.objects.get().status == "delivered"


def test_one_delivery_is_sent_again_from_the_log(
    page: ClinicClient,
    *,
    endpoint: WebhookEndpoint,
    receiver: Receiver,
    booking: Booking,
    run_queue: RunQueue,
) -> None:
    run_queue()
    delivery = WebhookDelivery.objects.get()
    action = {"action": "send_again", "_selected_action": str(delivery.pk)}

    page.post("/admin/notifications/webhookdelivery/", action)
    run_queue()

    assert len(receiver.requests) == 2
    assert page.get(f"/admin/notifications/webhookdelivery/{delivery.pk}/change/").status_code == 200


def test_a_webhook_that_is_off_gets_nothing_until_it_is_on_again(
    page: ClinicClient,
    *,
    endpoint: WebhookEndpoint,
    receiver: Receiver,
    booking: Booking,
    run_queue: RunQueue,
) -> None:
    change = f"{LIST}{endpoint.pk}/change/"
    off = {name: value for name, value in fields().items() if name != "is_active"}
    page.post(change, off)
    refused = page.post(f"{LIST}{endpoint.pk}/test/", follow=True).content.decode()
    run_queue()
    page.post(change, fields())
    page.post(f"{LIST}{endpoint.pk}/test/")
    run_queue()

    assert "Switch it on first" in refused
    assert [request.headers["webhook-id"] for request in receiver.requests] == [
        str(WebhookDelivery.objects.get(event_type="test").event_id)
    ]


def test_a_restored_clinic_sends_nothing_until_a_webhook_is_switched_on_with_a_new_secret(
    page: ClinicClient, endpoint: WebhookEndpoint, now: datetime
) -> None:
    switch_off_after_restore(now=now)
    restored = WebhookEndpoint.objects.get()

    shown = page.post(f"{LIST}{endpoint.pk}/change/", fields())

    assert (restored.is_active, restored.off_because, restored.stored_secret) == (False, "restored", "")
    assert SECRET.findall(shown.content.decode())
    assert WebhookEndpoint.objects.get().is_active


def test_a_webhook_is_deleted_with_its_deliveries_and_every_change_is_logged(
    page: ClinicClient, endpoint: WebhookEndpoint, booking: Booking, run_queue: RunQueue
) -> None:
    run_queue()
    page.post(f"{LIST}{endpoint.pk}/change/", fields())

    page.post(f"{LIST}{endpoint.pk}/delete/", {"post": "yes"})

    assert (WebhookEndpoint.objects.count(), WebhookDelivery.objects.count()) == (0, 0)
    logged = AuditEntry.objects.filter(kind="notifications.webhookendpoint").order_by("id")
    assert list(logged.values_list("what", flat=True)) == ["added", "changed", "removed"]


@pytest.mark.parametrize("action", ["test", "secret", "replay"])
def test_receptionists_have_no_access(clinic: Clinic, endpoint: WebhookEndpoint, action: str) -> None:
    desk = signed_in(clinic, make_receptionist())

    assert desk.get(LIST).status_code == 403
    assert desk.post(f"{LIST}{endpoint.pk}/{action}/").status_code == 403
    assert not WebhookDelivery.objects.exists()
