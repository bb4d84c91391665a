"""The `Idempotency-Key` header of the operations that book."""

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from tenants.base.errors import InvalidInput

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="A unique key of up to 255 printable characters, such as a UUID. A repeated request with the "
    "same key returns the first response and does not book again.",
)
MAX_KEY_LENGTH = 255


def idempotency_key(request: Request) -> str:
    """The request's key; empty if it has none.

    :raises InvalidInput: the key is too long or not printable
    """
    key = request.headers.get("Idempotency-Key", "")
    if len(key) > MAX_KEY_LENGTH or not key.isprintable():
        raise InvalidInput(errors={"Idempotency-Key": [_("Use at most 255 printable characters.")]})
    return key
