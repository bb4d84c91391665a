"""Cache keys that start with the clinic's id, and a Redis cache that is never older than the last change."""

import hmac
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import cast

from django.conf import settings
from django.db import transaction
from django_redis import get_redis_connection
from redis.exceptions import RedisError

from tenants.base.clock import now
from tenants.current import current_clinic_or_none

PUBLIC = "public"
_VERSION_SECONDS = 3600
"""Far longer than an entry lives, so all entries of a version expire before the version itself."""
_DIGEST = "sha256"
_DIGEST_BYTES = 32
_EXPIRY_BYTES = 8
_EPOCH = datetime.fromtimestamp(0, tz=UTC)


def clinic_key(key: str, prefix: str = "", version: int | str = 1) -> str:
    """Prefix `key` with the current clinic's id (Django's KEY_FUNCTION), so clinics never share an entry."""
    clinic = current_clinic_or_none()
    owner = str(clinic.pk) if clinic else PUBLIC
    return f"{owner}:{prefix}{version}:{key}"


def _microseconds(instant: datetime) -> int:
    """Return a Unix time in microseconds."""
    return round(instant.timestamp() * 1_000_000)


@dataclass(frozen=True, slots=True)
class Lookup:
    """The result of `MarkedCache.cache_get`."""

    value: bytes | None
    """The cached value; None on a miss."""
    version: bytes | None
    """The version to store a new value under; None if the value must not be stored."""
    until: datetime | None = None
    """When a cached value expires."""


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

    Entries are signed, because the role of a signed-in user may come from one. A forged entry is a miss, and
    so is an entry that was copied from another key, clinic or version, or kept longer than `entry_seconds`.
    Whoever can write to Redis can at most lower the version, and so make one entry live until it expires.

    :param depends_on: caches whose data the entries are also made from: what invalidates one of them
        invalidates these entries too
    """

    def __init__(
        self,
        name: str,
        *,
        entry_seconds: int,
        marker_seconds: int,
        depends_on: Sequence["MarkedCache"] = (),
    ) -> None:
        self._name = name
        self._entry_seconds = entry_seconds
        self._marker_seconds = marker_seconds
        self._sources = (self, *depends_on)

    def cache_get(self, key: str, *, scope: str = "", at: datetime | None = None) -> Lookup:
        """Look up `key`: one round trip on a hit, a second one on a miss to check for markers.

        :param at: the time for which the value must be right; now by default
        """
        with suppress(RedisError):
            found = get_redis_connection("default").mget(self.keys_to_read(key, scope=scope))
            return self.lookup(key, cast("list[bytes | None]", found), scope=scope, at=at)
        return Lookup(value=None, version=None)

    def keys_to_read(self, key: str, *, scope: str = "") -> list[str]:
        """Return the Redis keys whose values `lookup` takes, to read them together with others."""
        versions = [source._key("version", scope) for source in self._sources]
        return [*versions, self.entry_key(key, scope=scope)]

    def lookup(
        self, key: str, found: Sequence[bytes | None], *, scope: str = "", at: datetime | None = None
    ) -> Lookup:
        """Return the result of a lookup. On a miss, one more round trip checks for markers.

        :param found: the values of `keys_to_read`
        :raises RedisError: Redis is unreachable
        """
        *versions, entry = found
        version = b".".join(stored or b"0" for stored in versions)
        verified = self._verified(entry, version, key, scope, at=at or now()) if entry else None
        if verified is not None:
            value, until = verified
            return Lookup(value=value, version=version, until=until)
        # Markers are counted after the version is read: a write that begins in between has either left
        # its marker or ended under a later version.
        pipe, timestamp = get_redis_connection("default").pipeline(transaction=False), now().timestamp()
        for source in self._sources:
            pipe.zcount(source._key("markers", scope), timestamp, "+inf")
        return Lookup(value=None, version=None if any(pipe.execute()) else version)

    def cache_set(
        self, key: str, value: bytes, lookup: Lookup, *, scope: str = "", until: datetime | None = None
    ) -> None:
        """Store a value whose query began after `lookup`, unless a write was under way at that time.

        :param until: when time alone makes the value wrong; None: never
        """
        if lookup.version is not None:
            with suppress(RedisError):
                get_redis_connection("default").set(
                    self.entry_key(key, scope=scope),
                    self._signed(value, lookup.version, key, scope, until=until),
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

    def _signed(self, value: bytes, version: bytes, key: str, scope: str, *, until: datetime | None) -> bytes:
        """Return the value as it is stored: signature, expiry as a Unix time in microseconds, value."""
        expires_at = now() + timedelta(seconds=self._entry_seconds)
        expiry = _microseconds(min(until or expires_at, expires_at)).to_bytes(_EXPIRY_BYTES)
        return self._signature(expiry + value, version, key, scope) + expiry + value

    def _verified(
        self, entry: bytes, version: bytes, key: str, scope: str, *, at: datetime
    ) -> tuple[bytes, datetime] | None:
        """Return the value of a stored entry and its expiry.

        None if the entry is not ours, of another version, or over at `at`.
        """
        signature, signed = entry[:_DIGEST_BYTES], entry[_DIGEST_BYTES:]
        if not hmac.compare_digest(signature, self._signature(signed, version, key, scope)):
            return None
        expiry = int.from_bytes(signed[:_EXPIRY_BYTES])
        if _microseconds(at) >= expiry:
            return None
        return signed[_EXPIRY_BYTES:], _EPOCH + timedelta(microseconds=expiry)

    def _signature(self, signed: bytes, version: bytes, key: str, scope: str) -> bytes:
        # With their lengths, so that no byte of one can be taken for a byte of another.
        parts = [self.entry_key(key, scope=scope).encode(), version]
        context = b"".join(len(part).to_bytes(4) + part for part in parts)
        return hmac.digest(_signing_key(settings.SECRET_KEY), context + signed, _DIGEST)

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


@cache
def _signing_key(secret_key: str) -> bytes:
    """Return the key of the signatures, derived from SECRET_KEY and used for nothing else."""
    return hmac.digest(secret_key.encode(), b"tenants.cache", _DIGEST)
