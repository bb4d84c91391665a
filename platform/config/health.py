"""Health checks, on every host."""

from collections.abc import Callable

from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse


class HealthMiddleware:
    """Answers health checks before clinics and sessions are resolved."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer `/health/live` without any access, and `/health/ready` after a query to Postgres."""
        if request.path == "/health/live":
            return JsonResponse({"status": "alive"})
        if request.path == "/health/ready":
            return _readiness()
        return self.get_response(request)


def _readiness() -> HttpResponse:
    """Return 200 if requests can be served, 503 if Postgres is not available."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, InterfaceError):
        connection.close()
        return JsonResponse({"status": "database away"}, status=503, headers={"Retry-After": "2"})
    return JsonResponse({"status": "ready"})
