"""Ends idle sessions of Django Admin and of the console."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth import logout, user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils.translation import ngettext

from tenants.accounts.audit.services import AuditAction, write_audit_entries
from tenants.accounts.models import User
from tenants.accounts.sessions.idle import IDLE_NOTE, WRITE_INTERVAL, idle_limit
from tenants.base.clock import now

LAST_INPUT = "last_input"
"""The key in the session: a Unix time in seconds."""
ACTIVITY_URL_NAME = "session-activity"


class IdleSessionMiddleware:
    """Signs out users of an admin site who have not used it for too long.

    Opening a page and sending a form count as input. Requests that scripts make do not, except the report of
    input (`record_admin_input`).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve the request."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        """End the session if it is idle, before the view checks who is signed in."""
        match = request.resolver_match
        if match is None or match.app_name != "admin" or not isinstance(request.user, User):
            return
        limit = idle_limit(request.user)
        request.idle_limit = limit  # type: ignore[attr-defined]  # for the page's script
        if limit is None:
            return
        if _is_idle(request, limit):
            _end(request, request.user, limit)
        elif LAST_INPUT not in request.session or _is_input(request):
            record_admin_input(request)


@receiver(user_logged_in)
def _on_sign_in(request: HttpRequest | None, **_signal: Any) -> None:
    """Signing in is input, also if the session of an earlier sign-in goes on."""
    if request is not None and LAST_INPUT in request.session:
        request.session[LAST_INPUT] = now().timestamp()


def record_admin_input(request: HttpRequest) -> None:
    """Store that a person used the session now."""
    moment = now().timestamp()
    if moment - request.session.get(LAST_INPUT, 0) >= WRITE_INTERVAL.total_seconds():
        request.session[LAST_INPUT] = moment


def seconds_left(request: HttpRequest) -> int | None:
    """Return in how many seconds the session ends without input; None if it does not."""
    limit: timedelta | None = getattr(request, "idle_limit", None)
    if limit is None:
        return None
    moment = now().timestamp()
    return max(0, int(request.session.get(LAST_INPUT, moment) + limit.total_seconds() - moment))


def _is_idle(request: HttpRequest, limit: timedelta) -> bool:
    last = request.session.get(LAST_INPUT)
    return last is not None and now().timestamp() - last > limit.total_seconds()


def _is_input(request: HttpRequest) -> bool:
    """Return whether a person opened a page or sent a form. Old browsers send no `Sec-Fetch-Mode`."""
    mode = request.headers.get("Sec-Fetch-Mode", "navigate")
    match = request.resolver_match
    return mode == "navigate" and match is not None and match.url_name != ACTIVITY_URL_NAME


def _end(request: HttpRequest, user: User, limit: timedelta) -> None:
    write_audit_entries(what=AuditAction.SESSION_ENDED, by=None, about=[user], note=IDLE_NOTE)
    logout(request)
    minutes = round(limit.total_seconds() / 60)
    text = ngettext(
        "You were signed out because there was no activity for %(minutes)d minute. Sign in again.",
        "You were signed out because there was no activity for %(minutes)d minutes. Sign in again.",
        minutes,
    )
    messages.info(request, text % {"minutes": minutes})
