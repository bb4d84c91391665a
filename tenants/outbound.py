"""The one client for what is fetched from addresses that somebody has typed in.

It speaks to public addresses only, also after a redirect, reads little and does not wait long: a clinic's
admin must not be able to look around in our network, or to keep a process busy.
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

from tenants.names import addresses_of

SECONDS = 5.0
MOST_BYTES = 4096
MOST_HOPS = 3
FOUND = 200
MOVED = {301, 302, 303, 307, 308}
TRANSLATED = [ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"), ip_network("2002::/16")]
"""Where an IPv4 address, private perhaps, hides in an IPv6 one."""


class NotFetched(Exception):
    """There is no answer that could be used, or none that may be asked for."""


def fetch(url: str) -> bytes:
    """The beginning of what is at `url`.

    :raises NotFetched: nothing usable is there, or it leads where we do not go
    """
    for _hop in range(MOST_HOPS):
        parts = _checked(url)
        try:
            status, body, target = _ask(parts)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise NotFetched(type(error).__name__) from error
        if status == FOUND:
            return body
        if status not in MOVED or not target:
            raise NotFetched(str(status))
        try:
            url = urljoin(url, target)
        except ValueError as error:
            raise NotFetched("no address") from error
    raise NotFetched("too many redirects")


def may_be_asked(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address is a public one, or named in the settings."""
    if any(address in ip_network(network) for network in settings.OUTBOUND_ALLOWED_NETWORKS):
        return True
    hidden = isinstance(address, IPv6Address) and (
        address.ipv4_mapped is not None
        or address.teredo is not None
        or any(address in network for network in TRANSLATED)
    )
    return address.is_global and not address.is_multicast and not hidden


def _checked(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise NotFetched("no address") from error
    if parts.scheme not in settings.OUTBOUND_PORTS or not parts.hostname or parts.username is not None:
        raise NotFetched("no address")
    if port is not None and port != settings.OUTBOUND_PORTS[parts.scheme]:
        raise NotFetched("port")
    if not (parts.path + parts.query + parts.hostname).isascii():
        raise NotFetched("no address")
    return parts


def _ask(parts: SplitResult) -> tuple[int, bytes, str | None]:
    host = str(parts.hostname)
    found = addresses_of(host)
    # All of them, not one: a name with a public and a private address is a trick.
    if not found or not all(may_be_asked(address) for address in found):
        raise NotFetched("not a public address")
    with _connected(parts.scheme, host, found[0]) as connection:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("GET", path, headers={"User-Agent": "clinic-appointments", "Accept": "text/plain"})
        answer = connection.getresponse()
        return answer.status, answer.read(MOST_BYTES), answer.getheader("Location")


@contextmanager
def _connected(
    scheme: str, host: str, address: IPv4Address | IPv6Address
) -> Iterator[http.client.HTTPConnection]:
    # To the very address that was checked: asked for again, the name could lead elsewhere.
    port: int = settings.OUTBOUND_PORTS[scheme]
    plain = socket.create_connection((str(address), port), timeout=SECONDS)

    def hang_up() -> None:
        with suppress(OSError):
            plain.shutdown(socket.SHUT_RDWR)

    # A server that sends a byte now and then keeps within every timeout of a socket, but not within this.
    limit = Timer(SECONDS, hang_up)
    limit.daemon = True
    limit.start()
    connection = http.client.HTTPConnection(host, timeout=SECONDS)
    try:
        connection.sock = plain
        if scheme == "https":
            connection.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=host)
        yield connection
    finally:
        limit.cancel()
        connection.close()
        plain.close()
