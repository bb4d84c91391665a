"""No request causes a 5xx, and invalid input gets 400."""

import json
import re
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from typing import Any, ClassVar
from urllib.parse import quote

import pytest
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

from clinics.models import Doctor, Patient
from tenants.accounts.models import User
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient
from tests.profiles import sample

BODIES = [
    b"",
    b"{",
    b"nonsense",
    b"\xff\xfe\x00",
    "{}".encode("utf-16"),
    b"null",
    b"7",
    b'"x"',
    b"[]",
    b"[[[]]]",
    b"[" * 100 + b"]" * 100,
    b"[" * 10_000 + b"]" * 10_000,
    b'{"email":' * 100 + b"1" + b"}" * 100,
    b'{"slot_minutes": NaN, "weekday": Infinity}',
    b'{"weekday": ' + b"9" * 5000 + b"}",
    b'{"profile":' * 90,
    b"[" * 900 + b"]" * 900,
]
VALUES: list[Any] = [
    None,
    True,
    0,
    -1,
    10**30,
    1e308,
    "",
    " ",
    "\x00",
    "a\x00b",
    "\ud800",
    "x" * 10_000,
    "2026-02-30",
    "0001-01-01",
    "9999-12-31",
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59-23:59",
    "99999999999999999999-01-01",
    "24:00",
    "25:61",
    "00000000-0000-0000-0000-000000000000",
    "' OR 1=1 --",
    "%s%s%(x)s",
    "١٢",
    [],
    [None],
    {},
    {"a": {"b": []}},
]
FIELDS = [
    "email", "password", "first_name", "last_name", "phone", "date_of_birth", "refresh", "profile",
    "slot", "reason", "patient", "hold", "visit_type", "starts_at", "ends_at", "status", "date", "from",
    "to", "slot_minutes", "weekday", "opens", "closes", "valid_from", "valid_until", "intervals",
    "doctor", "bio", "languages", "token", "current_password", "new_password",
    "name",
]  # fmt: skip
QUERIES = [
    "page", "page_size", "search", "specialty", "weekday", "available_on", "ordering", "doctor", "from",
    "to", "when", "status", "date", "format",
]  # fmt: skip
QUERY_VALUES = [
    "-1", "9" * 31, "inf", "\x00", "\ud800", "x" * 5000, "0001-01-01", "9999-12-31", "' OR 1=1 --",
]  # fmt: skip
ID = "00000000-0000-0000-0000-000000000000"


def paths(patterns: list[URLPattern | URLResolver], before: str = "/") -> Iterator[str]:
    """Yield every path of the URL patterns, with an id in place of each parameter."""
    for pattern in patterns:
        path = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from paths(pattern.url_patterns, path)
        else:
            yield re.sub("<(uuid|str):[a-z_]+>", ID, path)


PATHS = sorted(
    path
    for path in paths(get_resolver(settings.ROOT_URLCONF).url_patterns)
    if path.startswith("/api/") and path not in {"/api/", "/api/schema/", "/api/docs/"}
)
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


class Requester:
    """Sends requests to each path and method, as the first user who has access."""

    operations: ClassVar[list[tuple[str, str, int]]] = []
    """Found once, with thousands of requests."""

    def __init__(self, sign_ins: list[Callable[[], ClinicClient]]) -> None:
        self.sign_ins = sign_ins
        self.clients = [sign_in() for sign_in in sign_ins]
        if not self.operations:
            self.operations.extend(self.find_operations())

    def find_operations(self) -> Iterator[tuple[str, str, int]]:
        """Yield method, path and the first user with access."""
        for path in PATHS:
            for method in METHODS:
                closed = {401, 403, 405}
                with_access = (
                    user
                    for user in range(len(self.sign_ins))
                    if self.request(user, method, path, b"{}") not in closed
                )
                for user in islice(with_access, 1):
                    yield method, path, user

    def request(self, user: int, method: str, path: str, body: bytes = b"") -> int:
        """Send a request and return the status. Check that it is no 5xx and that JSON is enveloped."""
        answer = self.send_once(user, method, path, body)
        if answer.status_code == 401:  # an earlier request may have ended the session
            self.clients[user] = self.sign_ins[user]()
            answer = self.send_once(user, method, path, body)
        assert answer.status_code < 500, (method, path, body[:200], answer.content)
        if answer["Content-Type"] == "application/json":
            assert answer.json()["success"] is (answer.status_code < 400)
        status: int = answer.status_code
        return status

    def send_once(self, user: int, method: str, path: str, body: bytes) -> Any:
        """Send a request and return the response."""
        return self.clients[user].generic(method, path, body, content_type="application/json")  # type: ignore[arg-type]

    def send_body(self, body: bytes) -> None:
        """Send `body` to every operation that takes one."""
        for method, path, user in self.operations:
            if method != "GET":
                self.request(user, method, path, body)

    def send_query(self, query: str) -> None:
        """Send `query` to every GET operation."""
        for method, path, user in self.operations:
            if method == "GET":
                self.request(user, method, f"{path}?{query}")


