"""Who opens a page: the user of the browser's session, whose cookie the web app uses too."""

from django.conf import settings
from django.http import HttpRequest

from tenants.accounts.errors import SessionEnded
from tenants.accounts.models import User, UserSession
from tenants.accounts.sessions.services import REUSE_GRACE_PERIOD, session_of_token
from tenants.base.clock import now


def visitor(request: HttpRequest) -> User | None:
    """Return the signed-in user; None if there is none."""
    session = browser_session(request)
    return session.user if session else None


def browser_session(request: HttpRequest) -> UserSession | None:
    """Return the session of the refresh token in the browser's cookie, read once per request.

    The token is not exchanged. The web app continues to use it, and without JavaScript it is valid until its
    end. The web app may exchange it while a form of the page is sent, so it still opens pages for
    `REUSE_GRACE_PERIOD`. A browser sends the cookie with requests from this site only (`SameSite=Strict`).
    """
    if not hasattr(request, "browser_session"):
        request.browser_session = _read_session(request)  # type: ignore[attr-defined]
    session: UserSession | None = request.browser_session  # type: ignore[attr-defined]
    return session


def _read_session(request: HttpRequest) -> UserSession | None:
    if not (cookie := request.COOKIES.get(settings.REFRESH_COOKIE)):
        return None
    try:
        return session_of_token(refresh=cookie, grace=REUSE_GRACE_PERIOD, now=now())
    except SessionEnded:
        return None
