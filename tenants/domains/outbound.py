"""Fetches URLs entered by users. All such requests go through this module.

To prevent server-side request forgery it connects to public addresses only, also after a redirect, and it
limits size and time so that a clinic's admin cannot keep a process busy.
"""

import http.client
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_network
from threading import Timer
from time import monotonic
from urllib.parse import SplitResult, urljoin, urlsplit

from django.conf import settings

from tenants.domains.dns import resolve_addresses

TIMEOUT_SECONDS = 5.0
MAX_BYTES = 4096
MAX_ANSWER_BYTES = 64 * 1024
POST_SECONDS = 15.0
"""The deadline of a POST, from the DNS query to the end of the answer. It is below the lease of a job."""
MAX_DNS_SECONDS = 10.0
"""The time for the DNS queries of a request, if its own deadline is not earlier."""
_USER_AGENT = "clinic-appointments"
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


class AddressNotAllowed(FetchError):
    """The URL or a redirect is not one that may be requested."""


class DocumentTooLarge(FetchError):
    """The document is longer than allowed."""


def fetch(url: str) -> bytes:
    """Return the first bytes of the document at `url`.

    :raises FetchError: the request failed, or the URL or a redirect is not allowed
    """
    for _hop in range(_MAX_REDIRECTS):
        with _response(url, headers={"Accept": "text/plain"}, seconds=TIMEOUT_SECONDS) as response:
            if response.status == _OK:
                return response.read(MAX_BYTES)
            target = _redirect_target(url, response)
        if target is None:
            raise FetchError(str(response.status))
        url = target
    raise AddressNotAllowed("too many redirects")


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a POST. A longer body is cut."""

    status: int
    body: bytes
    retry_after: str


def post(url: str, *, body: bytes, headers: Mapping[str, str], method: str = "POST") -> Answer:
    """Send `body` to `url` and return the answer, whatever its status. Redirects are not followed.

    :raises FetchError: the URL is not allowed, the request failed, or it took longer than `POST_SECONDS`
    """
    with _response(url, method=method, body=body, headers=headers, seconds=POST_SECONDS) as response:
        return Answer(response.status, _start_of_body(response), response.getheader("Retry-After") or "")


def _start_of_body(response: http.client.HTTPResponse) -> bytes:
    """Return the first bytes of a body; nothing if it is not complete in time. The status counts."""
    try:
        return response.read(MAX_ANSWER_BYTES)
    except (OSError, http.client.HTTPException):
        return b""


@dataclass(frozen=True, slots=True)
class Document:
    """The whole answer to `read_document`. Names of headers are in lower case."""

    status: int
    body: bytes
    headers: Mapping[str, str]


def read_document(
    url: str,
    *,
    headers: Mapping[str, str],
    seconds: float,
    max_bytes: int,
    method: str = "GET",
    body: bytes | None = None,
) -> Document:
    """Return the answer to a request with its whole body. A GET follows redirects to https addresses.

    A body that is compressed, incomplete or too long is refused, so that its size is that of the transfer.

    :param headers: sent to every host that a redirect names, so they must contain no password with GET
    :param seconds: the deadline of everything, from the first DNS query to the last byte
    :raises FetchError: the URL or a redirect is not allowed, or the request failed
    :raises DocumentTooLarge: the body is longer than `max_bytes`
    """
    ends_at = monotonic() + seconds
    for _hop in range(_MAX_REDIRECTS):
        left = ends_at - monotonic()
        if left <= 0:
            raise FetchError("timeout")
        sent = {"Accept-Encoding": "identity", **headers}
        with _response(url, method=method, body=body, headers=sent, seconds=left) as response:
            target = _redirect_target(url, response) if method == "GET" else None
            content = b"" if target else _whole_body(response, max_bytes=max_bytes)
        if monotonic() >= ends_at:
            raise FetchError("timeout")
        if target is None:
            found = {name.lower(): value for name, value in response.getheaders()}
            return Document(response.status, content, found)
        if urlsplit(target).scheme != urlsplit(url).scheme:
            raise AddressNotAllowed("scheme")
        url = target
    raise AddressNotAllowed("too many redirects")


def _whole_body(response: http.client.HTTPResponse, *, max_bytes: int) -> bytes:
    """Return the body.

    :raises FetchError: it is compressed or incomplete
    :raises DocumentTooLarge: it is longer than `max_bytes`
    """
    if response.getheader("Content-Encoding", "identity").strip().lower() not in {"", "identity"}:
        raise FetchError("compressed")
    if response.length is not None and response.length > max_bytes:
        raise DocumentTooLarge("too large")
    body = response.read(max_bytes + 1)
    if len(body) > max_bytes:
        raise DocumentTooLarge("too large")
    if response.length:
        raise FetchError("incomplete")
    return body


def check_url(url: str) -> None:
    """Check that `url` is an https URL to which requests may be sent now. No connection is made.

    :raises FetchError: it is no such URL, or its host has no public address
    """
    parts = _checked(url)
    if parts.scheme != "https":
        raise AddressNotAllowed("scheme")
    _public_address(str(parts.hostname))


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
        raise AddressNotAllowed("no address") from error
    if parts.scheme not in settings.OUTBOUND_PORTS or not parts.hostname or parts.username is not None:
        raise AddressNotAllowed("no address")
    if port is not None and port != settings.OUTBOUND_PORTS[parts.scheme]:
        raise AddressNotAllowed("port")
    if not (parts.path + parts.query + parts.hostname).isascii():
        raise AddressNotAllowed("no address")
    return parts


@contextmanager
def _response(
    url: str,
    *,
    headers: Mapping[str, str],
    seconds: float,
    method: str = "GET",
    body: bytes | None = None,
) -> Iterator[http.client.HTTPResponse]:
    """Send a request and yield the response. Errors while its body is read become `FetchError` too.

    :raises FetchError: the URL is not allowed, or the request failed
    """
    parts = _checked(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    sent = {"User-Agent": _USER_AGENT, "Connection": "close", **headers}
    try:
        with _connected(parts, seconds=seconds) as connection:
            connection.request(method, target, body=body, headers=sent)
            yield connection.getresponse()
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise FetchError(type(error).__name__) from error


def _redirect_target(url: str, response: http.client.HTTPResponse) -> str | None:
    """Return the URL to which the response to `url` redirects; None if it does not redirect.

    :raises AddressNotAllowed: it is not a URL
    """
    location = response.getheader("Location")
    if response.status not in _REDIRECTS or not location:
        return None
    try:
        return urljoin(url, location)
    except ValueError as error:
        raise AddressNotAllowed("no address") from error


def _public_address(host: str, *, seconds: float | None = None) -> IPv4Address | IPv6Address:
    """Return the address to connect to.

    :param seconds: the time for the DNS queries; None: as `resolve_addresses`
    :raises FetchError: the host has no address, or the DNS query failed
    :raises AddressNotAllowed: an address is not public
    """
    addresses = resolve_addresses(host, seconds=seconds)
    if not addresses:
        raise FetchError("unknown host")
    # Check all addresses: a name with a public and a private address is an attack.
    if not all(is_allowed_address(address) for address in addresses):
        raise AddressNotAllowed("not a public address")
    return addresses[0]


@contextmanager
def _connected(parts: SplitResult, *, seconds: float) -> Iterator[http.client.HTTPConnection]:
    """Connect to the host of a checked URL, for at most `seconds` including the DNS query."""
    ends_at = monotonic() + seconds
    host = str(parts.hostname)
    address = _public_address(host, seconds=min(seconds, MAX_DNS_SECONDS))
    # Connect to the address that was checked. Resolving the name again could return another address.
    port: int = settings.OUTBOUND_PORTS[parts.scheme]
    left = max(ends_at - monotonic(), 0.1)
    connection = http.client.HTTPConnection(host, timeout=left)
    used: socket.socket = socket.create_connection((str(address), port), timeout=left)

    def shut_down() -> None:
        with suppress(OSError):
            # Not the method of an SSL socket, which is not safe while another thread reads from it.
            socket.socket.shutdown(used, socket.SHUT_RDWR)

    # A server that sends a byte at a time may never exceed a socket timeout, so limit the total time too.
    limit = Timer(max(ends_at - monotonic(), 0.1), shut_down)
    limit.daemon = True
    limit.start()
    try:
        if parts.scheme == "https":
            used = ssl.create_default_context().wrap_socket(
                used, server_hostname=host, do_handshake_on_connect=False
            )
            # Only now that `shut_down` knows this socket: wrapping has detached the plain one.
            used.do_handshake()
        connection.sock = used
        yield connection
    finally:
        limit.cancel()
        shut_down()
        connection.close()
        used.close()
