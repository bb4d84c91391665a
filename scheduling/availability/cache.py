"""The cache of open slots. Every write that opens or closes time invalidates it, see `MarkedCache`."""

from contextlib import AbstractContextManager

from tenants.cache import Lookup, MarkedCache

_CACHE = MarkedCache(
    "availability",
    entry_seconds=30,
    # Longer than any transaction lives: statements are cancelled after 5 s, idle transactions after 10 s.
    marker_seconds=60,
)


def cache_get(question: str, *, to_keep: bool = True) -> Lookup:
    """Look up the cached answer to `question` at the current clinic.

    :param to_keep: pass False if an answer computed on a miss will not be stored; this saves a round trip
    """
    return _CACHE.cache_get(question, will_set=to_keep)


def cache_set(question: str, answer: bytes, lookup: Lookup) -> None:
    """Cache an answer whose query began after `lookup`."""
    _CACHE.cache_set(question, answer, lookup)


def availability_changes() -> AbstractContextManager[None]:
    """Wrap every write that opens or closes time, so that no earlier answer is returned after its commit."""
    return _CACHE.write_marker()
