"""Fetches URLs entered by users. All such requests go through this module.

To prevent server-side request forgery it connects to public addresses only, also after a redirect, and it
limits size and time so that a clinic's admin cannot keep a process busy.
"""

import http.client
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from ipaddress import IPv4Address, IPv6Address, ip_network
from threading import Timer
from urllib.parse import SplitResult, urljoin, urlsplit

from django.conf import settings

from tenants.domains.dns import resolve_addresses

TIMEOUT_SECONDS = 5.0
MAX_BYTES = 4096
_MAX_REDIRECTS = 3
_OK = 200
_REDIRECTS = {301, 302, 303, 307, 308}
_GLOBAL_UNICAST = ip_network("2000::/3")
"""The only IPv6 addresses that IANA allocates to the internet (RFC 4291, section 2.4)."""
_NAT64 = ip_network("64:ff9b::/96")
"""Its addresses stand for the IPv4 address in their last 32 bits (RFC 6052). DNS64 resolvers return them."""
_NEVER_PUBLIC = [
    # `is_global` depends on the version of Python, and its registry calls some of these reachable.
    ip_network("192.0.0.0/24"),  # protocol assignments: 192.0.0.9 is answered by the nearest NAT gateway
    ip_network("192.88.99.0/24"),  # 6to4 relays, withdrawn by RFC 7526
    ip_network("168.63.129.16/32"),  # Azure's host, reachable from every virtual machine there
    ip_network("2001::/23"),  # protocol assignments, with Teredo
    ip_network("2002::/16"),  # 6to4: a relay would forward to the IPv4 address inside
    ip_network("3fff::/20"),  # documentation
]


class FetchError(Exception):
    """The URL may not be fetched, or the request failed."""


def fetch(url: str) -> bytes:
    """Return the first bytes of the document at `url`.

    :raises FetchError: the request failed, or the URL or a redirect is not allowed
    """
    for _hop in range(_MAX_REDIRECTS):
        parts = _checked(url)
        try:
            status, body, target = _request(parts)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise FetchError(type(error).__name__) from error
        if status == _OK:
            return body
        if status not in _REDIRECTS or not target:
            raise FetchError(str(status))
        try:
            url = urljoin(url, target)
        except ValueError as error:
            raise FetchError("no address") from error
    raise FetchError("too many redirects")


def is_allowed_address(address: IPv4Address | IPv6Address) -> bool:
    """Return whether `address` is public, or allowed by the setting OUTBOUND_ALLOWED_NETWORKS."""
    address = _translated(address)
    if any(address in ip_network(network) for network in settings.OUTBOUND_ALLOWED_NETWORKS):
        return True
    if address.is_multicast or any(address in network for network in _NEVER_PUBLIC):
        return False
    # This also refuses the other ways to write an IPv4 address, such as `::127.0.0.1`.
    return address.is_global and (isinstance(address, IPv4Address) or address in _GLOBAL_UNICAST)


def _translated(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Return the IPv4 address that a connection to a mapped (`::ffff:…`) or NAT64 address reaches."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address in _NAT64:
            return IPv4Address(address.packed[-4:])
    return address


def _checked(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise FetchError("no address") from error
    if parts.scheme not in settings.OUTBOUND_PORTS or not parts.hostname or parts.username is not None:
        raise FetchError("no address")
    if port is not None and port != settings.OUTBOUND_PORTS[parts.scheme]:
        raise FetchError("port")
    if not (parts.path + parts.query + parts.hostname).isascii():
        raise FetchError("no address")
    return parts


def _request(parts: SplitResult) -> tuple[int, bytes, str | None]:
    host = str(parts.hostname)
    addresses = resolve_addresses(host)
    # Check all addresses: a name with a public and a private address is an attack.
    if not addresses or not all(is_allowed_address(address) for address in addresses):
        raise FetchError("not a public address")
    with _connected(parts.scheme, host, addresses[0]) as connection:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("GET", path, headers={"User-Agent": "clinic-appointments", "Accept": "text/plain"})
        response = connection.getresponse()
        return response.status, response.read(MAX_BYTES), response.getheader("Location")


@contextmanager
def _connected(
    scheme: str, host: str, address: IPv4Address | IPv6Address
) -> Iterator[http.client.HTTPConnection]:
    # Connect to the address that was checked. Resolving the name again could return another address.
    port: int = settings.OUTBOUND_PORTS[scheme]
    plain = socket.create_connection((str(address), port), timeout=TIMEOUT_SECONDS)

    def shut_down() -> None:
        with suppress(OSError):
            plain.shutdown(socket.SHUT_RDWR)

    # A server that sends a byte at a time may never exceed a socket timeout, so limit the total time too.
    limit = Timer(TIMEOUT_SECONDS, shut_down)
    limit.daemon = True
    limit.start()
    connection = http.client.HTTPConnection(host, timeout=TIMEOUT_SECONDS)
    try:
        connection.sock = plain
        if scheme == "https":
            connection.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=host)
        yield connection
    finally:
        limit.cancel()
        connection.close()
        plain.close()
