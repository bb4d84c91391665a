"""`/api/` links to the documentation, on clinic hosts and on the base domain."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tenants.models import Clinic
from tests.factories.clinic_client import host_of


def get(host: str, path: str) -> Any:
    """Send a request to a host and return the response."""
    return Client(SERVER_NAME=host).get(path)


@pytest.mark.parametrize("at_base", [False, True])
def test_the_index_links_to_pages_that_exist(clinic: Clinic, at_base: bool) -> None:
    host = settings.BASE_DOMAIN if at_base else host_of(clinic)

    index = get(host, "/api/").json()["data"]

    assert list(index) == ["docs", "schema", "health", "readiness"]
    assert all(url.startswith(f"http://{host}/") for url in index.values())
    assert [get(host, url.removeprefix(f"http://{host}")).status_code for url in index.values()] == [200] * 4


def test_the_document_of_the_base_domain_names_the_hosts_of_clinics(db: None) -> None:
    document = get(settings.BASE_DOMAIN, "/api/schema/?format=json").json()

    assert [server["url"] for server in document["servers"]] == [f"http://{{clinic}}.{settings.BASE_DOMAIN}"]
    assert "/api/clinic/" in document["paths"]


def test_the_admin_of_the_base_domain_is_the_console(db: None) -> None:
    answer = get(settings.BASE_DOMAIN, "/admin/")

    assert (answer.status_code, answer["Location"]) == (302, "/console/")
