"""Responses that are given without Django."""

import json
from http import HTTPStatus
from typing import Any
from uuid import uuid4

RETRY_AFTER = "2"
"""Seconds after which a client may try again."""
_LIVE = json.dumps({"status": "alive"}).encode()
_CODES = {
    400: ("invalid", "The request cannot be read. Check it and send it again."),
    408: ("too_slow", "The request took too long to arrive. Check your connection and send it again."),
    413: ("too_large", "The request is too large. Send less at once."),
    500: ("server_error", "Something went wrong on our side. Try again in a moment."),
    503: ("unavailable", "The service is not available. Try again in a moment."),
}
_PAGE = "<!doctype html><html lang=en><title>{heading}</title><h1>{heading}</h1><p>{message}</p></html>"


def live(protocol: Any) -> None:
    """Answer the liveness probe."""
    headers = [("Content-Type", "application/json"), ("Cache-Control", "no-store")]
    protocol.response_bytes(200, headers, _LIVE)


def refuse(protocol: Any, scope: Any, status: int) -> None:
    """Answer with an error: in the envelope of the API below `/api/`, as a page elsewhere."""
    code, message = _CODES[status]
    if scope.path.startswith(("/api/", "/health/")):
        content_type = "application/json"
        failure: dict[str, Any] = {
            "success": False,
            "data": None,
            "message": message,
            "code": code,
            "errors": {},
        }
        body = json.dumps(failure)
    else:
        content_type = "text/html; charset=utf-8"
        body = _PAGE.format(heading=HTTPStatus(status).phrase, message=message)
    headers = [
        ("Content-Type", content_type),
        ("Cache-Control", "no-store"),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Request-ID", str(uuid4())),
    ]
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers.append(("Retry-After", RETRY_AFTER))
    protocol.response_bytes(status, headers, body.encode())
