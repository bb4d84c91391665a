"""A view that does nothing but respond, for comparison."""

from django.http import HttpRequest, HttpResponse


def static_view(request: HttpRequest, size: int) -> HttpResponse:
    """Respond with `size` bytes."""
    return HttpResponse(b"x" * size, content_type="application/json")
