"""Cache keys that start with the clinic's id, and a Redis cache that is never older than the last change."""

import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.db import transaction
from django_redis import get_redis_connection
from redis.exceptions import RedisError

from tenants.base.clock import now
from tenants.current import current_clinic_or_none

PUBLIC = "public"
_VERSION_SECONDS = 3600
"""Far longer than an entry lives, so all entries of a version expire before the version itself."""


def clinic_key(key: str, prefix: str = "", version: int | str = 1) -> str:
    """Prefix `key` with the current clinic's id (Django's KEY_FUNCTION), so clinics never share an entry."""
    clinic = current_clinic_or_none()
    owner = str(clinic.pk) if clinic else PUBLIC
    return f"{owner}:{prefix}{version}:{key}"


def _is_over(until: bytes, at: datetime | None) -> bool:
    """Whether an entry that is right before `until` (a timestamp; empty: always) is wrong at `at`."""
    return bool(until) and (at or now()).timestamp() >= float(until)


@dataclass(frozen=True, slots=True)
class Lookup:
    """The result of `MarkedCache.cache_get`."""

    value: bytes | None
    """The cached value; None on a miss."""
    version: bytes | None
    """The version to store a new value under; None if the value must not be stored."""


class MarkedCache:
    """Caches database results of the current clinic in Redis, never older than the last committed change.

    Entries belong to a scope, such as one user. Before a write changes the data behind a scope, it raises
    the scope's version and sets a marker, in one Redis transaction. An entry is returned only under the
    version it was stored with. A result is stored only if no marker was set when its query began, because an
    uncommitted write may be about to change it. `write_marker` removes its marker after the commit. If the
    process dies, or if `invalidate` set the marker, the marker expires after all transactions of that time
    have ended. So a process may die at any point without leaving a stale entry.

    Without Redis nothing is cached. If Redis is unreachable only while a write begins, existing entries stay
    valid until they expire.
    """

    def __init__(self, name: str, *, entry_seconds: int, marker_seconds: int) -> None:
        self._name = name
        self._entry_seconds = entry_seconds
        self._marker_seconds = marker_seconds

    def cache_get(self, key: str, *, scope: str = "", at: datetime | None = None) -> Lookup:
        """Look up `key`: one round trip on a hit, a second one on a miss to check for markers.

        :param at: the time for which the value must be right; now by default
        """
        with suppress(RedisError):
            redis = get_redis_connection("default")
            response = redis.mget(self._key("version", scope), self.entry_key(key, scope=scope))
            stored_version, entry = cast("list[bytes | None]", response)
            version = stored_version or b"0"
            entry_version, until, value = (entry or b"||").split(b"|", 2)
            if entry and entry_version == version and not _is_over(until, at):
                return Lookup(value=value, version=version)
            # Markers are counted after the version is read: a write that begins in between has either left
            # its marker or ended under a later version.
            if not redis.zcount(self._key("markers", scope), now().timestamp(), "+inf"):
                return Lookup(value=None, version=version)
        return Lookup(value=None, version=None)

    def cache_set(
        self, key: str, value: bytes, lookup: Lookup, *, scope: str = "", until: datetime | None = None
    ) -> None:
        """Store a value whose query began after `lookup`, unless a write was under way at that time.

        :param until: when time alone makes the value wrong; None: never
        """
        if lookup.version is not None:
            with suppress(RedisError):
                end = str(until.timestamp()).encode() if until else b""
                get_redis_connection("default").set(
                    self.entry_key(key, scope=scope),
                    b"|".join([lookup.version, end, value]),
                    ex=self._entry_seconds,
                )

    @contextmanager
    def write_marker(self, *, scope: str = "") -> Iterator[None]:
        """Wrap a write to the data behind `scope`, so that no earlier entry is returned after its commit."""
        marker, markers_key = uuid.uuid4().hex, self._key("markers", scope)
        self._mark([scope], marker)

        def remove() -> None:
            with suppress(RedisError):
                get_redis_connection("default").zrem(markers_key, marker)

        try:
            yield
        except BaseException:
            remove()
            raise
        transaction.on_commit(remove)

    def invalidate(self, scopes: Iterable[str]) -> None:
        """Invalidate the entries of `scopes`. Call it before a write whose commit is not known here.

        Nothing is cached for these scopes until the markers expire.
        """
        self._mark(scopes, uuid.uuid4().hex)

    def entry_key(self, key: str, *, scope: str = "") -> str:
        """Return the Redis key of an entry of the current clinic."""
        return self._key("entry", scope, key)

    def _mark(self, scopes: Iterable[str], marker: str) -> None:
        timestamp = now().timestamp()
        with suppress(RedisError):
            pipe = get_redis_connection("default").pipeline()
            for scope in scopes:
                version_key, markers_key = self._key("version", scope), self._key("markers", scope)
                pipe.incr(version_key)
                pipe.expire(version_key, _VERSION_SECONDS)
                pipe.zadd(markers_key, {marker: timestamp + self._marker_seconds})
                pipe.zremrangebyscore(markers_key, "-inf", timestamp)
                pipe.expire(markers_key, self._marker_seconds)
            pipe.execute()

    def _key(self, *parts: str) -> str:
        return clinic_key(":".join([self._name, *parts]))
