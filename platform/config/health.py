"""Is it alive, is it ready: asked of any host, by machines."""

from collections.abc import Callable

from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse


class HealthMiddleware:
    """Answers before hosts, clinics and sessions are looked at."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """`/health/live` touches nothing; `/health/ready` asks Postgres."""
        if request.path == "/health/live":
            return JsonResponse({"status": "alive"})
        if request.path == "/health/ready":
            return readiness()
        return self.get_response(request)


def readiness() -> HttpResponse:
    """200 where a request could be served, 503 where Postgres is away."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, InterfaceError):
        connection.close()
        return JsonResponse({"status": "database away"}, status=503, headers={"Retry-After": "2"})
    return JsonResponse({"status": "ready"})
