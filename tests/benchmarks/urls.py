"""A clinic's addresses and a view that does nothing, to measure Django, middleware and server alone."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from config.urls_clinic import urlpatterns as clinic_urls


def static_view(request: HttpRequest, size: int) -> HttpResponse:
    """Respond with `size` bytes."""
    return HttpResponse(b"x" * size, content_type="application/json")


urlpatterns = [path("static-view/<int:size>", static_view), *clinic_urls]
