"""Who is signed in, kept in Redis for the next few seconds, so that not every request asks the database.

Kept are role and version under ids, no word about a person. Whatever ends a session or changes what a user
may do leaves a mark on the user *before* it is written. While that stands nothing is given or kept for them:
a sign-out holds from the next request on. The mark outlives the transaction, and every answer that somebody
who asked before the commit could still keep. Without Redis the database is asked each time; where no mark
could be left because Redis was away, what is kept ends by itself.
"""

import json
import uuid
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, cast

from django_redis import get_redis_connection
from redis.exceptions import RedisError

from tenants.cache import clinic_key

KEPT_SECONDS = 15
MARK_SECONDS = 300
"""Far longer than a transaction lives: statements end after 5 s, idle ones after 10 s."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """A session of a user, as a token names them."""

    session_id: uuid.UUID
    user_id: uuid.UUID

    @property
    def key(self) -> str:
        """Under which it is kept, at the current clinic."""
        return clinic_key(f"signed-in:{self.user_id}:{self.session_id}")


@dataclass(frozen=True, slots=True)
class Lookup:
    """What is known of a sign-in: what was kept of its user, or whether that may be kept."""

    kept: dict[str, Any] | None
    may_be_kept: bool


def look_up(sign_in: SignIn) -> Lookup:
    """What is kept, in one round trip."""
    with suppress(RedisError):
        found = get_redis_connection("default").mget(_mark(sign_in.user_id), sign_in.key)
        changed, kept = cast("list[bytes | None]", found)
        return Lookup(kept=json.loads(kept) if kept and not changed else None, may_be_kept=not changed)
    return Lookup(kept=None, may_be_kept=False)


def keep(sign_in: SignIn, of_the_user: dict[str, Any], lookup: Lookup) -> None:
    """Keep what a query that began after `lookup` said of the user."""
    if lookup.may_be_kept:
        with suppress(RedisError):
            get_redis_connection("default").set(sign_in.key, json.dumps(of_the_user), ex=KEPT_SECONDS)


def withdraw(user_ids: Iterable[uuid.UUID]) -> None:
    """Give nothing that is kept of these users any more. To be called before their change is written."""
    with suppress(RedisError):
        pipe = get_redis_connection("default").pipeline(transaction=False)
        for user_id in user_ids:
            pipe.set(_mark(user_id), 1, ex=MARK_SECONDS)
        pipe.execute()


def _mark(user_id: uuid.UUID) -> str:
    return clinic_key(f"signed-in:changed:{user_id}")
