"""Cache keys belong to a clinic, and a marked cache never returns an entry older than the last change."""

import hmac
import uuid
from collections.abc import Callable
from typing import Any, cast

import pytest
import time_machine
from django.core.cache import cache
from django.db import transaction
from django_redis import get_redis_connection

from tenants.base.clock import now
from tenants.cache import MarkedCache
from tenants.current import enter_clinic, leave_clinic
from tenants.models import Clinic

marked = MarkedCache("test", entry_seconds=30, marker_seconds=60)


@pytest.fixture(autouse=True)
def _no_versions() -> None:
    """Delete the versions that other tests stored: one that is no number cannot be raised."""
    redis = get_redis_connection("default")
    for key in redis.scan_iter("*:test:version*"):
        redis.delete(key)


@pytest.fixture
def empty_cache(clinic: Clinic, other_clinic: Clinic) -> None:
    """Delete entries of earlier tests."""
    for any_clinic in (clinic, other_clinic):
        with enter_clinic(any_clinic):
            cache.delete("greeting")


@pytest.mark.usefixtures("empty_cache")
def test_clinics_do_not_share_cache_entries(clinic: Clinic, other_clinic: Clinic) -> None:
    cache.set("greeting", {"says": "Good morning"}, 60)

    with enter_clinic(other_clinic):
        in_other_clinic = cache.get("greeting")
    leave_clinic()
    in_public = cache.get("greeting")
    with enter_clinic(clinic):
        in_clinic = cache.get("greeting")
    assert (in_clinic, in_other_clinic, in_public) == ({"says": "Good morning"}, None, None)


@pytest.mark.usefixtures("empty_cache")
def test_a_cache_key_starts_with_the_clinics_id_and_its_value_is_json(clinic: Clinic) -> None:
    cache.set("greeting", {"says": "Good morning"}, 60)

    stored = get_redis_connection("default").get(f"{clinic.pk}:1:greeting")

    assert stored == b'{"says": "Good morning"}'


def test_a_value_is_returned_until_it_is_invalidated(clinic: Clinic) -> None:
    marked.cache_set("key", b"a|b", marked.cache_get("key"))
    before = marked.cache_get("key").value

    marked.invalidate([""])

    assert (before, marked.cache_get("key").value) == (b"a|b", None)


def test_an_invalidation_affects_its_own_scope_only(clinic: Clinic) -> None:
    for scope in ("one", "two"):
        marked.cache_set("key", b"value", marked.cache_get("key", scope=scope), scope=scope)

    marked.invalidate(["one"])

    assert [marked.cache_get("key", scope=scope).value for scope in ("one", "two")] == [None, b"value"]


def test_nothing_is_stored_until_the_marker_of_a_process_that_died_expires(clinic: Clinic) -> None:
    marked.invalidate(["died"])
    present = now()

    with time_machine.travel(present.timestamp() + 55):
        during = marked.cache_get("key", scope="died").version
    with time_machine.travel(present.timestamp() + 65):
        after = marked.cache_get("key", scope="died").version

    assert (during, after is not None) == (None, True)


def test_a_write_marker_is_removed_after_the_commit(committed_clinic: Clinic) -> None:
    with transaction.atomic():
        with marked.write_marker(scope="write"):
            pass
        before = marked.cache_get("key", scope="write").version
    after = marked.cache_get("key", scope="write").version

    assert (before, after is not None) == (None, True)


@pytest.mark.parametrize("source", ["first", "second"])
def test_a_write_to_a_source_invalidates_the_entry_and_lets_none_be_stored(
    clinic: Clinic, source: str
) -> None:
    run = uuid.uuid4().hex
    sources = {
        name: MarkedCache(f"{name} {run}", entry_seconds=30, marker_seconds=60)
        for name in ("first", "second")
    }
    both = MarkedCache(f"both {run}", entry_seconds=30, marker_seconds=60, depends_on=list(sources.values()))
    both.cache_set("key", b"value", both.cache_get("key"))
    before = both.cache_get("key").value

    sources[source].invalidate([""])

    after = both.cache_get("key")
    assert (before, after.value, after.version) == (b"value", None, None)


def stored_entry(key: str = "key", *, scope: str = "") -> bytes:
    """Store the value `genuine` and return the bytes in Redis."""
    marked.invalidate([scope])
    get_redis_connection("default").delete(marked._key("markers", scope))
    marked.cache_set(key, b"genuine", marked.cache_get(key, scope=scope), scope=scope)
    return cast(bytes, get_redis_connection("default").get(marked.entry_key(key, scope=scope)))


def put(entry: bytes, key: str = "key", *, scope: str = "") -> bytes | None:
    """Write an entry to Redis and return what the cache makes of it."""
    get_redis_connection("default").set(marked.entry_key(key, scope=scope), entry)
    return marked.cache_get(key, scope=scope).value


def test_a_value_that_somebody_else_wrote_is_a_miss(clinic: Clinic) -> None:
    entry = stored_entry()
    forgeries = [
        entry.replace(b"genuine", b"forged!"),
        b"0|forged!",
        bytes(40) + b"forged!",
        entry[:-1],
        entry[:10],
        b"|",
    ]

    assert [put(forgery) for forgery in forgeries] == [None] * len(forgeries)
    assert put(entry) == b"genuine"


def test_an_entry_counts_only_under_its_own_key_scope_and_clinic(
    clinic: Clinic, other_clinic: Clinic
) -> None:
    entry = stored_entry("key", scope="one")

    with enter_clinic(other_clinic):
        stored_entry("key", scope="one")
        elsewhere = put(entry, "key", scope="one")
    assert (put(entry, "other", scope="one"), put(entry, "key", scope="two"), elsewhere) == (None, None, None)
    assert put(entry, "key", scope="one") == b"genuine"


def test_an_entry_that_is_put_back_does_not_outlive_its_time(clinic: Clinic) -> None:
    entry, present = stored_entry(), now()

    with time_machine.travel(present.timestamp() + 28):
        assert put(entry) == b"genuine"
    with time_machine.travel(present.timestamp() + 31):
        assert put(entry) is None


def test_the_version_cannot_be_changed_to_shift_the_expiry(clinic: Clinic) -> None:
    entry = stored_entry()
    redis = get_redis_connection("default")
    version = cast(bytes, redis.get(marked._key("version", "")))

    redis.set(marked._key("version", ""), version + entry[32:40])

    assert put(entry[:32] + entry[40:]) is None


def test_without_the_comparison_a_forged_value_counts(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    forged = stored_entry().replace(b"genuine", b"forged!")
    always: Callable[[Any, Any], bool] = lambda _one, _other: True  # noqa: E731
    monkeypatch.setattr(hmac, "compare_digest", always)

    assert put(forged) == b"forged!"
