"""Answers about open slots, kept in Redis, never older than the last change to what they tell.

Every change raises the clinic's version and leaves a mark *before* it writes; the mark goes after the
commit. An answer is kept only if no mark stood when its query began, and is given only under the version
it was made at. A process that dies in between leaves its mark, which keeps answers from being stored until
every transaction it could have had is long ended. Without Redis nothing is cached and everything works;
an answer that could not be withdrawn because Redis was away ends by itself.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import cast

from django.db import transaction
from django_redis import get_redis_connection
from redis.exceptions import RedisError

from tenants.base.clock import now
from tenants.cache import clinic_key

KEPT_SECONDS = 30
MARK_SECONDS = 60
"""Longer than any transaction lives: statements end after 5 s, idle ones after 10 s."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """What the cache knows about a question: the answer, or the version under which one may be kept."""

    answer: bytes | None
    version: bytes | None


def look_up(question: str, *, to_keep: bool = True) -> Lookup:
    """The kept answer to `question` at the current clinic, in one round trip.

    Where there is none it takes another, for the marks. They are counted after the version was read: a change
    that began in between has a mark, or has ended under a later version.

    :param to_keep: whether an answer is going to be kept where there is none
    """
    with suppress(RedisError):
        redis = get_redis_connection("default")
        found = cast("list[bytes | None]", redis.mget(_version_key(), _answer_key(question)))
        version, kept = found[0] or b"0", found[1]
        known_version, _, answer = (kept or b"").partition(b"|")
        if kept and known_version == version:
            return Lookup(answer=answer, version=version)
        if not to_keep:
            return Lookup(answer=None, version=None)
        marks = redis.zcount(_marks_key(), now().timestamp(), "+inf")
        return Lookup(answer=None, version=None if marks else version)
    return Lookup(answer=None, version=None)


def keep(question: str, answer: bytes, lookup: Lookup) -> None:
    """Keep an answer whose query began after `lookup`."""
    if lookup.version is not None:
        with suppress(RedisError):
            get_redis_connection("default").set(
                _answer_key(question), lookup.version + b"|" + answer, ex=KEPT_SECONDS
            )


@contextmanager
def availability_changes() -> Iterator[None]:
    """Around every write that opens or closes time: answers made before its commit are not given after it."""
    mark = uuid.uuid4().hex
    with suppress(RedisError):
        pipe = get_redis_connection("default").pipeline()
        pipe.incr(_version_key())
        pipe.zadd(_marks_key(), {mark: now().timestamp() + MARK_SECONDS})
        pipe.zremrangebyscore(_marks_key(), "-inf", now().timestamp())
        pipe.execute()
    marks = _marks_key()
    try:
        yield
    except BaseException:
        _remove_mark(marks, mark)
        raise
    transaction.on_commit(lambda: _remove_mark(marks, mark))


def _remove_mark(marks: str, mark: str) -> None:
    with suppress(RedisError):
        get_redis_connection("default").zrem(marks, mark)


def _version_key() -> str:
    return clinic_key("availability:version")


def _marks_key() -> str:
    return clinic_key("availability:marks")


def _answer_key(question: str) -> str:
    return clinic_key(f"availability:answer:{question}")
