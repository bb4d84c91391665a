"""Cache keys belong to a clinic, and a marked cache never returns an entry older than the last change."""

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
