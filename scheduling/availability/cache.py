"""The cache of open slots. Every write that opens or closes time invalidates it (see `MarkedCache`)."""

from contextlib import AbstractContextManager
from datetime import datetime

from django.utils.translation import get_language

from clinics.public_cache import PUBLIC_PAGES
from tenants.cache import Lookup, MarkedCache

AVAILABILITY = MarkedCache(
    "availability",
    entry_seconds=30,
    # Longer than any transaction: statements are cancelled after 5 s, idle transactions after 10 s.
    marker_seconds=60,
)
DOCTORS = MarkedCache("doctors", entry_seconds=30, marker_seconds=60, depends_on=[AVAILABILITY, PUBLIC_PAGES])
"""For responses about doctors with their next open slot."""


def cache_get(key: str, *, now: datetime | None = None) -> Lookup:
    """Look up `key` in the current clinic's cache, for a value that is right at `now`."""
    return AVAILABILITY.cache_get(_in_language(key), at=now)


def cache_set(key: str, value: bytes, lookup: Lookup, *, until: datetime | None = None) -> None:
    """Cache a value that was queried after `lookup`.

    :param until: when the first time in the value can no longer be booked; None: it contains none
    """
    AVAILABILITY.cache_set(_in_language(key), value, lookup, until=until)


def _in_language(key: str) -> str:
    """Return the key of a value in the active language: slots name their time zone in words."""
    return f"{get_language()} {key}"


def availability_changes() -> AbstractContextManager[None]:
    """Wrap every write that opens or closes time, so that no older value is returned after its commit."""
    return AVAILABILITY.write_marker()
