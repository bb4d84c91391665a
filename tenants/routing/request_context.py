"""The network address and user agent of the current request, and the rate limit that it was counted by.

Empty in a worker or a command.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from tenants.base.requests import client_ip

_address: ContextVar[str | None] = ContextVar("client_address", default=None)
_user_agent: ContextVar[str] = ContextVar("user_agent", default="")


@dataclass(frozen=True, slots=True)
class RateLimit:
    """A limit of requests, and how much of it is left."""

    limit: int
    remaining: int
    resets_in: int
    """Seconds until the limit starts anew."""


_rate_limit: ContextVar[RateLimit | None] = ContextVar("rate_limit", default=None)


@contextmanager
def request_context(request: HttpRequest) -> Iterator[None]:
    """Make the address and user agent of `request` available while it is handled."""
    address = client_ip(request)
    address_token = _address.set(str(address) if address else None)
    user_agent_token = _user_agent.set(request.headers.get("User-Agent", ""))
    rate_limit_token = _rate_limit.set(None)
    try:
        yield
    finally:
        _address.reset(address_token)
        _user_agent.reset(user_agent_token)
        _rate_limit.reset(rate_limit_token)


def current_client_address() -> str | None:
    """Return the client address of the current request; None outside a request."""
    return _address.get()


def current_user_agent() -> str:
    """Return the `User-Agent` of the current request, an untrusted text; "" outside a request."""
    return _user_agent.get()


def note_rate_limit(rate_limit: RateLimit) -> None:
    """Remember a limit for the headers of the response. Of several, the one with the least left counts."""
    noted = _rate_limit.get()
    if noted is None or rate_limit.remaining < noted.remaining:
        _rate_limit.set(rate_limit)


def add_rate_limit_headers(response: HttpResponse) -> None:
    """Add `RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset` (seconds) if a limit was noted.

    These are the headers of draft-ietf-httpapi-ratelimit-headers-06. Later drafts put all into one structured
    field, which hardly any client reads yet.
    """
    if rate_limit := _rate_limit.get():
        response["RateLimit-Limit"] = str(rate_limit.limit)
        response["RateLimit-Remaining"] = str(rate_limit.remaining)
        response["RateLimit-Reset"] = str(rate_limit.resets_in)
