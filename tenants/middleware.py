"""Every request finds its clinic here, or is turned away."""

from collections.abc import Callable

import structlog
from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import split_domain_port
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tenants.asker import asked_by
from tenants.door import enter_clinic, leave_clinic
from tenants.hosts import clinic_for_host
from tenants.models import Clinic

GetResponse = Callable[[HttpRequest], HttpResponse]


class ClinicMiddleware:
    """Host → clinic → schema and zone, for the length of one request."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve inside the host's clinic, on the platform's own pages, or not at all."""
        try:
            with asked_by(request):
                return self._serve(request)
        finally:
            leave_clinic()

    def _serve(self, request: HttpRequest) -> HttpResponse:
        leave_clinic()
        host = host_of(request)
        if host == settings.BASE_DOMAIN:
            request.urlconf = settings.PUBLIC_SCHEMA_URLCONF
            return self.get_response(request)
        clinic = clinic_for_host(host)
        if clinic is None:
            return not_here(request)
        structlog.contextvars.bind_contextvars(clinic=str(clinic.pk))
        with enter_clinic(clinic):
            if clinic.status == Clinic.Status.LIVE:
                return self.get_response(request)
            if clinic.status == Clinic.Status.CLOSING:
                return closed(request, clinic)
            return suspended(request, clinic)


def host_of(request: HttpRequest) -> str:
    """The host a request is for: lower case, without port and final dot; empty when it is not one."""
    try:
        host, _port = split_domain_port(request.get_host())
    except DisallowedHost:
        return ""
    return host


def wants_json(request: HttpRequest) -> bool:
    """Whether a program asks rather than a person."""
    return request.path.startswith("/api/")


def refusal(message: str, code: str, *, status: int) -> JsonResponse:
    """A failure in the API's envelope, for what is turned away before any view."""
    body = {
        "success": False,
        "data": None,
        "message": message,
        "code": code,
        "errors": dict[str, list[str]](),
    }
    return JsonResponse(body, status=status)


def not_here(request: HttpRequest) -> HttpResponse:
    """404 in the form that fits the asker, with no word about which clinics exist."""
    message = _("There is nothing at this address. Check it and try again.")
    if wants_json(request):
        return refusal(message, "not_found", status=404)
    return render(
        request, "tenants/said.html", {"heading": _("Page not found"), "message": message}, status=404
    )


def suspended(request: HttpRequest, clinic: Clinic) -> HttpResponse:
    """503 for a clinic that is closed for now; its data stays."""
    message = _("You cannot book online with %(clinic)s at the moment. Contact the clinic.") % {
        "clinic": clinic.name
    }
    if wants_json(request):
        return refusal(message, "clinic_suspended", status=503)
    return render(request, "tenants/said.html", {"heading": clinic.name, "message": message}, status=503)


def closed(request: HttpRequest, clinic: Clinic) -> HttpResponse:
    """410 for a clinic that has closed for good, and until when what it knows of people is kept."""
    kept = clinic.drop_after.astimezone(clinic.zone) if clinic.drop_after else None
    message = _("%(clinic)s has closed. Your data is kept until %(day)s and then deleted.") % {
        "clinic": clinic.name,
        "day": date_format(kept) if kept else "",
    }
    if wants_json(request):
        return refusal(message, "clinic_has_closed", status=410)
    return render(request, "tenants/said.html", {"heading": clinic.name, "message": message}, status=410)
