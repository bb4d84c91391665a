"""ETags of responses (RFC 9110, section 13), computed from their content or from the rows behind it."""

import hashlib
from typing import Any

from django.db.models import Count, DecimalField, Func, QuerySet, Sum, Value
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from rest_framework.request import Request


def content_digest(content: bytes) -> str:
    """A digest of the content, for ETags."""
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def rows_digest(rows: QuerySet[Any], *fields: str) -> str:
    """A text that changes whenever one of these fields of the rows does, or the rows themselves. One query.

    Each row is hashed, and the hashes are summed. The maximum of `updated_at` would not do: of two writes,
    the one with the earlier time may be committed later.
    """
    state = Func(Value(" "), *fields, function="concat_ws")
    found = rows.aggregate(rows=Count("pk"), total=Sum(_Hash(state)))
    return f"{found['rows']} {found['total']}"


class _Hash(Func):
    template = "hashtextextended(%(expressions)s, 0)::numeric"
    output_field = DecimalField()


def unchanged_response(request: Request, *, etag: str) -> HttpResponseBase | None:
    """304 with the ETag if the client has the response already; else None."""
    unchanged: HttpResponseBase | None = get_conditional_response(request._request, etag=etag)
    if unchanged is not None:
        unchanged.headers["ETag"] = etag
    return unchanged
