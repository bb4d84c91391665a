"""Tricks with the host, byte by byte at the server that production runs: one clinic or none, never a mix."""

import json
import socket
from collections.abc import Iterator
from http.client import HTTPResponse

import pytest

from tenants.models import Clinic
from tests.drills.installation import House, open_house

ASK = "GET /api/clinic/ HTTP/1.1"
HERE = "Host: riverside.example.localhost"
SIBLING = "hudson.example.localhost"


@pytest.fixture(scope="module")
def web(clinics: tuple[Clinic, Clinic]) -> Iterator[House]:
    """A web process of the product."""
    with open_house() as house:
        house.start("web")
        yield house


def said(web: House, *lines: str) -> tuple[int, str | None]:
    """The status of the answer to these very lines, and the clinic it is from."""
    with socket.create_connection(("127.0.0.1", web.port), timeout=10) as wire:
        wire.sendall("\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1"))
        answer = HTTPResponse(wire)
        answer.begin()
        body = answer.read()
    try:
        data = json.loads(body)["data"]
    except ValueError:
        data = None
    return answer.status, data and data["slug"]


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
def test_a_clinic_is_known_by_its_name_however_it_is_written(web: House, host: str) -> None:
    assert said(web, ASK, f"Host: {host}") == (200, "riverside")


@pytest.mark.parametrize(
    "header",
    [
        f"X-Forwarded-Host: {SIBLING}",
        f"X-Forwarded-Server: {SIBLING}",
        f"X-Original-Host: {SIBLING}",
        f"X-Host: {SIBLING}",
        f"Forwarded: host={SIBLING}",
        f"X_Forwarded_Host: {SIBLING}",
        "X-Forwarded-For: 127.0.0.1",
        "X-Original-URL: /admin/",
    ],
)
def test_no_other_header_chooses_the_clinic(web: House, header: str) -> None:
    assert said(web, ASK, HERE, header) == (200, "riverside")
    assert said(web, ASK, header, HERE) == (200, "riverside")


def test_two_hosts_are_none(web: House) -> None:
    twice = [said(web, ASK, HERE, f"Host: {SIBLING}"), said(web, ASK, f"Host: {SIBLING}", HERE)]

    assert twice == [(404, None), (404, None)]


@pytest.mark.parametrize(
    "host",
    [
        "",
        f"riverside.example.localhost,{SIBLING}",
        f"riverside.example.localhost@{SIBLING}",
        f"riverside.example.localhost/{SIBLING}",
        f"riverside.example.localhost#{SIBLING}",
        f"riverside.example.localhost:{SIBLING}",
        "riverside.example.localhost..",
        "riverside",
        "*.example.localhost",
        "[::1]",
        "\xff.example.localhost",
    ],
)
def test_what_is_not_one_host_is_none(web: House, host: str) -> None:
    status, clinic = said(web, ASK, f"Host: {host}")

    assert (status in {400, 404}, clinic) == (True, None)


def test_without_a_host_there_is_no_clinic(web: House) -> None:
    assert said(web, "GET /api/clinic/ HTTP/1.0")[1] is None


def test_an_address_in_the_request_line_does_not_choose_a_second_clinic(web: House) -> None:
    assert said(web, f"GET http://{SIBLING}/api/clinic/ HTTP/1.1", HERE) == (200, "riverside")
