"""What follows when somebody signs in or registers in a browser, in this app and in others."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse

from tenants.accounts.languages import keep_language_used
from tenants.accounts.models import User
from tenants.accounts.sessions.known_devices import remember_device

_Handler = Callable[[Any, HttpResponse, User], None]
_handlers: list[_Handler] = []


def after_sign_in(handler: _Handler) -> _Handler:
    """Register a function that is called with the request, the response and the user of a new session.

    It must not refuse the sign-in.
    """
    _handlers.append(handler)
    return handler


def run_after_sign_in(request: Any, response: HttpResponse, *, user: User) -> None:
    """Remember the device and the language in use, and call the registered functions.

    The session has been stored.
    """
    remember_device(request, response, user=user)
    keep_language_used(user)
    for handler in _handlers:
        handler(request, response, user)
