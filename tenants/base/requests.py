"""Reading a request: what it says, through a serializer, and where it comes from."""

from copy import deepcopy
from functools import cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpRequest
from rest_framework.fields import DictField, Field, ListField
from rest_framework.relations import ManyRelatedField
from rest_framework.serializers import BaseSerializer, Serializer
from rest_framework.utils.serializer_helpers import BindingDict

AnyField = Field[Any, Any, Any, Any]
F = TypeVar("F", bound=AnyField)


def read(form: type[Serializer[Any]], given: Any, *, partial: bool = False) -> dict[str, Any]:
    """What `given` (a body or a query) says, checked by `form`.

    :param partial: whether what is required may be left out
    :raises ValidationError: it does not fit
    """
    serializer = _fresh(_empty(form))
    vars(serializer).update(initial_data=given, partial=partial, fields=BindingDict(serializer), _context={})
    for name, field in _fields_of(form).items():
        serializer.fields[name] = _fresh_field(field)
    serializer.is_valid(raise_exception=True)
    checked: dict[str, Any] = serializer.validated_data
    return checked


@cache
def _empty(form: type[Serializer[Any]]) -> Serializer[Any]:
    return form()


@cache
def _fields_of(form: type[Serializer[Any]]) -> dict[str, AnyField]:
    return _empty(form).get_fields()


def _fresh_field(field: AnyField) -> AnyField:
    """A field for one request: it will learn which form it stands in."""
    if isinstance(field, BaseSerializer | ManyRelatedField):
        return deepcopy(field)
    fresh = _fresh(field)
    if isinstance(field, ListField | DictField):
        child: Any = _fresh_field(field.child)
        child.parent = fresh
        vars(fresh)["child"] = child
    return fresh


def _fresh(field: F) -> F:
    """Another one of the same.

    The framework makes each anew from its arguments, and counts them in the class `Field`. By that Python
    forgets what it had learned of all classes of fields: a seventh of the work of refusing a booking.
    """
    fresh = type(field).__new__(type(field))
    vars(fresh).update(vars(field))
    return fresh


def query_of(request: Any) -> dict[str, str]:
    """The query's last value of each name, leaving out those sent empty."""
    return {name: value for name, value in request.query_params.items() if value != ""}


def sender_address(request: HttpRequest) -> IPv4Address | IPv6Address | None:
    """The address a request comes from, as far as it can be trusted; None where the server was told none.

    Behind our proxy that is the last one of `X-Forwarded-For`, which the proxy wrote; those before it are
    anybody's word.
    """
    told = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        told = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip() or told
    try:
        return ip_address(told)
    except ValueError:
        return None


def client_address(request: HttpRequest) -> str:
    """The network that tries are counted for: an IPv4 address, or an IPv6 network; empty where none is known.

    Of IPv6 the first 64 bits count: a household has all the addresses below them.
    """
    address = sender_address(request)
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or ip_network((address.packed, 64), strict=False))
    return str(address or "")
