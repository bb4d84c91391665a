"""A report to Sentry contains what is on the list, whatever failed and whatever the SDK collected."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.factories.sentry import sentry_server

ROOT = Path(__file__).resolve().parents[2]
PERSON = "Xanthippe"
"""A name that is nowhere in the code. It stands for every piece of personal data."""

# Everything that the SDK can collect is switched on again, as a later change of its defaults might do.
# Without Postgres every request at a clinic's host fails.
SCRIPT = """
import logging, sys
sys.modules["brotli"] = None  # so that reports use a compression that the standard library supports
import django.core.handlers.wsgi
from config.wsgi import application
import psycopg, sentry_sdk, structlog
from django.http import StreamingHttpResponse
from django.test import RequestFactory
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
import config.urls_platform
from config.celery import app as celery

name = sys.argv[1]
sentry_sdk.get_client().options.update(
    traces_sample_rate=1.0, max_breadcrumbs=100, include_local_variables=True, send_default_pii=True,
    max_request_body_size="always", enable_logs=True,
)

def in_view(request, **kwargs):
    patient = name
    try:
        raise psycopg.errors.UniqueViolation(f"Key (email)=({patient}) already exists.")
    except psycopg.Error as error:
        raise ValueError(f"no appointment for {patient}") from error

def in_stream(request):
    def parts():
        yield b"first"
        raise KeyError(name)
    return StreamingHttpResponse(parts())

def in_code(request):
    return request.no_such_thing

config.urls_platform.urlpatterns += [
    path("fails/<str:who>/", csrf_exempt(in_view)),
    path("streams/", csrf_exempt(in_stream)),
    path("mistake/", csrf_exempt(in_code)),
]

def send(host, target, **headers):
    body = {"first_name": name, "password": name}
    request = RequestFactory().post(
        target + "?search=" + name, body, content_type="application/json",
        headers={
            "host": host, "referer": "https://x/?search=" + name, "cookie": "sessionid=" + name,
            "authorization": "Bearer " + name, "x-forwarded-for": "203.0.113.9", "x-other": name,
            "user-agent": "Browser 1.0",
        },
    )
    try:
        list(application(request.environ, lambda status, headers: print(status[:3])))
    except Exception as error:
        print(type(error).__name__)

base = sys.argv[2]
send("riverside." + base, "/api/auth/login/")
send(base, "/fails/7/")
send(base, "/streams/")
send(base, "/mistake/")

@celery.task(name="tests.fail")
def fail(who):
    raise ValueError(who)

fail.apply(args=[name], throw=False)
logging.getLogger("some.library").error("Cannot serve %s", name)
logging.getLogger("some.library").error(f"Cannot serve {name}")
logging.getLogger("some.library").error("Cannot serve %s", "them", extra={"who": name})
structlog.get_logger("ours").error("mail_refused", recipient=name)
structlog.get_logger("ours").error(f"mail to {name} refused")
sentry_sdk.logger.error("Cannot serve " + name)
sentry_sdk.set_user({"email": name})
sentry_sdk.set_tag("who", name)
sentry_sdk.set_context("who", {"name": name})
sentry_sdk.add_breadcrumb(message=name)
sentry_sdk.capture_exception(RuntimeError(name))
sentry_sdk.flush(10)
"""


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    """What Sentry received from a process in which everything fails."""
    with sentry_server() as (dsn, received):
        env = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([".", "platform"]),
            "DB_HOST": "127.0.0.1",
            "DB_PORT": "1",
            "SENTRY_DSN": dsn,
            "STATIC_ROOT": str(tmp_path_factory.mktemp("static")),
        }
        completed = subprocess.run(
            [sys.executable, "-c", SCRIPT, PERSON, os.environ["BASE_DOMAIN"]],
            cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
        assert completed.returncode == 0, completed.stderr
        assert completed.stdout.split() == ["503", "500", "200", "KeyError", "500"]
        yield received


@pytest.fixture(scope="module")
def events(reports: list[str]) -> list[dict[str, Any]]:
    """The reported events: errors and transactions."""
    lines = [json.loads(line) for report in reports for line in report.splitlines()]
    return [line for line in lines if "event_id" in line and "platform" in line]


def test_no_report_contains_anything_a_person_wrote(reports: list[str]) -> None:
    assert [report for report in reports if PERSON.lower() in report.lower()] == []
    assert [report for report in reports if "203.0.113.9" in report] == []


def test_only_listed_parts_are_sent(events: list[dict[str, Any]]) -> None:
    errors = [event for event in events if event.get("type") != "transaction"]
    unexpected = {"breadcrumbs", "extra", "user", "threads", "_meta"}

    assert [unexpected & event.keys() for event in events] == [set()] * len(events)
    requests = [event["request"] for event in events if "request" in event]
    assert {frozenset(request) for request in requests} == {frozenset({"method", "url", "headers"})}
    headers = {name for request in requests for name in request["headers"]}
    assert headers == {"Host", "Content-Type", "Content-Length", "User-Agent"}
    frames = [
        frame
        for event in errors
        for value in event.get("exception", {}).get("values", [])
        for frame in value.get("stacktrace", {}).get("frames", [])
    ]
    assert frames
    assert [frame for frame in frames if "vars" in frame] == []


def test_a_report_still_says_what_failed_where_and_in_which_request(events: list[dict[str, Any]]) -> None:
    error = next(
        event for event in events if event.get("transaction") == "/fails/{who}/" and "exception" in event
    )

    types = [value["type"] for value in error["exception"]["values"]]
    assert types == ["UniqueViolation", "ValueError"]
    frame = error["exception"]["values"][-1]["stacktrace"]["frames"][-1]
    assert (frame["function"], frame["lineno"] > 0) == ("in_view", True)
    assert error["request"]["method"] == "POST"
    assert error["request"]["url"].endswith("/fails/7/")
    assert (error["tags"]["sqlstate"], len(error["tags"]["request_id"])) == ("23505", 36)


def test_the_message_of_a_mistake_in_the_code_is_sent(events: list[dict[str, Any]]) -> None:
    values = [value for event in events for value in event.get("exception", {}).get("values", [])]
    messages = {value["type"]: value.get("value") for value in values}

    assert messages["AttributeError"] == "'WSGIRequest' object has no attribute 'no_such_thing'"
    assert (messages["ValueError"], messages["KeyError"], messages["RuntimeError"]) == (None, None, None)


def test_a_log_line_is_sent_without_its_values(events: list[dict[str, Any]]) -> None:
    messages = {event["logentry"]["message"] for event in events if "logentry" in event}

    assert {"Cannot serve %s", "mail_refused"} <= messages
    # A text that was formatted before it was logged is replaced by its place in the code.
    assert any(message.startswith("some.library, <string>:") for message in messages)


def test_transactions_have_timings_and_no_data(events: list[dict[str, Any]]) -> None:
    transactions = [event for event in events if event.get("type") == "transaction"]

    assert "/fails/{who}/" in {event["transaction"] for event in transactions}
    allowed = {
        "trace_id",
        "span_id",
        "parent_span_id",
        "op",
        "status",
        "origin",
        "start_timestamp",
        "timestamp",
    }
    spans = [span for event in transactions for span in event.get("spans", [])]
    assert [span.keys() - allowed for span in spans] == [set()] * len(spans)
