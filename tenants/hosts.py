"""Host name → clinic, kept in the process: routing a request costs no query."""

from contextlib import suppress
from threading import Lock

from cachetools import TTLCache
from django.conf import settings
from django.db import transaction

from tenants.models import Clinic, Domain

# Another process learns of a change when its entry ends: five seconds, the longest a suspended
# clinic goes on answering. The size bounds what made-up host names can make us remember.
_clinics: TTLCache[str, Clinic | None] = TTLCache(maxsize=10_000, ttl=settings.HOST_MAP_SECONDS)
_lock = Lock()


def clinic_for_host(host: str) -> Clinic | None:
    """The clinic that answers at `host` (lower case, no port); None where there is none."""
    # Not `in` and then `[]`: an entry may end between the two.
    with _lock, suppress(KeyError):
        return _clinics[host]
    domain = Domain.objects.select_related("tenant").filter(domain=host).first()
    clinic = domain.tenant if domain else None
    with _lock:
        _clinics[host] = clinic
    return clinic


def forget_hosts() -> None:
    """Drop the map of this process now."""
    with _lock:
        _clinics.clear()


def forget_hosts_on_commit() -> None:
    """Drop the map once the change that is being made is there to be read."""
    transaction.on_commit(forget_hosts)
