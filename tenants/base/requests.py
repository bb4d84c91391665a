"""Validating the input of a request with a serializer, and finding the client's address."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from rest_framework.serializers import Serializer


def validate(serializer_class: type[Serializer[Any]], data: Any, *, partial: bool = False) -> dict[str, Any]:
    """Validate a request's body or query with a serializer and return the validated data.

    :param partial: whether required fields may be missing
    :raises ValidationError: the input is invalid
    """
    serializer = serializer_class(data=data, partial=partial)
    serializer.is_valid(raise_exception=True)
    validated: dict[str, Any] = serializer.validated_data
    return validated


def query_params(request: Any) -> dict[str, str]:
    """Return the query parameters, each with its last value. Empty ones are left out."""
    return {name: value for name, value in request.query_params.items() if value != ""}


def is_from_own_page(request: HttpRequest) -> bool:
    """Return whether a form was sent from a page of this host, as far as the browser says so.

    Pages of other sites cannot change these headers. Text browsers send neither, and run no foreign scripts.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    return origin is None or origin == f"{request.scheme}://{request.get_host()}"


def client_ip(request: HttpRequest) -> IPv4Address | IPv6Address | None:
    """Return the client's IP address; None if the server does not know it.

    Behind our proxy that is the last address in `X-Forwarded-For`, which the proxy added. Earlier ones can be
    forged by the client.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        address = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip() or address
    try:
        return ip_address(address)
    except ValueError:
        return None


def rate_limit_address(request: HttpRequest) -> str:
    """Return the address that rate limits count by: an IPv4 address or an IPv6 /64 network; "" if unknown.

    A household usually gets a whole /64 network, so single IPv6 addresses are not counted.
    """
    address = client_ip(request)
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or ip_network((address.packed, 64), strict=False))
    return str(address or "")
