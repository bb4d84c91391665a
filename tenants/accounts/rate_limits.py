"""Limits how many anonymous requests a client address may send. Requests are counted in Redis.

Unlike the attempts of `attempt_limits`, nothing has to be kept from guessing here: the limits keep one
client from taking the capacity of all. So without Redis everything is allowed.
"""

from contextlib import suppress
from datetime import datetime
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django_redis import get_redis_connection
from redis.client import Pipeline
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from tenants.accounts.errors import TooManyRequests
from tenants.accounts.models import User
from tenants.base.clock import now
from tenants.base.requests import rate_limit_address
from tenants.cache import clinic_key
from tenants.routing.request_context import RateLimit, note_rate_limit

WINDOW_SECONDS = 60
"""Windows start with each minute of the clock, so the end of a window needs no lookup."""


class AddressThrottle(BaseThrottle):
    """Counts anonymous requests by client address. A view chooses its limit with the attribute `rate_limit`.

    Signed-in users are not counted: their sessions can be ended.
    """

    default_limit = "reads by address"

    def allow_request(self, request: Request, view: Any) -> bool:
        """Count the request. Django REST framework calls this after authentication.

        :raises TooManyRequests: the address has used up the limit of this minute
        """
        if not isinstance(request.user, User):
            limit_name = getattr(view, "rate_limit", self.default_limit)
            count_anonymous_request(request._request, limit_name, now=now())
        return True


def count_anonymous_request(request: HttpRequest, limit_name: str, *, now: datetime) -> None:
    """Count a request, unless that was done when its response was looked up in the cache.

    :raises TooManyRequests: the address has used up the limit of this minute
    """
    count: int | None = getattr(request, "requests_this_minute", None)
    if count is None:
        count_request(limit_name, address=rate_limit_address(request), now=now)
    else:
        check_count(limit_name, count, now=now)


def count_request(limit_name: str, *, address: str, now: datetime) -> None:
    """Count a request of an address at the current clinic, and note the limit for the response's headers.

    :param limit_name: a key of `settings.RATE_LIMITS`; a limit of 0 allows everything
    :raises TooManyRequests: the address has used up the limit of this minute
    """
    if not settings.RATE_LIMITS[limit_name]:
        return
    with suppress(RedisError):
        pipe = get_redis_connection("default").pipeline(transaction=False)
        queue_count(pipe, limit_name, address=address, now=now)
        check_count(limit_name, cast(int, pipe.execute()[0]), now=now)


def queue_count(pipe: Pipeline, limit_name: str, *, address: str, now: datetime) -> None:
    """Add two commands to `pipe` that count a request. The first one's result is for `check_count`."""
    window = int(now.timestamp()) // WINDOW_SECONDS
    key = clinic_key(f"requests:{_digest(limit_name, address)}:{window}")
    # INCR is atomic, so concurrent requests get different numbers.
    pipe.incr(key)
    pipe.expire(key, 2 * WINDOW_SECONDS)


def check_count(limit_name: str, count: int, *, now: datetime) -> None:
    """Note how much of a limit is left for the response's headers.

    :param count: the requests of the address in this minute
    :raises TooManyRequests: they are more than the limit
    """
    limit: int = settings.RATE_LIMITS[limit_name]
    if not limit:
        return
    resets_in = WINDOW_SECONDS - int(now.timestamp()) % WINDOW_SECONDS
    note_rate_limit(RateLimit(limit=limit, remaining=max(0, limit - count), resets_in=resets_in))
    if count > limit:
        raise TooManyRequests(retry_after=resets_in)


def _digest(limit_name: str, address: str) -> str:
    """Return a text for the key that does not contain the address, which is personal data."""
    return salted_hmac(f"requests: {limit_name}", address, algorithm="sha256").hexdigest()[:32]
