"""The cache: what one clinic keeps no other is given."""

import pytest
from django.core.cache import cache
from django_redis import get_redis_connection

from tenants.door import enter_clinic, leave_clinic
from tenants.models import Clinic


@pytest.fixture(autouse=True)
def _empty_cache(clinic: Clinic, other_clinic: Clinic) -> None:
    """What an earlier test kept is gone."""
    for each in (clinic, other_clinic):
        with enter_clinic(each):
            cache.delete("greeting")


def test_what_a_clinic_keeps_is_its_own(clinic: Clinic, other_clinic: Clinic) -> None:
    cache.set("greeting", {"says": "Good morning"}, 60)

    with enter_clinic(other_clinic):
        elsewhere = cache.get("greeting")
    leave_clinic()
    in_public = cache.get("greeting")
    with enter_clinic(clinic):
        here = cache.get("greeting")
    assert (here, elsewhere, in_public) == ({"says": "Good morning"}, None, None)


def test_a_key_begins_with_the_clinics_id_and_holds_json(clinic: Clinic) -> None:
    cache.set("greeting", {"says": "Good morning"}, 60)

    stored = get_redis_connection("default").get(f"{clinic.pk}:1:greeting")

    assert stored == b'{"says": "Good morning"}'
