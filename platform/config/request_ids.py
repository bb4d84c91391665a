"""The id of a request: in its response and in each of its log lines."""

import re
import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

HEADER = "X-Request-ID"
_WELL_FORMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")


def choose_request_id(received: str) -> str:
    """Return the id for a request.

    :param received: the id that the request came with; "" if it has none. It is used if our proxy sent the
        request and it is short and plain, so that nobody can write into the log with it.
    """
    if settings.BEHIND_PROXY and _WELL_FORMED.fullmatch(received):
        return received
    return str(uuid.uuid4())


class RequestIdMiddleware:
    """Gives every request an id. The first middleware, so that every response has the header."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve the request, and send its id with the response."""
        request_id = choose_request_id(request.META.get("HTTP_X_REQUEST_ID", ""))
        # RequestLogMiddleware reads it here.
        request.META["HTTP_X_REQUEST_ID"] = request_id
        response = self.get_response(request)
        response[HEADER] = request_id
        return response
