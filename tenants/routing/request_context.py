"""The network address and user agent of the current request; empty in a worker or a command."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.http import HttpRequest

from tenants.base.requests import client_ip

_address: ContextVar[str | None] = ContextVar("client_address", default=None)
_user_agent: ContextVar[str] = ContextVar("user_agent", default="")


@contextmanager
def request_context(request: HttpRequest) -> Iterator[None]:
    """Make the address and user agent of `request` available while it is handled."""
    address = client_ip(request)
    address_token = _address.set(str(address) if address else None)
    user_agent_token = _user_agent.set(request.headers.get("User-Agent", ""))
    try:
        yield
    finally:
        _address.reset(address_token)
        _user_agent.reset(user_agent_token)


def current_client_address() -> str | None:
    """Return the client address of the current request; None outside a request."""
    return _address.get()


def current_user_agent() -> str:
    """Return the `User-Agent` of the current request, an untrusted text; "" outside a request."""
    return _user_agent.get()
