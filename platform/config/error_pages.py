"""Error responses outside of views: JSON below `/api/`, a plain page elsewhere."""

import sys
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinics.pages.web_app import not_found as clinic_not_found
from config.envelope import OUTAGES, UNPARSABLE, failure, unavailable
from tenants.base.errors import Unavailable
from tenants.current import current_clinic_or_none
from tenants.routing.middleware import wants_json

_NO_PAGES = ("/api/", "/admin/", "/static/", "/health/", "/metrics")
"""The beginnings of a clinic's addresses that are not pages for its visitors."""
_HEADINGS = {
    400: gettext_lazy("There is a problem with this request"),
    403: gettext_lazy("You do not have access"),
    404: gettext_lazy("Page not found"),
    500: gettext_lazy("Something went wrong"),
    503: gettext_lazy("Try again"),
}


class UnreadableMiddleware:
    """Returns 400 or 503 instead of 500 for errors of pages that are not our fault, so none is reported."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; `process_exception` does the work."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Return 400 if the input caused the exception, 503 if there is too much to do. Django calls this."""
        if isinstance(exception, Unavailable):
            return _error_response(request, unavailable(), 503)
        return bad_request(request) if isinstance(exception, UNPARSABLE) else None


def _error_response(request: HttpRequest, body: dict[str, Any], status: int) -> HttpResponse:
    headers = {"Retry-After": "2"} if status == 503 else {}  # noqa: PLR2004
    if wants_json(request):
        return JsonResponse(body, status=status, headers=headers)
    context = {"heading": _HEADINGS[status], "message": body["message"]}
    return HttpResponse(render_to_string("tenants/said.html", context), status=status, headers=headers)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Return 400: the request cannot be parsed."""
    return _error_response(
        request,
        failure(message=_("The request cannot be read. Check it and send it again."), code="invalid"),
        400,
    )


def forbidden(request: HttpRequest, exception: Exception | None = None, reason: str = "") -> HttpResponse:
    """Return 403, also for a missing CSRF token."""
    return _error_response(
        request,
        failure(
            message=_(
                "You do not have permission to do this. Sign in with another account, or ask the clinic."
            ),
            code="forbidden",
        ),
        403,
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Return 404: at a clinic a page with its phone number."""
    is_page = not request.path.startswith(_NO_PAGES)
    if is_page and current_clinic_or_none() is not None:
        return clinic_not_found(request)
    return _error_response(
        request,
        failure(message=_("There is nothing at this address. Check the link."), code="not_found"),
        404,
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """Return 503 if Postgres is not available, 400 if the input cannot be parsed, else 500."""
    error = sys.exc_info()[1]
    if isinstance(error, OUTAGES):
        return _error_response(request, unavailable(), 503)
    if isinstance(error, UNPARSABLE):
        return bad_request(request)
    message = _("Something went wrong on our side. We have been notified. Try again in a moment.")
    return _error_response(request, failure(message=message, code="server_error"), 500)
