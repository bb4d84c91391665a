"""The `Idempotency-Key` header of the endpoints that book."""

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from tenants.base.errors import InvalidInput

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="A repeat of the request with the same key gets the first answer and books nothing.",
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
