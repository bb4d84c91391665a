"""Ends sessions of Django Admin and of the console: idle ones, and those of a sign-in that has ended.

The session of a clinic's admin belongs to a `UserSession`, like the tokens of the web app, and input in
either counts for both. The console's sessions, and those that began before this was so, stand alone: they
store the time of the last input themselves.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth import logout, user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils.translation import ngettext

from tenants.accounts.audit.services import AuditAction, write_audit_entries
from tenants.accounts.models import User, UserSession
from tenants.accounts.sessions.idle import IDLE_NOTE, WRITE_INTERVAL, idle_limit, record_input
from tenants.accounts.sessions.services import end_session_by_id
from tenants.base.clock import now

SIGN_IN = "sign_in"
"""The key in the session: the id of the `UserSession` that it belongs to."""
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
        if SIGN_IN in request.session and not _continue_sign_in(request, request.user):
            logout(request)
        elif limit is None:
            return
        elif _is_idle(request, limit):
            _end(request, request.user, limit)
        elif _last_input(request) is None or _is_input(request):
            record_admin_input(request)


@receiver(user_logged_in)
def _on_sign_in(request: HttpRequest | None, **_signal: Any) -> None:
    """Signing in is input, also if the session of an earlier sign-in goes on."""
    if request is not None and LAST_INPUT in request.session:
        request.session[LAST_INPUT] = now().timestamp()


def _continue_sign_in(request: HttpRequest, user: User) -> bool:
    """Find the sign-in of the session. Return whether it has not ended."""
    rows = UserSession.objects.filter(pk=request.session[SIGN_IN], user=user, expires_at__gt=now())
    request.sign_in = rows.first()  # type: ignore[attr-defined]
    return request.sign_in is not None  # type: ignore[attr-defined]


def _sign_in(request: HttpRequest) -> UserSession | None:
    found: UserSession | None = getattr(request, "sign_in", None)
    return found


def _last_input(request: HttpRequest) -> float | None:
    """Return when a person last used the session, in seconds; None if it is not known."""
    session = _sign_in(request)
    if session is not None:
        return session.last_input_at.timestamp()
    stored: float | None = request.session.get(LAST_INPUT)
    return stored


def record_admin_input(request: HttpRequest) -> None:
    """Store that a person used the session now."""
    session = _sign_in(request)
    if session is not None:
        record_input(session=session, now=now())
        return
    moment = now().timestamp()
    if moment - request.session.get(LAST_INPUT, 0) >= WRITE_INTERVAL.total_seconds():
        request.session[LAST_INPUT] = moment


def seconds_left(request: HttpRequest) -> int | None:
    """Return in how many seconds the session ends without input; None if it does not."""
    limit: timedelta | None = getattr(request, "idle_limit", None)
    if limit is None:
        return None
    moment, last = now().timestamp(), _last_input(request)
    return max(0, int((moment if last is None else last) + limit.total_seconds() - moment))


def _is_idle(request: HttpRequest, limit: timedelta) -> bool:
    last = _last_input(request)
    if last is None:
        return False
    past = now().timestamp() - last
    # As for the tokens of the web app, which end at this second.
    return past >= limit.total_seconds() if _sign_in(request) else past > limit.total_seconds()


def _is_input(request: HttpRequest) -> bool:
    """Return whether a person opened a page or sent a form. Old browsers send no `Sec-Fetch-Mode`."""
    mode = request.headers.get("Sec-Fetch-Mode", "navigate")
    match = request.resolver_match
    return mode == "navigate" and match is not None and match.url_name != ACTIVITY_URL_NAME


def _end(request: HttpRequest, user: User, limit: timedelta) -> None:
    session = _sign_in(request)
    if session is not None:
        end_session_by_id(family=session.pk, user=user, by=None, note=IDLE_NOTE)
    else:
        write_audit_entries(what=AuditAction.SESSION_ENDED, by=None, about=[user], note=IDLE_NOTE)
    logout(request)
    minutes = round(limit.total_seconds() / 60)
    text = ngettext(
        "You were signed out because there was no activity for %(minutes)d minute. Sign in again.",
        "You were signed out because there was no activity for %(minutes)d minutes. Sign in again.",
        minutes,
    )
    messages.info(request, text % {"minutes": minutes})
