"""The cookie that binds a code to the browser that requested it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpResponse

from tenants.accounts.email_code.services import code_token, request_code
from tenants.accounts.models import EmailCode
from tenants.base.clock import now
from tenants.base.requests import rate_limit_address

_LIFETIME = timedelta(hours=1)
"""Longer than a code works, so that the page can say that it has expired."""
_Handler = Callable[[Any, datetime], None]
_handlers: list[_Handler] = []


def after_code_request(handler: _Handler) -> _Handler:
    """Register a function that is called with the request for a code and the time when the code expires."""
    _handlers.append(handler)
    return handler


def send_code(request: Any, response: HttpResponse, *, email: str) -> EmailCode:
    """Have a code emailed, and bind it to the browser that sent the request.

    :raises TooManyAttempts: as `request_code`
    """
    code = request_code(email=email, address=rate_limit_address(request), now=now())
    for handler in _handlers:
        handler(request, code.expires_at)
    response.set_cookie(
        settings.CODE_COOKIE,
        code_token(code),
        max_age=_LIFETIME,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return code


def code_token_of(request: Any) -> str:
    """Return the token in the browser's cookie; "" if it has none."""
    token: str = request.COOKIES.get(settings.CODE_COOKIE, "")
    return token


def forget_code(response: HttpResponse) -> None:
    """Delete the cookie, after the code was used."""
    response.delete_cookie(settings.CODE_COOKIE, samesite="Lax")
