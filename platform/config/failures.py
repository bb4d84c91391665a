"""What is answered where no view could: as JSON below `/api/`, as a plain page elsewhere."""

import sys
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from config.envelope import OUTAGES, UNPARSABLE, failure, unavailable
from tenants.middleware import wants_json


def _answer(request: HttpRequest, body: dict[str, Any], status: int) -> HttpResponse:
    headers = {"Retry-After": "2"} if status == 503 else {}  # noqa: PLR2004
    if wants_json(request):
        return JsonResponse(body, status=status, headers=headers)
    response = render(None, "tenants/not_here.html", {"message": body["message"]}, status=status)
    for name, value in headers.items():
        response[name] = value
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request itself is broken."""
    return _answer(request, failure(message=_("This request cannot be read."), code="invalid"), 400)


def forbidden(request: HttpRequest, exception: Exception | None = None, reason: str = "") -> HttpResponse:
    """403: also where a form's CSRF token is missing."""
    return _answer(request, failure(message=_("This is not yours to do."), code="forbidden"), 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    return _answer(request, failure(message=_("There is nothing at this address."), code="not_found"), 404)


def broken(request: HttpRequest) -> HttpResponse:
    """503 where Postgres is away, 400 where what was sent broke something below, else 500."""
    error = sys.exc_info()[1]
    if isinstance(error, OUTAGES):
        return _answer(request, unavailable(), 503)
    if isinstance(error, UNPARSABLE):
        return bad_request(request)
    message = _("Something went wrong on our side. We have been told. Please try again.")
    return _answer(request, failure(message=message, code="server_error"), 500)
