"""The `Idempotency-Key` header of the operations that book."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from scheduling.services.idempotency import answer_once, first_answer
from tenants.accounts.permissions import user_of
from tenants.base.clock import now
from tenants.base.errors import InvalidInput

KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="A unique key of up to 255 printable characters, such as a UUID. A repeated request with the "
    "same key returns the first response and does not book again.",
)
LONGEST_KEY = 255


def made_once(request: Request, *, given: dict[str, Any], act: Callable[[], Any]) -> Response:
    """Run `act` and return 201 with its result. A repeat with the same key gets the stored result.

    :param given: the validated input, which distinguishes a repeat from another request with the same key
    :raises InvalidInput: the key is too long or not printable
    :raises IdempotencyKeyReused: the key was used for another request
    """
    key, user = key_of(request), user_of(request)
    answer = answer_once(user=user, key=key, request=given, act=act, now=now()) if key else act()
    return Response(answer, status=status.HTTP_201_CREATED)


def made_before(request: Request, *, given: dict[str, Any]) -> Response | None:
    """The stored response of an earlier request with the same key, or None.

    :raises InvalidInput: the key is too long or not printable
    :raises IdempotencyKeyReused: the key was used for another request
    """
    key = key_of(request)
    answer = first_answer(user=user_of(request), key=key, request=given) if key else None
    return None if answer is None else Response(answer, status=status.HTTP_201_CREATED)


def key_of(request: Request) -> str:
    """The request's key, or an empty string.

    :raises InvalidInput: the key is too long or not printable
    """
    key = request.headers.get("Idempotency-Key", "")
    if len(key) > LONGEST_KEY or not key.isprintable():
        raise InvalidInput(errors={"Idempotency-Key": [_("Use at most 255 printable characters.")]})
    return key
