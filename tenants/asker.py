"""From which address and program the present request came; nothing in a worker or a command."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.http import HttpRequest

from tenants.base.requests import sender_address

_address: ContextVar[str | None] = ContextVar("asker_address", default=None)
_program: ContextVar[str] = ContextVar("asker_program", default="")


@contextmanager
def asked_by(request: HttpRequest) -> Iterator[None]:
    """For the length of `request`, remember where it came from and what it called itself."""
    address = sender_address(request)
    token = _address.set(str(address) if address else None)
    program = _program.set(request.headers.get("User-Agent", ""))
    try:
        yield
    finally:
        _address.reset(token)
        _program.reset(program)


def asker_address() -> str | None:
    """The address of the present request's sender; None where there is no request."""
    return _address.get()


def asker_program() -> str:
    """The `User-Agent` of the present request, which may be anything; empty where there is no request."""
    return _program.get()