@pytest.fixture
def requester(
    clinic: Clinic, doctor: Doctor, patient: Patient, admin: User, client_for: Callable[..., ClinicClient]
) -> Requester:
    """Sends requests without a session, as a patient, as a doctor or as an admin."""
    users = (None, patient.user, doctor.user, admin)

    def sign_in(user: User | None) -> ClinicClient:
        # Read the user again: ending all sessions changes the version that tokens must have.
        return client_for(clinic, user and User.objects.get(pk=user.pk))

    return Requester([partial(sign_in, user) for user in users])


def test_every_path_is_requested(requester: Requester) -> None:
    # Nobody has access to the reports of providers without their signature.
    signed = {path for path in PATHS if path.startswith("/api/text-messages/")}
    assert {path for _method, path, _user in requester.operations} == set(PATHS) - signed
    assert [path for path in PATHS if "<" in path] == []


@pytest.mark.property
def test_no_body_breaks_an_address(requester: Requester) -> None:
    for body in sample(BODIES, quick=3):
        requester.send_body(body)


@pytest.mark.property
def test_no_value_breaks_a_field(requester: Requester) -> None:
    for value in sample(VALUES, quick=3):
        fields = dict.fromkeys(FIELDS, value)
        requester.send_body(json.dumps(fields).encode())
        requester.send_body(json.dumps([fields]).encode())


@pytest.mark.property
def test_no_value_breaks_a_query(requester: Requester) -> None:
    for text in sample(QUERY_VALUES, quick=2):
        value = quote(text.encode("utf-8", "surrogatepass"))
        for name in sample(QUERIES, quick=5):
            requester.send_query(f"{name}={value}")


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/api/users/doctors/?page=" + "9" * 31, "page"),
        ("/api/users/doctors/?page=0", "page"),
        ("/api/users/doctors/?page=-1", "page"),
        ("/api/users/doctors/?page=x", "page"),
        ("/api/users/doctors/?page=2", "page"),
        ("/api/users/doctors/?search=%00", "search"),
        ("/api/users/doctors/?available_on=2026-02-30", "available_on"),
        ("/api/appointments/available/?page=" + "9" * 31, "page"),
        ("/api/appointments/available/?from=0001-01-01", "from"),
        ("/api/appointments/available/?doctor=7", "doctor"),
    ],
)
def test_an_invalid_query_parameter_is_named(clinic: Clinic, path: str, field: str) -> None:
    answer = ClinicClient(clinic).get(path)

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])


@pytest.mark.parametrize("text", ["\x00", "a\x00b", "\ud800", "a\udfffb"])
def test_text_that_cannot_be_stored_is_refused(
    clinic: Clinic, patient: Patient, client_for: Callable[..., ClinicClient], text: str
) -> None:
    sent = {"first_name": text, "profile": {"allergies": text}}
    client = client_for(clinic, patient.user)

    answers = [
        client.patch("/api/auth/profile/", json.dumps(body), content_type="application/json")
        for body in (sent, {"profile": sent["profile"]})
    ]

    assert [(answer.status_code, list(answer.json()["errors"])) for answer in answers] == [
        (400, ["first_name"]),
        (400, ["allergies"]),
    ]


@pytest.mark.parametrize("body", [b"{", b"nonsense", b"\xff", b'{"email": "\xed\xa0\x80"}', b"[" * 10_000])
def test_a_body_that_is_not_json_is_invalid(clinic: Clinic, body: bytes) -> None:
    answer = ClinicClient(clinic).post("/api/auth/login/", body, content_type="application/json")

    assert (answer.status_code, answer.json()["success"]) == (400, False)


@pytest.mark.parametrize(
    "name",
    [
        "Idempotency-Key",
        "Accept-Language",
        "If-None-Match",
        "If-Modified-Since",
        "Accept",
        "X-Request-ID",
        "Content-Type",
        "X-Forwarded-For",
        "X-HTTP-Method-Override",
        "Cookie",
        "Range",
        "Referer",
        "Origin",
    ],
)
@pytest.mark.parametrize("value", ["", "\x00", "x" * 5000, "ü", "'", ",;q=x", "*/*;q=banana"])
def test_no_header_breaks_an_address(
    clinic: Clinic, patient: Patient, client_for: Callable[..., ClinicClient], name: str, value: str
) -> None:
    client = client_for(clinic, patient.user)

    available = client.get("/api/appointments/available/", headers={name: value})
    booking = client.post("/api/appointments/bookings/", {"slot": ID}, headers={name: value})

    assert (available.status_code < 500, booking.status_code < 500) == (True, True)
