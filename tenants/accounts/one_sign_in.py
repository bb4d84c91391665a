"""One sign-in for the web app and the clinic's admin.

Both sessions of a browser belong to one `UserSession`: the refresh token in the web app's cookie, and
Django's session, which stores its id. Neither outlives it. So signing out, a new password, a deactivation
and the end of an idle session end both, wherever they happen. The console is separate: operators have no
web app.
"""

import uuid
from collections.abc import Callable
from typing import Any

import django_otp
from django.conf import settings
from django.contrib.auth import login, user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse

from tenants.accounts.errors import SessionEnded
from tenants.accounts.models import User
from tenants.accounts.second_factor.challenge import confirmed_authenticator
from tenants.accounts.sessions.api.cookies import set_refresh_cookie
from tenants.accounts.sessions.idle_middleware import SIGN_IN
from tenants.accounts.sessions.services import end_session_by_id, session_of_token, start_session
from tenants.base.clock import now

_BACKEND = "tenants.accounts.sign_in.backend.EmailBackend"


def take_over_sign_in(request: HttpRequest, *, may_use: Callable[[Any], bool]) -> bool:
    """Sign the browser in to the admin, if it is signed in at the web app as somebody who may use the admin.

    The token is only read, not used: the web app goes on with it. The key of the session is new.

    :return: whether the browser was signed in
    """
    try:
        session = session_of_token(refresh=request.COOKIES.get(settings.REFRESH_COOKIE, ""), now=now())
    except SessionEnded:
        return False
    if not may_use(session.user):
        return False
    login(request, session.user, backend=_BACKEND)
    request.session[SIGN_IN] = str(session.pk)
    # A user with an authenticator app has proven it in every session: setting it up ended the earlier ones.
    if (device := confirmed_authenticator(session.user)) is not None:
        django_otp.login(request, device)  # type: ignore[no-untyped-call]  # it has no types
    return True


def share_sign_in(request: HttpRequest, response: HttpResponse, *, user: User) -> None:
    """Sign the browser in to the web app as well, after all steps of the sign-in to the admin."""
    session_id = uuid.uuid4()
    session = start_session(user=user, family=session_id, now=now())
    request.session[SIGN_IN] = str(session_id)
    set_refresh_cookie(response, session.refresh)


@receiver(user_logged_out)
def _on_sign_out(request: HttpRequest | None, user: User | None, **_signal: Any) -> None:
    """Signing out of the admin ends the session at the web app."""
    session_id = request.session.get(SIGN_IN) if request is not None else None
    if session_id and isinstance(user, User):
        end_session_by_id(family=uuid.UUID(session_id), user=user, by=user)
