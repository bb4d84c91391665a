"""Requests that schemathesis makes from the OpenAPI document: right ones, wrong ones, right ones with a flaw.

`HOSTILE_SEED=7` makes the same requests again.
"""

import json
import os
import secrets
from collections import Counter
from pathlib import Path
from typing import Any

import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tenants.accounts.models import User
from tenants.accounts.sessions.services import start_session
from tests.factories.clinic_client import connection, host_of
from tests.factories.scenario import World

DOCUMENT = Path(__file__).resolve().parents[2] / "frontend" / "openapi.json"
SEED = int(os.environ.get("HOSTILE_SEED") or secrets.randbelow(2**32))
CHECKS: list[Any] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
FLAWS: st.SearchStrategy[Any] = st.sampled_from([
    None, True, 0, -1, 2**63, 10**30, 1e308, "", " ", "\x00", "a\x00b", "\u202eabc", "\ufeff", "é" * 300,
    "x" * 20_000, "' OR 1=1 --", "%s%(x)s{0}", "../../etc/passwd", "<script>", "١٢", "NaN", "9" * 31,
    "0001-01-01", "9999-12-31", "2026-02-30", "+99999-01-01", "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59-23:59", "1970-01-02T00:00:00Z", "2999-12-31T23:59:59Z", "2026-06-01T00:00:60Z",
    "24:00", "25:61", "urn:uuid:00000000-0000-0000-0000-000000000000", "a@b.c", "\r\nBcc: x",
    [], [None], [[None]], {}, {"a": {"b": []}},
])  # fmt: skip
"""What has broken such products before. schemathesis comes upon few of these on its own."""


class Asker:
    """One person who sends requests to the WSGI application, at one clinic."""

    def __init__(self, world: World, user: User | None) -> None:
        schema = schemathesis.openapi.from_dict(json.loads(DOCUMENT.read_text()))
        self.operations = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
        self.world = world
        self.app = get_wsgi_application()
        self.home = f"http://{host_of(world.clinic)}"
        self.headers = {"Authorization": f"Bearer {start_session(user=user).access}"} if user else {}
        self.bodies = {
            each.label: world.body_of(each.method.upper(), as_route(each.path)) for each in self.operations
        }
        self.answers: Counter[int] = Counter()
        """How many of each status there were."""

    def keys(self, path: str) -> dict[str, str]:
        """The keys of what is really there, for the places in a path."""
        keys = self.world.ids().items()
        return {place.strip("<>").partition(":")[2]: key for place, key in keys if place in as_route(path)}

    def ask(self, case: Case[Any]) -> None:
        """Hold the answer against the document; nothing stays of what the request did."""
        before = connection.tenant
        with transaction.atomic():
            answer = case.call(base_url=self.home, headers=self.headers, app=self.app)
            transaction.set_rollback(True)
        connection.set_tenant(before)
        self.answers[answer.status_code] += 1
        case.validate_response(answer, checks=CHECKS)
        if answer.status_code >= 400:
            assert sorted(answer.json()) == ["code", "data", "errors", "message", "success"]

    def ask_many(self, count: int) -> None:
        """Ask as often as that; the first answer that is wrong is shown with the request, made small."""
        # As Django's own test client does: the test's transaction is on this connection.
        for signal in (request_started, request_finished):
            signal.disconnect(close_old_connections)
        try:
            _run(self, count)
        except BaseException as error:
            error.add_note(f"The same requests again: HOSTILE_SEED={SEED}")
            raise
        finally:
            for signal in (request_started, request_finished):
                signal.connect(close_old_connections)


def _run(asker: Asker, count: int) -> None:
    @seed(SEED)
    @settings(max_examples=count, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(cases(asker))
    def holds(case: Case[Any]) -> None:
        asker.ask(case)

    holds()


def as_route(path: str) -> str:
    """A path of the document as the URLconf writes it."""
    return path.replace("{token}", "<str:token>").replace("{", "<uuid:").replace("}", ">")


@st.composite
def cases(draw: st.DrawFn, asker: Asker) -> Case[Any]:
    """One request: what schemathesis makes, mostly for what is there, with some fields as they should be."""
    operation = draw(st.sampled_from(asker.operations))
    there = asker.keys(operation.path) if draw(st.integers(0, 3)) else None
    mode = draw(st.sampled_from(list(GenerationMode)))
    case: Case[Any] = draw(operation.as_strategy(generation_mode=mode, path_parameters=there))
    good = asker.bodies[operation.label]
    if isinstance(good, dict) and good and isinstance(case.body, dict):
        right: set[str] = draw(st.sets(st.sampled_from(sorted(good))))
        case.body = {**case.body, **{name: good[name] for name in right}}
    if isinstance(case.body, dict) and case.body and draw(st.booleans()):
        flawed = draw(st.sampled_from(sorted(case.body)))
        case.body = {**case.body, flawed: draw(FLAWS)}
    return case
