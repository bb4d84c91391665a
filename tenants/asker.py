"""From which address the present request came; nothing in a worker or a command."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest

_address: ContextVar[str | None] = ContextVar("asker_address", default=None)


@contextmanager
def asked_by(request: HttpRequest) -> Iterator[None]:
    """For the length of `request`, remember where it came from."""
    token = _address.set(address_of(request))
    try:
        yield
    finally:
        _address.reset(token)


def asker_address() -> str | None:
    """The address of the present request's sender; None where there is no request."""
    return _address.get()


def address_of(request: HttpRequest) -> str | None:
    """The sender's IP address; None where the server knows none.

    Behind our proxy it is the last one in X-Forwarded-For: those before it are the client's own claims.
    """
    given = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        given = request.META.get("HTTP_X_FORWARDED_FOR", given).rsplit(",", 1)[-1].strip()
    try:
        return str(ip_address(given))
    except ValueError:
        return None
