"""Maps host names to clinics, cached in the process so that routing a request needs no query."""

from contextlib import suppress
from threading import Lock

from cachetools import TTLCache
from django.conf import settings
from django.db import transaction

from tenants.models import Clinic, Domain

# Another process learns of a change when its entry expires: a suspended clinic may answer for five more
# seconds. The size limit protects the memory from requests with made-up host names.
_clinics: TTLCache[str, Clinic | None] = TTLCache(maxsize=10_000, ttl=settings.HOST_MAP_SECONDS)
_lock = Lock()


def clinic_for_host(host: str) -> Clinic | None:
    """Return the clinic that answers at `host` (lower case, no port); None if there is none."""
    # Not `in` and then `[]`: an entry may expire between the two.
    with _lock, suppress(KeyError):
        return _clinics[host]
    domain = Domain.objects.select_related("tenant").filter(domain=host).first()
    clinic = domain.tenant if domain else None
    with _lock:
        _clinics[host] = clinic
    return clinic


def clear_host_cache() -> None:
    """Clear the cache of this process now."""
    with _lock:
        _clinics.clear()


def clear_host_cache_on_commit() -> None:
    """Clear the cache once the current transaction has committed."""
    transaction.on_commit(clear_host_cache)
