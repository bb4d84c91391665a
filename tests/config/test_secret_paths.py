"""Secret paths appear in no log line and in no report to Sentry."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.secret_paths import hide_secrets_in_text
from tests.factories.sentry import sentry_server

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "kanarienvogel-kanarienvogel-kanarienvogel_0"
FEED = f"/api/appointments/feeds/{TOKEN}.ics"
ID = "0b9d2e0c-6a58-4a6e-9d5c-0d8f7c1c2b3a"
# Without Postgres every request at a clinic's host fails, and is logged and reported as an error.
SCRIPT = """
import sys
sys.modules["brotli"] = None  # so that reports use a compression that the standard library supports
import logging
import sentry_sdk
from django.test import RequestFactory
from config.wsgi import application
base, path = sys.argv[1:]
for host in (base, "riverside." + base):
    request = RequestFactory().get(path, headers={"host": host, "referer": "https://x" + path})
    list(application(request.environ, lambda status, headers: print(status[:3])))
logging.getLogger("some.library").error("Cannot serve %s", path)
sentry_sdk.flush(5)
"""


@pytest.fixture
def sentry() -> Iterator[tuple[str, list[str]]]:
    """A local Sentry: its DSN and the reports that it has received."""
    with sentry_server() as server:
        yield server


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (f"GET {FEED}", "GET /api/appointments/feeds/…"),
        (f"https://x/API/appointments/Feeds//{TOKEN}?a=b", "https://x/API/appointments/Feeds//…?a=b"),
        (f'"{FEED}" and {FEED}', '"/api/appointments/feeds/…" and /api/appointments/feeds/…'),
        (f"/api/appointments/feeds/{ID}/", f"/api/appointments/feeds/{ID}/"),
        (f"/api/appointments/feeds/{ID}.ics", "/api/appointments/feeds/…"),
        ("/api/appointments/feeds/", "/api/appointments/feeds/"),
        (f"/sign-up/{TOKEN}:x/", "/sign-up/…/"),
        ("/sign-up/check-your-email/", "/sign-up/check-your-email/"),
        (f"https://x/visit/cancel/{TOKEN}", "https://x/visit/cancel/…"),
        (f"/Visit//move/{TOKEN}?from=2026-03-02", "/Visit//move/…?from=2026-03-02"),
        ("/appointments/7", "/appointments/7"),
    ],
)
def test_only_secrets_in_paths_are_hidden(written: str, expected: str) -> None:
    assert hide_secrets_in_text(written) == expected


def test_a_feeds_token_is_in_no_log_line_and_in_no_report(
    sentry: tuple[str, list[str]], tmp_path: Path
) -> None:
    dsn, reports = sentry
    env = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([".", "platform"]),
        "DB_HOST": "127.0.0.1",
        "DB_PORT": "1",
        "SENTRY_DSN": dsn,
        "STATIC_ROOT": str(tmp_path),
        "DJANGO_LOG_LEVEL": "DEBUG",
    }

    completed = subprocess.run(
        [sys.executable, "-c", SCRIPT, os.environ["BASE_DOMAIN"], FEED],
        cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip

    assert completed.stdout.split() == ["404", "503"], completed.stderr
    lines = [json.loads(line) for line in completed.stderr.splitlines() if line.startswith("{")]
    requests = {line["event"]: line.get("request") for line in lines}
    hidden = "GET /api/appointments/feeds/…"
    events = ("request_started", "request_finished", "request_failed")
    assert {name: requests.get(name) for name in events} == dict.fromkeys(events, hidden)
    # Lines that Django and another library write.
    other_events = (
        "Cannot serve /api/appointments/feeds/…",
        "Service Unavailable: /api/appointments/feeds/…",
    )
    assert [name for name in other_events if name not in requests] == []
    assert TOKEN not in completed.stderr
    assert [report for report in reports if TOKEN in report] == []
    errors = [json.loads(line) for report in reports for line in report.splitlines() if '"exception"' in line]
    reported_request = next(
        error["request"] for error in errors if "riverside" in error["request"].get("url", "")
    )
    assert reported_request["url"].endswith("/api/appointments/feeds/…")
    assert "Referer" not in reported_request["headers"]
