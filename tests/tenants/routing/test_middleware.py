"""Routing requests to clinics by host name, and the responses if there is no live clinic."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tenants.current import enter_public
from tenants.models import Clinic, Domain
from tests.factories.clinic_client import ClinicClient, data_of

BASE = "example.localhost"
UNKNOWN = [
    "nobody.example.localhost",
    "elsewhere.example",
    "riverside",
    "riverside.example.localhost.evil.example",
]


def send(host: str, path: str = "/api/clinic/") -> Any:
    """Send a request to `host`."""
    return Client().get(path, headers={"host": host})


@pytest.mark.parametrize("host", UNKNOWN)
def test_an_unknown_host_gets_404_that_names_no_clinic(
    clinics: tuple[Clinic, Clinic], db: None, host: str
) -> None:
    answer = send(host)

    assert answer.status_code == 404
    assert answer.json() == {
        "success": False,
        "data": None,
        "message": "There is nothing at this address. Check the link.",
        "code": "not_found",
        "errors": {},
    }


@pytest.mark.parametrize("host", UNKNOWN)
def test_a_browser_at_an_unknown_host_gets_a_page_that_names_no_clinic(
    clinics: tuple[Clinic, Clinic], db: None, host: str
) -> None:
    answer = send(host, "/doctors")

    page = answer.content.decode()
    assert (answer.status_code, answer["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert [clinic.name for clinic in clinics if clinic.name in page] == []


@pytest.mark.parametrize(
    "host",
    [
        "",
        "not a host",
        "two..dots",
        "<script>",
        "riverside.example.localhost:port",
        "riverside.example.localhost..",
    ],
)
def test_an_invalid_host_name_gets_404(clinics: tuple[Clinic, Clinic], db: None, host: str) -> None:
    assert send(host).status_code == 404


@pytest.mark.parametrize(
    "host",
    [
        "riverside.example.localhost",
        "RIVERSIDE.Example.LocalHost",
        "riverside.example.localhost.",
        "riverside.example.localhost:8000",
        "Riverside.example.localhost.:443",
    ],
)
def test_case_port_and_final_dot_of_a_host_do_not_matter(
    clinics: tuple[Clinic, Clinic], db: None, host: str
) -> None:
    assert data_of(send(host))["slug"] == "riverside"


def test_a_clinic_answers_at_its_own_domain_too(clinics: tuple[Clinic, Clinic], db: None) -> None:
    Domain.objects.create(tenant=clinics[1], domain="hudson-care.example", is_primary=False)

    assert data_of(send("hudson-care.example"))["slug"] == "hudson"
    assert data_of(send("hudson.example.localhost"))["slug"] == "hudson"
    assert data_of(send("riverside.example.localhost"))["slug"] == "riverside"


@pytest.fixture
def suspended(clinic: Clinic) -> Clinic:
    """The London clinic, suspended."""
    with enter_public():
        Clinic.objects.filter(pk=clinic.pk).update(status=Clinic.Status.SUSPENDED)
    return clinic


def test_a_suspended_clinic_answers_503_to_the_api(
    suspended: Clinic, client_for: Callable[[Clinic], ClinicClient]
) -> None:
    answer = client_for(suspended).get("/api/clinic/")

    body = answer.json()
    assert (answer.status_code, body["success"], body["data"], body["code"]) == (
        503,
        False,
        None,
        "clinic_suspended",
    )
    assert body["message"] == "You cannot book online with Riverside at the moment. Contact the clinic."


def test_a_suspended_clinic_shows_a_page_to_people(
    suspended: Clinic, client_for: Callable[[Clinic], ClinicClient]
) -> None:
    answer = client_for(suspended).get("/doctors")

    assert (answer.status_code, answer["Content-Type"]) == (503, "text/html; charset=utf-8")
    assert "You cannot book online with Riverside at the moment." in answer.content.decode()


def test_other_clinics_still_answer_when_one_is_suspended(
    suspended: Clinic, other_clinic: Clinic, client_for: Callable[[Clinic], ClinicClient]
) -> None:
    assert client_for(other_clinic).get("/api/clinic/").status_code == 200


def test_the_base_domain_serves_the_platform(clinics: tuple[Clinic, Clinic], db: None) -> None:
    front, api = send(BASE, "/"), send(BASE)

    assert (front.status_code, api.status_code) == (200, 404)
    assert front.templates[0].name == "console/directory.html"


@pytest.mark.parametrize("path", ["/doctors", "/brand.css"])
def test_the_base_domain_serves_none_of_a_clinics_pages(
    clinics: tuple[Clinic, Clinic], db: None, path: str
) -> None:
    assert send(BASE, path).status_code == 404


def test_a_clinics_host_serves_no_console(
    clinic: Clinic, client_for: Callable[[Clinic], ClinicClient]
) -> None:
    answer = client_for(clinic).get("/api/console/")

    assert answer.status_code == 404


@pytest.mark.parametrize(
    "host", [*UNKNOWN, BASE, "riverside.example.localhost", "not a host", "10.1.2.3:8000"]
)
def test_health_answers_at_any_host(clinics: tuple[Clinic, Clinic], db: None, host: str) -> None:
    live, ready = send(host, "/health/live"), send(host, "/health/ready")

    assert (live.status_code, live.json()) == (200, {"status": "alive"})
    assert (ready.status_code, ready.json()) == (200, {"status": "ready"})
