"""What other apps do when somebody signs in or registers in a browser."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse

from tenants.accounts.models import User

_Handler = Callable[[Any, HttpResponse, User], None]
_handlers: list[_Handler] = []


def after_sign_in(handler: _Handler) -> _Handler:
    """Register a function that is called with the request, the response and the user of a new session.

    It must not refuse the sign-in.
    """
    _handlers.append(handler)
    return handler


def run_after_sign_in(request: Any, response: HttpResponse, *, user: User) -> None:
    """Call the registered functions. The session has been stored."""
    for handler in _handlers:
        handler(request, response, user)
