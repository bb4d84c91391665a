"""Unusual hosts, sent as raw bytes to the production server, lead to one clinic or to none."""

import json
import socket
from collections.abc import Iterator
from http.client import HTTPResponse

import pytest

from tenants.models import Clinic
from tests.drills.installation import Installation, open_installation

REQUEST_LINE = "GET /api/clinic/ HTTP/1.1"
HOST = "Host: riverside.example.localhost"
OTHER_HOST = "hudson.example.localhost"


@pytest.fixture(scope="module")
def web(clinics: tuple[Clinic, Clinic]) -> Iterator[Installation]:
    """A web process of the product."""
    with open_installation() as installation:
        installation.start("web")
        yield installation


def status_and_clinic(web: Installation, *lines: str) -> tuple[int, str | None]:
    """Send exactly these lines; return the response's status and clinic."""
    with socket.create_connection(("127.0.0.1", web.port), timeout=10) as connection:
        connection.sendall("\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1"))
        response = HTTPResponse(connection)
        response.begin()
        body = response.read()
    try:
        data = json.loads(body)["data"]
    except ValueError:
        data = None
    return response.status, data and data["slug"]


@pytest.mark.parametrize(
    "host",
    [
        "riverside.example.localhost",
        "RIVERSIDE.EXAMPLE.LOCALHOST",
        "riverside.example.localhost.",
        "riverside.example.localhost:80",
        "Riverside.example.localhost.:65535",
    ],
)
def test_a_host_matches_in_any_case_with_a_port_or_a_final_dot(web: Installation, host: str) -> None:
    assert status_and_clinic(web, REQUEST_LINE, f"Host: {host}") == (200, "riverside")


@pytest.mark.parametrize(
    "header",
    [
        f"X-Forwarded-Host: {OTHER_HOST}",
        f"X-Forwarded-Server: {OTHER_HOST}",
        f"X-Original-Host: {OTHER_HOST}",
        f"X-Host: {OTHER_HOST}",
        f"Forwarded: host={OTHER_HOST}",
        f"X_Forwarded_Host: {OTHER_HOST}",
        "X-Forwarded-For: 127.0.0.1",
        "X-Original-URL: /admin/",
    ],
)
def test_no_other_header_chooses_the_clinic(web: Installation, header: str) -> None:
    assert status_and_clinic(web, REQUEST_LINE, HOST, header) == (200, "riverside")
    assert status_and_clinic(web, REQUEST_LINE, header, HOST) == (200, "riverside")


def test_a_request_with_two_hosts_finds_no_clinic(web: Installation) -> None:
    results = [
        status_and_clinic(web, REQUEST_LINE, HOST, f"Host: {OTHER_HOST}"),
        status_and_clinic(web, REQUEST_LINE, f"Host: {OTHER_HOST}", HOST),
    ]

    assert results == [(404, None), (404, None)]


@pytest.mark.parametrize(
    "host",
    [
        "",
        f"riverside.example.localhost,{OTHER_HOST}",
        f"riverside.example.localhost@{OTHER_HOST}",
        f"riverside.example.localhost/{OTHER_HOST}",
        f"riverside.example.localhost#{OTHER_HOST}",
        f"riverside.example.localhost:{OTHER_HOST}",
        "riverside.example.localhost..",
        "riverside",
        "*.example.localhost",
        "[::1]",
        "\xff.example.localhost",
    ],
)
def test_an_invalid_host_finds_no_clinic(web: Installation, host: str) -> None:
    status, clinic = status_and_clinic(web, REQUEST_LINE, f"Host: {host}")

    assert (status in {400, 404}, clinic) == (True, None)


def test_a_request_without_a_host_finds_no_clinic(web: Installation) -> None:
    assert status_and_clinic(web, "GET /api/clinic/ HTTP/1.0")[1] is None


def test_an_address_in_the_request_line_does_not_choose_a_second_clinic(web: Installation) -> None:
    assert status_and_clinic(web, f"GET http://{OTHER_HOST}/api/clinic/ HTTP/1.1", HOST) == (200, "riverside")
