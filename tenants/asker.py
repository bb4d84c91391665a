"""From which address the present request came; nothing in a worker or a command."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.http import HttpRequest

from tenants.base.requests import sender_address

_address: ContextVar[str | None] = ContextVar("asker_address", default=None)


@contextmanager
def asked_by(request: HttpRequest) -> Iterator[None]:
    """For the length of `request`, remember where it came from."""
    address = sender_address(request)
    token = _address.set(str(address) if address else None)
    try:
        yield
    finally:
        _address.reset(token)


def asker_address() -> str | None:
    """The address of the present request's sender; None where there is no request."""
    return _address.get()
