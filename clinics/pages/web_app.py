"""Addresses of the web app that have no page without JavaScript, and addresses that do not exist."""

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import Resolver404, resolve

from tenants.accounts.pages.page_view import page_view


@page_view(public=True)
def web_app(request: HttpRequest, **_arguments: object) -> HttpResponse:
    """Return the page that loads the web app, for an address that needs JavaScript."""
    return render(request, "clinics/web_app.html")


@page_view(public=True)
def portal(request: HttpRequest, **_arguments: object) -> HttpResponse:
    """Return the page that loads the staff's portal, which needs JavaScript."""
    return render(request, "clinics/portal.html")


def not_found(request: HttpRequest) -> HttpResponse:
    """Return 404 with the clinic's phone number, or redirect from an address with a slash at its end."""
    path = request.path.rstrip("/")
    if path != request.path and request.method in {"GET", "HEAD"} and _is_page(path):
        query = request.META.get("QUERY_STRING", "")
        return HttpResponsePermanentRedirect(f"{path}?{query}" if query else path)
    return render(request, "clinics/not_found.html", status=404)


def _is_page(path: str) -> bool:
    try:
        resolve(path)
    except Resolver404:
        return False
    return not path.startswith("//")
