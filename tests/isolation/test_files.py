"""No path leads to a file but those of the web app and the admin: tried at the server of production."""

import socket
from collections.abc import Iterator
from http.client import HTTPResponse

import pytest
from django.conf import settings

from embedded.run_folder import ROOT
from tenants.models import Clinic
from tests.drills.installation import House, open_house

HOSTS = ["riverside.example.localhost", "example.localhost", "nobody.example.localhost"]
UP = ["..", "%2e%2e", "%2E.", "..%00", "%252e%252e", "..;", "%c0%ae%c0%ae", "..%5c"]
"""Ways to say "the folder above"."""
PLACES = [
    "/static",
    "/static/app",
    "/media",
    "/admin/static",
    "/book",
    "/files",
    "/uploads",
    "",
    "/api/schema",
]
TARGETS = ["etc/passwd", "manage.py", "tenants/models.py"]
PLAIN = ["/manage.py", "/.git/config", "/.env", "/etc/passwd", "//etc/passwd", "/file:///etc/passwd"]
PLAIN += [
    "/static//etc/passwd",
    "/static/%2fetc%2fpasswd",
    "/static/C:%5cwindows%5cwin.ini",
    "/static/",
    "/media/",
]
PLAIN += [
    "/static/\\..\\..\\manage.py",
    "/proc/self/environ",
    "/static/..%2f..%2f..%2f..%2f..%2fproc/self/environ",
]


@pytest.fixture(scope="module")
def web(clinics: tuple[Clinic, Clinic]) -> Iterator[House]:
    """A web process of the product."""
    with open_house() as house:
        house.start("web")
        yield house


def secrets_of_files() -> list[bytes]:
    """What stands in the files aimed at, and on no page."""
    return [
        b"root:x:0:0",
        b"DJANGO_SETTINGS_MODULE",
        b"TenantMixin",
        b"repositoryformatversion",
        b"JWT_SECRET",
    ]


def fetched(web: House, host: str, path: str) -> tuple[int, bytes]:
    """Status and body for this very path, which no client has tidied."""
    with socket.create_connection(("127.0.0.1", web.port), timeout=10) as wire:
        wire.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode("latin-1"))
        answer = HTTPResponse(wire)
        answer.begin()
        return answer.status, answer.read()


@pytest.mark.parametrize("host", HOSTS)
def test_no_path_climbs_out_of_the_static_files(web: House, host: str) -> None:
    climbs = [
        f"{place}/{'/'.join([up] * depth)}/{target}"
        for place in PLACES
        for up in UP
        for depth in (1, 8)
        for target in TARGETS
    ]

    told = {path: fetched(web, host, path) for path in [*climbs, *PLAIN]}

    assert {
        path: body[:200]
        for path, (_status, body) in told.items()
        if any(secret in body for secret in secrets_of_files())
    } == {}
    assert {status for status, _body in told.values()} <= {200, 301, 302, 400, 401, 404, 405}


def test_the_files_aimed_at_are_there_and_would_be_known() -> None:
    told = (ROOT / "manage.py").read_bytes() + (ROOT / "tenants" / "models.py").read_bytes()

    assert [secret in told for secret in secrets_of_files()[1:3]] == [True, True]


def test_nothing_is_uploaded_so_there_is_no_folder_of_uploads(web: House) -> None:
    assert (settings.MEDIA_ROOT, settings.MEDIA_URL) == ("", "/")
    assert fetched(web, HOSTS[0], "/media/anything.pdf")[0] in {200, 404}
