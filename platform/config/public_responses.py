"""Decides which responses may be stored and which may be compressed: those that are the same for everybody.

Compression is unsafe where a secret and text that an attacker chooses are in one response: its length tells
how much they have in common (BREACH). Public responses contain no secret.
"""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

PUBLIC = "public, no-cache"
"""May be stored, and is to be asked for again with its ETag, if it has one."""
_PUBLIC_STATUSES = frozenset({200, 304})


class PublicResponseMiddleware(GZipMiddleware):
    """Compresses the responses of views with `public_data = True`, and forbids to store all others."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> Any:
        """Return the response with its `Cache-Control`, compressed if it is public. Django calls this."""
        if not _is_public(request, response):
            if "no-store" not in response.headers.get("Cache-Control", ""):
                response.headers["Cache-Control"] = "no-store"
            return response
        response.headers.setdefault("Cache-Control", PUBLIC)
        return super().process_response(request, response)


def _is_public(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Return whether the view has declared its data public, and this response is such data."""
    if request.method not in {"GET", "HEAD"} or response.status_code not in _PUBLIC_STATUSES:
        return False
    if response.cookies or request.resolver_match is None:
        return False
    if "no-store" in response.headers.get("Cache-Control", ""):
        return False  # a page that shows who is signed in
    view = request.resolver_match.func
    api_view = getattr(view, "cls", None)
    if not getattr(api_view or view, "public_data", False):
        return False
    # Where a sign-in is optional, the response to somebody who is signed in may be about them.
    return not (getattr(api_view, "authentication_classes", ()) and "HTTP_AUTHORIZATION" in request.META)
