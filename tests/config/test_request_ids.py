"""Every response carries the id under which the log knows its request."""

import logging
from typing import Any
from uuid import UUID

import pytest
from django.db import OperationalError
from django.test import Client

from config import health
from scheduling.availability.api import open_slots
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient

AVAILABLE = "/api/appointments/available/"
MALFORMED = [
    "short",
    "x" * 65,
    "with space",
    "a\r\nSet-Cookie: b",
    "<script>12345",
    "ünicode-id",
    "-leading-",
    "",
]


def break_view(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """Make the endpoint of open slots raise an error."""

    def fail(_request: Any) -> None:
        raise error

    monkeypatch.setattr(open_slots, "_parse_query", fail)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (AVAILABLE, 200),
        ("/api/nothing/", 404),
        ("/api/auth/profile/", 401),
        ("/brand.css", 200),
        ("/static/nothing.css", 404),
        ("/admin/", 302),
        ("/health/live", 200),
        ("/health/ready", 200),
    ],
)
def test_every_response_has_an_id_of_its_own(clinic: Clinic, path: str, status: int) -> None:
    client = ClinicClient(clinic)
    answers = [client.get(path) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [status] * 2
    assert len({UUID(answer["X-Request-ID"]) for answer in answers}) == 2


@pytest.mark.parametrize(
    ("error", "status"), [(RuntimeError("a bug"), 500), (OperationalError("away"), 503)], ids=["500", "503"]
)
def test_a_failure_has_an_id(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
) -> None:
    break_view(monkeypatch, error)
    client = ClinicClient(clinic, raise_request_exception=False)

    answer = client.get(AVAILABLE)

    assert (answer.status_code, bool(UUID(answer["X-Request-ID"]))) == (status, True)


@pytest.mark.parametrize("host", ["nobody.example", "bad host", ""])
def test_a_response_to_an_unknown_host_has_an_id(clinic: Clinic, host: str) -> None:
    answer = Client().get(AVAILABLE, headers={"host": host})

    assert (answer.status_code, bool(UUID(answer["X-Request-ID"]))) == (404, True)


def test_health_checks_have_an_id_also_without_postgres(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Away:
        """A connection whose server is away."""

        def cursor(self) -> None:
            raise OperationalError("away")

        def close(self) -> None:
            """Close nothing."""

    monkeypatch.setattr(health, "connection", Away())

    answer = ClinicClient(clinic).get("/health/ready")

    assert (answer.status_code, bool(UUID(answer["X-Request-ID"]))) == (503, True)


def test_the_log_lines_of_a_request_have_the_id_of_its_response(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    break_view(monkeypatch, RuntimeError("a bug"))
    client = ClinicClient(clinic, raise_request_exception=False)
    with caplog.at_level(logging.INFO):
        failed = client.get(AVAILABLE)
        succeeded = client.get("/api/clinic/")

    lines = [record.msg for record in caplog.records if isinstance(record.msg, dict)]
    ids = {line["event"]: line["request_id"] for line in lines}
    assert ids["request_failed"] == failed["X-Request-ID"]
    assert ids["request_finished"] == succeeded["X-Request-ID"]


def test_the_id_of_our_proxy_is_kept(clinic: Clinic, settings: Any) -> None:
    settings.BEHIND_PROXY = True

    answer = ClinicClient(clinic).get(AVAILABLE, headers={"X-Request-ID": "proxy-7f3a.1_b"})

    assert answer["X-Request-ID"] == "proxy-7f3a.1_b"


def test_the_id_of_a_client_is_not_accepted(clinic: Clinic) -> None:
    answer = ClinicClient(clinic).get(AVAILABLE, headers={"X-Request-ID": "proxy-7f3a.1_b"})

    assert UUID(answer["X-Request-ID"])


@pytest.mark.parametrize("value", MALFORMED)
def test_a_malformed_id_is_replaced(clinic: Clinic, settings: Any, value: str) -> None:
    settings.BEHIND_PROXY = True

    answer = ClinicClient(clinic).get(AVAILABLE, headers={"X-Request-ID": value})

    assert UUID(answer["X-Request-ID"])
