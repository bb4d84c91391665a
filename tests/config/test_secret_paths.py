"""What opens something to whoever knows it is in no log line and in no report to Sentry."""

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from config.secret_paths import hide_secrets_in_text

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "kanarienvogel-kanarienvogel-kanarienvogel_0"
FEED = f"/api/appointments/feeds/{TOKEN}.ics"
ID = "0b9d2e0c-6a58-4a6e-9d5c-0d8f7c1c2b3a"
# Postgres is away, so at a clinic's host every request fails, and is logged and reported as a mistake is.
ASK = """
import sys
sys.modules["brotli"] = None  # so that reports are packed with what the standard library unpacks
import logging
import sentry_sdk
from django.test import RequestFactory
from config.wsgi import application
base, path = sys.argv[1:]
for host in (base, "riverside." + base):
    asked = RequestFactory().get(path, headers={"host": host, "referer": "https://x" + path})
    list(application(asked.environ, lambda status, headers: print(status[:3])))
logging.getLogger("some.library").error("Cannot serve %s", path)
sentry_sdk.flush(5)
"""


class Sentry(BaseHTTPRequestHandler):
    """Takes reports and keeps them."""

    reports: list[str]

    def do_POST(self) -> None:
        """One report, as it came over the wire."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        packed = self.headers.get("Content-Encoding") == "gzip"
        self.reports.append((gzip.decompress(body) if packed else body).decode())
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_words: object) -> None:
        """Say nothing."""


@pytest.fixture
def sentry() -> Iterator[tuple[str, list[str]]]:
    """A Sentry that listens: its DSN and what it was told."""
    reports: list[str] = []
    handler = type("Handler", (Sentry,), {"reports": reports})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://key@127.0.0.1:{server.server_port}/1", reports
        server.shutdown()


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (f"GET {FEED}", "GET /api/appointments/feeds/…"),
        (f"https://x/API/appointments/Feeds//{TOKEN}?a=b", "https://x/API/appointments/Feeds//…?a=b"),
        (f'"{FEED}" and {FEED}', '"/api/appointments/feeds/…" and /api/appointments/feeds/…'),
        (f"/api/appointments/feeds/{ID}/", f"/api/appointments/feeds/{ID}/"),
        (f"/api/appointments/feeds/{ID}.ics", "/api/appointments/feeds/…"),
        ("/api/appointments/feeds/", "/api/appointments/feeds/"),
        (f"/sign-up/{TOKEN}:x/", "/sign-up/…/"),
        ("/sign-up/check-your-email/", "/sign-up/check-your-email/"),
        ("/appointments/7", "/appointments/7"),
    ],
)
def test_only_what_opens_something_is_blotted_out(written: str, kept: str) -> None:
    assert hide_secrets_in_text(written) == kept


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

    asked = subprocess.run(
        [sys.executable, "-c", ASK, os.environ["BASE_DOMAIN"], FEED],
        cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip

    assert asked.stdout.split() == ["404", "503"], asked.stderr
    lines = [json.loads(line) for line in asked.stderr.splitlines() if line.startswith("{")]
    told = {line["event"]: line.get("request") for line in lines}
    shown = "GET /api/appointments/feeds/…"
    assert {name: told.get(name) for name in ("request_started", "request_finished", "request_failed")} == {
        "request_started": shown, "request_finished": shown, "request_failed": shown,
    }  # fmt: skip
    # Not ours: Django's own line about a failure, and a library's.
    theirs = ("Cannot serve /api/appointments/feeds/…", "Service Unavailable: /api/appointments/feeds/…")
    assert [name for name in theirs if name not in told] == []
    assert TOKEN not in asked.stderr
    assert [report for report in reports if TOKEN in report] == []
    events = [json.loads(line) for report in reports for line in report.splitlines() if '"exception"' in line]
    asked_for = next(event["request"] for event in events if "riverside" in event["request"].get("url", ""))
    assert asked_for["url"].endswith("/api/appointments/feeds/…")
    assert asked_for["headers"]["Referer"] == "https://x/api/appointments/feeds/…"
