"""A WSGI application without Django, behind the adapter with small limits."""

import hashlib
import json
import time
from collections.abc import Callable, Iterable
from typing import Any

from config.server.application import Application
from config.server.limits import KIB, MIB, Limits

LIMITS = Limits(
    threads=2,
    waiting=2,
    wait=1.0,
    body_start=1.0,
    body_rate=1 * MIB,
    body_in_memory=1 * MIB,
    response_in_memory=1 * MIB,
    body=8 * MIB,
)


def wsgi(environ: dict[str, Any], start_response: Callable[..., None]) -> Iterable[bytes]:
    """Answer with what was received, or with `?size=` bytes, after `?sleep=` seconds."""
    query = dict(pair.split("=") for pair in environ["QUERY_STRING"].split("&") if pair)
    body = environ["wsgi.input"].read()
    time.sleep(float(query.get("sleep", 0)))
    start_response("200 OK", [("Content-Type", "text/plain"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])
    if "size" in query:
        return (b"x" * KIB for _ in range(int(query["size"]) // KIB))
    received = {name: value for name, value in environ.items() if isinstance(value, str)}
    digest = hashlib.sha256(body).hexdigest()
    return [json.dumps({"environ": received, "length": len(body), "sha256": digest}).encode()]


application = Application(wsgi, LIMITS)
