"""The cache of host names in each process."""

from itertools import count
from typing import Any

import pytest
from cachetools import TTLCache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tenants.current import leave_clinic
from tenants.models import Clinic, Domain
from tenants.routing import hosts
from tenants.routing.hosts import clear_host_cache_on_commit, clinic_for_host

HOST = "riverside.example.localhost"


@pytest.mark.parametrize("host", [HOST, "nobody.example.localhost"])
def test_the_second_lookup_of_a_host_needs_no_query(
    clinics: tuple[Clinic, Clinic], db: None, host: str
) -> None:
    leave_clinic()
    Domain.objects.exists()  # the switch to public happens here, not in the measured part

    with CaptureQueriesContext(connection) as first:
        found = clinic_for_host(host)
    with CaptureQueriesContext(connection) as second:
        again = clinic_for_host(host)

    assert again == found
    assert [len(first), len(second)] == [1, 0]


def test_a_change_takes_effect_once_it_is_committed(
    clinics: tuple[Clinic, Clinic], db: None, django_capture_on_commit_callbacks: Any
) -> None:
    clinic_for_host("moved.example")

    with django_capture_on_commit_callbacks(execute=True):
        Domain.objects.create(tenant=clinics[0], domain="moved.example", is_primary=False)
        clear_host_cache_on_commit()
        before = clinic_for_host("moved.example")

    assert (before, clinic_for_host("moved.example")) == (None, clinics[0])


def test_an_entry_that_expires_during_the_lookup_is_queried_again(
    clinics: tuple[Clinic, Clinic], db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave_clinic()
    # Every look at the clock moves it forward, so entries expire between any two of them.
    clock = count().__next__
    monkeypatch.setattr(hosts, "_clinics", TTLCache(maxsize=10, ttl=2, timer=clock))

    assert [clinic_for_host(HOST) for _request in range(50)] == [clinics[0]] * 50
