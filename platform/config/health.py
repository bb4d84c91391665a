"""Health checks, on every host. Readiness also makes the process check the rest of the installation."""

import threading
from collections.abc import Callable
from time import monotonic

import structlog
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from console.alarms import watch
from tenants.base.clock import now

_WATCH_SECONDS = 60
log = structlog.get_logger(__name__)


class Watcher:
    """Checks the installation in a thread of its own, at most once a minute.

    Workers check it too, but cannot report that they have stopped themselves.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._next = 0.0

    def start(self) -> threading.Thread | None:
        """Start a check, if the last one was a minute ago. It never blocks the request."""
        with self._lock:
            if monotonic() < self._next:
                return None
            self._next = monotonic() + _WATCH_SECONDS
        thread = threading.Thread(target=_watch, name="watch", daemon=True)
        thread.start()
        return thread


def _watch() -> None:
    try:
        watch(now=now())
    except Exception as error:
        log.warning("watch_failed", error=type(error).__name__)
    finally:
        connection.close()


watcher = Watcher()


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
    if settings.WATCH_FROM_WEB:
        watcher.start()
    return JsonResponse({"status": "ready"})
