"""Finds the clinic of each request by its host name."""

from collections.abc import Callable

import structlog
from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import split_domain_port
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _

from tenants.base.words import plain_date
from tenants.current import enter_clinic, leave_clinic
from tenants.models import Clinic
from tenants.routing.hosts import clinic_for_host
from tenants.routing.languages import mark_language, request_language, take_language_from_address
from tenants.routing.request_context import add_rate_limit_headers, request_context

_GetResponse = Callable[[HttpRequest], HttpResponse]


class ClinicMiddleware:
    """Serves each request in the schema and time zone of the clinic that its host name belongs to.

    The language is one of the clinic's (`tenants.routing.languages`).
    """

    def __init__(self, get_response: _GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve the request in its clinic or on the platform's own pages, or refuse it."""
        try:
            with request_context(request):
                response = self._serve(request)
                add_rate_limit_headers(response)
                return response
        finally:
            leave_clinic()

    def _serve(self, request: HttpRequest) -> HttpResponse:
        leave_clinic()
        host = _request_host(request)
        if host == settings.BASE_DOMAIN:
            request.urlconf = settings.PUBLIC_SCHEMA_URLCONF
            return self.get_response(request)
        clinic = clinic_for_host(host)
        if clinic is None:
            return _not_found(request)
        structlog.contextvars.bind_contextvars(clinic=str(clinic.pk))
        take_language_from_address(request)
        with enter_clinic(clinic), translation.override(request_language(request, clinic)):
            response = self._respond(request, clinic)
            mark_language(request, response, clinic)
            return response

    def _respond(self, request: HttpRequest, clinic: Clinic) -> HttpResponse:
        if clinic.status == Clinic.Status.LIVE:
            return self.get_response(request)
        if clinic.status == Clinic.Status.CLOSING:
            return closed_response(request, clinic)
        return _suspended(request, clinic)


def _request_host(request: HttpRequest) -> str:
    """Return the request's host in lower case, without port and final dot; "" if it is invalid."""
    try:
        host, _port = split_domain_port(request.get_host())
    except DisallowedHost:
        return ""
    return host


def wants_json(request: HttpRequest) -> bool:
    """Return whether the client expects JSON: all API requests do."""
    return request.path.startswith("/api/")


def error_response(message: str, code: str, *, status: int) -> JsonResponse:
    """Return an error in the API's envelope, for requests that are refused before they reach a view."""
    body = {
        "success": False,
        "data": None,
        "message": message,
        "code": code,
        "errors": dict[str, list[str]](),
    }
    return JsonResponse(body, status=status)


def _not_found(request: HttpRequest) -> HttpResponse:
    """Return 404 as JSON or HTML. It does not reveal which clinics exist."""
    message = _("There is nothing at this address. Check the link.")
    if wants_json(request):
        return error_response(message, "not_found", status=404)
    return render(
        request, "tenants/said.html", {"heading": _("Page not found"), "message": message}, status=404
    )


def _suspended(request: HttpRequest, clinic: Clinic) -> HttpResponse:
    """Return 503 for a suspended clinic."""
    message = _("You cannot book online with %(clinic)s at the moment. Contact the clinic.") % {
        "clinic": clinic.name
    }
    if wants_json(request):
        return error_response(message, "clinic_suspended", status=503)
    return render(request, "tenants/said.html", {"heading": clinic.name, "message": message}, status=503)


def closed_response(request: HttpRequest, clinic: Clinic) -> HttpResponse:
    """Return 410 for a closed clinic, with the date until which its data is kept."""
    kept_until = clinic.drop_after.astimezone(clinic.zone) if clinic.drop_after else None
    message = _("%(clinic)s has closed. Your data is kept until %(day)s and then deleted.") % {
        "clinic": clinic.name,
        "day": plain_date(kept_until.date()) if kept_until else "",
    }
    if wants_json(request):
        return error_response(message, "clinic_has_closed", status=410)
    return render(request, "tenants/said.html", {"heading": clinic.name, "message": message}, status=410)
