"""No path gives access to files other than those of the web app and the admin, on the production server."""

import socket
from collections.abc import Iterator
from http.client import HTTPResponse

import pytest
from django.conf import settings

from embedded.run_folder import ROOT
from tenants.models import Clinic
from tests.drills.installation import Installation, open_installation

HOSTS = ["riverside.example.localhost", "example.localhost", "nobody.example.localhost"]
UP = ["..", "%2e%2e", "%2E.", "..%00", "%252e%252e", "..;", "%c0%ae%c0%ae", "..%5c"]
"""Ways to write the parent folder."""
KEY_PARAMETERS = [
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
def web(clinics: tuple[Clinic, Clinic]) -> Iterator[Installation]:
    """A web process of the product."""
    with open_installation() as installation:
        installation.start("web")
        yield installation


def file_markers() -> list[bytes]:
    """Return texts that are in the target files and on no page."""
    return [
        b"root:x:0:0",
        b"DJANGO_SETTINGS_MODULE",
        b"TenantMixin",
        b"repositoryformatversion",
        b"JWT_SECRET",
    ]


def fetch(web: Installation, host: str, path: str) -> tuple[int, bytes]:
    """Return status and body for exactly this path, without a client that normalises it."""
    with socket.create_connection(("127.0.0.1", web.port), timeout=10) as connection:
        connection.sendall(
            f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode("latin-1")
        )
        response = HTTPResponse(connection)
        response.begin()
        return response.status, response.read()


@pytest.mark.parametrize("host", HOSTS)
def test_no_path_escapes_the_static_files(web: Installation, host: str) -> None:
    paths = [
        f"{prefix}/{'/'.join([up] * depth)}/{target}"
        for prefix in KEY_PARAMETERS
        for up in UP
        for depth in (1, 8)
        for target in TARGETS
    ]

    responses = {path: fetch(web, host, path) for path in [*paths, *PLAIN]}

    assert {
        path: body[:200]
        for path, (_status, body) in responses.items()
        if any(marker in body for marker in file_markers())
    } == {}
    assert {status for status, _body in responses.values()} <= {200, 301, 302, 400, 401, 404, 405}


def test_the_target_files_contain_the_markers() -> None:
    content = (ROOT / "manage.py").read_bytes() + (ROOT / "tenants" / "models.py").read_bytes()

    assert [marker in content for marker in file_markers()[1:3]] == [True, True]


def test_there_is_no_upload_folder(web: Installation) -> None:
    assert (settings.MEDIA_ROOT, settings.MEDIA_URL) == ("", "/")
    assert fetch(web, HOSTS[0], "/media/anything.pdf")[0] in {200, 404}
