"""Whatever is sent to the API by whomever, it is done or refused in the envelope: never a 5xx.

`HOSTILE_CASES=3000` asks for more cases than the usual 300 a person.
"""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tenants.accounts.models import User
from tenants.models import Clinic
from tests.factories.client import ClinicClient
from tests.factories.world import World, make_world

CASES = int(os.environ.get("HOSTILE_CASES", "300"))
DOCUMENT = json.loads((Path(__file__).resolve().parents[2] / "frontend" / "openapi.json").read_text())
SCHEMAS = DOCUMENT["components"]["schemas"]


def fields_of(schema: dict[str, Any]) -> set[str]:
    """The fields of a body, those of every variant and of a list's items."""
    if "$ref" in schema:
        return fields_of(SCHEMAS[schema["$ref"].rsplit("/", 1)[1]])
    inside = [
        *schema.get("oneOf", []),
        *schema.get("allOf", []),
        *([schema["items"]] if "items" in schema else []),
    ]
    return set(schema.get("properties", {})).union(*map(fields_of, inside))


def body_fields(operation: dict[str, Any]) -> list[str]:
    """The fields that an operation's body may have, and some it has not."""
    content = operation.get("requestBody", {}).get("content", {})
    named = {field for kind in content.values() for field in fields_of(kind["schema"])}
    return sorted(named | {"profile", "role", "id"})


def query_names(operation: dict[str, Any]) -> list[str]:
    """What an operation's query may ask, and a page even where there is none."""
    named = [one["name"] for one in operation.get("parameters", []) if one["in"] == "query"]
    return [*named, "page"]


OPERATIONS = [
    (method.upper(), path, query_names(operation), body_fields(operation))
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
]
TEXTS = [
    "", " ", "\x00", "a\x00b", "\ud800", "\udfff\ud800", "\u202eabc", "\u200f", "\ufeff", "é" * 300, "١٢",
    "x" * 20_000, "' OR 1=1 --", "%s%(x)s{0}", "../../etc/passwd", "<script>", "-0", "1e999", "NaN", "9" * 31,
    "null", "0001-01-01", "9999-12-31", "2026-02-30", "2999-12-31", "1970-01-02", "+99999-01-01",
    "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "1970-01-02T00:00:00Z", "2999-12-31T23:59:59Z",
    "2026-06-01T00:00:60Z", "24:00", "00:00", "25:61", "00000000-0000-0000-0000-000000000000",
    "{00000000000000000000000000000000}", "urn:uuid:00000000-0000-0000-0000-000000000000", "a@b.c",
    "\r\nBcc: x",
]  # fmt: skip
NUMBERS = [0, -0.0, -1, 1, 60, 1440, 2**31, 2**63, 10**30, -(10**30), 1e308, float("nan"), float("inf"), True]
LEAVES = st.sampled_from([None, *TEXTS, *NUMBERS]) | st.text(max_size=40) | st.integers() | st.floats()
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
)
DEEP = [b"[" * 50_000, b"[" * 900 + b"]" * 900, b'{"a":' * 900 + b"1" + b"}" * 900, b'{"profile":' * 90]
RAW = st.sampled_from([*DEEP, b"", b"{", b"\xff\xfe", b"nonsense", b"NaN", b"null"])
HEADERS = [
    "Idempotency-Key",
    "Accept",
    "Accept-Language",
    "If-None-Match",
    "If-Modified-Since",
    "Content-Type",
]
HEADERS += ["X-Request-ID", "X-Forwarded-For", "X-HTTP-Method-Override", "Cookie", "Range", "Referer"]
LATIN = st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\x00"), max_size=40)
WORDS = st.sampled_from(["", "*", "*/*;q=x", "text/html", "application/json; charset=x", "x" * 5000, 'W/"x"'])


@dataclass
class Case:
    """One request, but for the keys and bodies only the world knows."""

    method: str
    path: str
    key: str | None
    query: str
    headers: dict[str, str]
    raw: bytes | None
    whole: Any = None
    changes: dict[str, Any] = field(default_factory=dict)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A request that is right in some places and hostile in others."""
    method, path, names, fields = draw(st.sampled_from(OPERATIONS))
    texts = st.sampled_from(TEXTS) | st.text(max_size=40)
    flaw = draw(st.sampled_from(places_of(method, path)))
    query = draw(st.dictionaries(st.sampled_from(names), texts, max_size=2)) if flaw == "query" else {}
    return Case(
        method=method,
        path=path,
        key=draw(texts) if flaw == "key" else None,
        query="&".join(f"{name}={quoted(value)}" for name, value in query.items()),
        headers=draw(st.dictionaries(st.sampled_from(HEADERS), WORDS | LATIN)) if flaw == "headers" else {},
        raw=draw(RAW) if flaw == "raw" else None,
        whole=draw(VALUES) if flaw == "whole" else None,
        changes=draw(st.dictionaries(st.sampled_from(fields), VALUES, max_size=2)),
    )


def places_of(method: str, path: str) -> list[str]:
    """Where a request can have its flaw; with one everywhere, the first who looks would turn it away."""
    places = ["query", "headers"] if method == "GET" else ["headers", "fields", "fields", "raw", "whole"]
    return [*places, "key"] if "{" in path else places


def quoted(text: str) -> str:
    """Percent-encoded, whatever it holds."""
    return quote(text.encode("utf-8", "surrogatepass"), safe="")


def body_of(case: Case, world: World) -> bytes:
    """The case's bytes, or the right body with some fields changed."""
    if case.raw is not None:
        return case.raw
    if case.whole is not None:
        return json.dumps(case.whole).encode()
    good = world.body_of(case.method, written_as_route(case.path))
    if isinstance(good, list):
        hours = {"weekday": 1, "opens": "09:00", "closes": "10:00", "slot_minutes": 30}
        return json.dumps([{**hours, **case.changes}]).encode()
    return json.dumps({**(good or {}), **case.changes}).encode()


def written_as_route(path: str) -> str:
    """A path of the document as the URLconf writes it."""
    return path.replace("{", "<uuid:").replace("}", ">")


def send(case: Case, client: ClinicClient, world: World) -> Any:
    """The answer; nothing stays of it."""
    path = written_as_route(case.path)
    for place, key in world.ids().items():
        path = path.replace(place, key if case.key is None else quoted(case.key))
    with transaction.atomic():
        body = body_of(case, world)
        query = world.query_of(path) if not case.query else f"?{case.query}"
        where, what = path + query, body.decode("latin-1")
        answer = client.generic(
            case.method, where, what, content_type="application/json", headers=case.headers
        )
        transaction.set_rollback(True)
    return answer


@pytest.fixture
def world(clinic: Clinic) -> World:
    """The London clinic, with one of everything."""
    return make_world(clinic)


@pytest.mark.parametrize("who", ["nobody", "patient", "doctor", "admin"])
def test_nothing_that_is_sent_gives_a_5xx(
    world: World, client_for: Callable[[Clinic, User | None], ClinicClient], who: str
) -> None:
    client = client_for(world.clinic, world.users[who])
    client.raise_request_exception = False

    @settings(max_examples=CASES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(cases())
    def holds(case: Case) -> None:
        answer = send(case, client, world)
        assert answer.status_code < 500
        if answer.status_code >= 400:
            assert sorted(answer.json()) == ["code", "data", "errors", "message", "success"]
        elif answer.get("Content-Type") == "application/json" and answer.status_code < 300:
            assert answer.json()["success"] is True

    holds()
