"""If Postgres is unavailable, every request gets 503 with Retry-After and none waits for long."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = """
import json, sys, django
django.setup()
from django.test import Client
answers = {}
for host, path in json.loads(sys.argv[1]):
    answer = Client(raise_request_exception=False).get(path, headers={"host": host})
    answers[host + path] = [answer.status_code, answer.headers.get("Retry-After"), answer.content.decode()]
print(json.dumps(answers))
"""
HOST, BASE = "riverside.example.localhost", "example.localhost"
REQUESTS = [
    (HOST, "/api/clinic/"),
    (HOST, "/api/appointments/available/"),
    (HOST, "/doctors"),
    (BASE, "/"),
    (HOST, "/health/ready"),
    (HOST, "/health/live"),
]
Answers = dict[str, list[Any]]


@pytest.fixture(scope="module")
def dead_port() -> Iterator[int]:
    """A port on which nothing listens, reserved for this test."""
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        yield reserved.getsockname()[1]


@pytest.fixture(scope="module")
def answers(dead_port: int, tmp_path_factory: pytest.TempPathFactory) -> Answers:
    """The responses of a process that cannot reach Postgres, by host and path."""
    env = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([".", "platform"]),
        "DB_HOST": "127.0.0.1",
        "DB_PORT": str(dead_port),
        "STATIC_ROOT": str(tmp_path_factory.mktemp("static")),
        "DJANGO_LOG_LEVEL": "CRITICAL",
    }
    completed = subprocess.run(
        [sys.executable, "-c", SCRIPT, json.dumps(REQUESTS)],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    answers_by_url: Answers = json.loads(completed.stdout.splitlines()[-1])
    return answers_by_url


@pytest.mark.parametrize("path", ["/api/clinic/", "/api/appointments/available/"])
def test_the_api_answers_503_with_retry_after(answers: Answers, path: str) -> None:
    status, retry_after, body = answers[HOST + path]

    envelope: dict[str, Any] = json.loads(body)
    assert (status, retry_after) == (503, "2")
    assert envelope == {
        "success": False,
        "data": None,
        "message": "The service is not available. Try again in a moment.",
        "code": "unavailable",
        "errors": {},
    }


@pytest.mark.parametrize("address", [f"{HOST}/doctors", f"{BASE}/"])
def test_a_browser_gets_503_and_a_page_that_explains_it(answers: Answers, address: str) -> None:
    status, retry_after, page = answers[address]

    assert (status, retry_after) == (503, "2")
    assert "The service is not available. Try again in a moment." in page


def test_the_process_is_live_but_not_ready(answers: Answers) -> None:
    live, ready = answers[f"{HOST}/health/live"], answers[f"{HOST}/health/ready"]

    assert live == [200, None, '{"status": "alive"}']
    assert ready == [503, "2", '{"status": "database away"}']
