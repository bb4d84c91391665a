"""Sends cached responses before a session, a user or a view is involved.

The pages that visitors open first are the same for everybody who is not signed in. If a view has an attribute
`response_cache`, a `MarkedCache`, its responses are stored there by clinic, language, path and query. A
response may have an attribute `correct_until`: the time from which it is wrong without any write.
"""

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from hashlib import blake2b
from http import HTTPStatus
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.cache import get_conditional_response
from django_redis import get_redis_connection
from redis.exceptions import RedisError

from tenants.accounts.errors import TooManyRequests
from tenants.accounts.rate_limits import AddressThrottle, check_count, queue_count
from tenants.base.clock import now
from tenants.base.requests import rate_limit_address
from tenants.cache import Lookup, MarkedCache
from tenants.current import current_clinic, current_clinic_or_none

_GetResponse = Callable[[HttpRequest], HttpResponse]


class CachedResponseMiddleware:
    """Answers from the cache, or stores the response there. It follows `ClinicMiddleware`.

    A request is counted for the rate limit and looked up in one round trip to Redis.
    """

    def __init__(self, get_response: _GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve the request."""
        view = _cached_view(request)
        if view is None:
            return self.get_response(request)
        cache: MarkedCache = view.response_cache
        moment = now()
        key = _key(request, now=moment)
        lookup = _look_up(request, view, cache, key, now=moment)
        if lookup.value is not None:
            return _unpacked(request, lookup.value)
        response = self.get_response(request)
        if _may_be_stored(request, response):
            until = getattr(response, "correct_until", None)
            cache.cache_set(key, _packed(response), lookup, until=until)
        return response


def _cached_view(request: HttpRequest) -> Any:
    """Return the view of the request if its responses are cached and the same for everybody, else None."""
    if request.method != "GET" or current_clinic_or_none() is None:
        return None
    try:
        match = resolve(request.path_info)
    except Resolver404:
        return None
    view = getattr(match.func, "cls", match.func)
    if getattr(view, "response_cache", None) is None:
        return None
    is_page = view is match.func
    if is_page and not {settings.REFRESH_COOKIE, settings.SESSION_COOKIE_NAME}.isdisjoint(request.COOKIES):
        return None
    request.resolver_match = match  # PublicResponseMiddleware reads it
    return view


def _key(request: HttpRequest, *, now: datetime) -> str:
    """Return a digest of all that a response depends on, but for the rows behind it."""
    clinic = current_clinic()
    parts = [
        translation.get_language(),
        clinic.updated_at,
        now.astimezone(clinic.zone).date(),  # where periods begin if the query names none
        request.scheme,  # in links, as the host is
        request.get_host(),
        request.get_full_path(),
        request.encoding,  # in which the query is read
    ]
    return blake2b(repr(parts).encode(), digest_size=16).hexdigest()


def _look_up(request: HttpRequest, view: Any, cache: MarkedCache, key: str, *, now: datetime) -> Lookup:
    """Count the request and look up its response. Without Redis, or beyond the limit, the view responds."""
    limit = getattr(view, "rate_limit", AddressThrottle.default_limit)
    with suppress(RedisError):
        pipe = get_redis_connection("default").pipeline(transaction=False)
        queue_count(pipe, limit, address=rate_limit_address(request), now=now)
        pipe.mget(cache.keys_to_read(key))
        count, _expiry, found = pipe.execute()
        request.requests_this_minute = count  # type: ignore[attr-defined]  # for `count_anonymous_request`
        with suppress(TooManyRequests):
            check_count(limit, count, now=now)
            return cache.lookup(key, cast("list[bytes | None]", found), at=now)
    return Lookup(value=None, version=None)


def _may_be_stored(request: HttpRequest, response: HttpResponse) -> bool:
    if response.status_code != HTTPStatus.OK or response.streaming or response.cookies:
        return False
    has_nonce = bool(getattr(request, "csp_nonce", None))
    return not has_nonce and "no-store" not in response.headers.get("Cache-Control", "")


def _packed(response: HttpResponse) -> bytes:
    """Return headers and body as they are stored."""
    return json.dumps(dict(response.headers.items())).encode() + b"\n" + response.content


def _unpacked(request: HttpRequest, packed: bytes) -> HttpResponse:
    """Return the response, or 304 if the client has it already (RFC 9110, section 13)."""
    headers, body = packed.split(b"\n", 1)
    response = HttpResponse(body, headers=json.loads(headers))
    etag = response.headers.get("ETag")
    if etag is None:
        return response
    return cast("HttpResponse", get_conditional_response(request, etag=etag, response=response))
