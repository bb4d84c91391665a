"""Caches the user of each session for a few seconds, so that most requests authenticate without a query.

An entry contains ids, role, status, language and token version, and no name or address. Every write that
ends a session or changes what a user may do calls `invalidate_cached_sessions` first, so that the next
request sees it.
"""

import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tenants.cache import Lookup, MarkedCache

CACHE_SECONDS = 15

_CACHE = MarkedCache(
    "session",
    entry_seconds=CACHE_SECONDS,
    # Far longer than a transaction lives: statements are cancelled after 5 s, idle transactions after 10 s.
    marker_seconds=300,
)


@dataclass(frozen=True, slots=True)
class SessionKey:
    """A session of a user, as named in a token."""

    session_id: uuid.UUID
    user_id: uuid.UUID

    @property
    def key(self) -> str:
        """The Redis key of its cache entry at the current clinic."""
        return _CACHE.entry_key(str(self.session_id), scope=str(self.user_id))


def get_cached_session(session: SessionKey) -> Lookup:
    """Look up the session in the cache."""
    return _CACHE.cache_get(str(session.session_id), scope=str(session.user_id))


def cache_session(session: SessionKey, fields: dict[str, Any], lookup: Lookup) -> None:
    """Cache the user's fields, read by a query that began after `lookup`."""
    _CACHE.cache_set(str(session.session_id), json.dumps(fields).encode(), lookup, scope=str(session.user_id))


def invalidate_cached_sessions(user_ids: Iterable[uuid.UUID]) -> None:
    """Invalidate the cached sessions of these users. Call it before the change is written."""
    _CACHE.invalidate(str(user_id) for user_id in user_ids)
