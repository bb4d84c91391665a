"""DNS queries."""

from functools import cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from time import monotonic

import dns.exception
import dns.resolver
from django.conf import settings

TIMEOUT_SECONDS = 5.0


def txt_records(name: str) -> list[str]:
    """Return the TXT records at `name`; an empty list if there are none or the query fails."""
    try:
        answer = _resolver(tuple(settings.DNS_RESOLVERS)).resolve(
            _absolute(name), "TXT", lifetime=TIMEOUT_SECONDS
        )
    except dns.exception.DNSException:
        return []
    return [b"".join(record.strings).decode("utf-8", "replace") for record in answer]


def resolve_addresses(name: str, *, seconds: float | None = None) -> list[IPv4Address | IPv6Address]:
    """Return the IP addresses of a host; an empty list if there are none or the query fails.

    :param seconds: the time for both kinds of address together; None: `TIMEOUT_SECONDS` for each
    """
    addresses: list[IPv4Address | IPv6Address] = []
    ends_at = monotonic() + (seconds or 0)
    for kind in ("A", "AAAA"):
        lifetime = TIMEOUT_SECONDS if seconds is None else max(ends_at - monotonic(), 0.05)
        try:
            answer = _resolver(tuple(settings.DNS_RESOLVERS)).resolve(
                _absolute(name), kind, lifetime=lifetime
            )
        except dns.exception.DNSException:
            continue
        addresses += [ip_address(record.address) for record in answer]
    return addresses


def _absolute(name: str) -> str:
    return f"{name}."  # otherwise the resolver would also try the search domains of this machine


@cache
def _resolver(servers: tuple[str, ...]) -> dns.resolver.Resolver:
    resolver = dns.resolver.Resolver(configure=not servers)
    if servers:
        resolver.nameservers = [server.rpartition(":")[0] for server in servers]
        resolver.nameserver_ports = {
            server.rpartition(":")[0]: int(server.rpartition(":")[2]) for server in servers
        }
    return resolver
