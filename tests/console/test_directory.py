"""The home page of the base domain: the list of clinics."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tenants.models import Clinic, Domain

BASE = "example.localhost"


def links() -> list[tuple[str, str]]:
    """Return URL and name of each listed clinic."""
    page = Client().get("/", headers={"host": BASE}).content.decode()
    return re.findall(r'<li><a href="([^"]+)">([^<]+)</a>', page)


@pytest.fixture(autouse=True)
def _two_clinics(clinics: tuple[Clinic, Clinic], db: None) -> None:
    """Make the two clinics exist in every test."""


def test_the_directory_lists_clinics_by_name_at_their_addresses() -> None:
    assert links() == [
        ("http://hudson.example.localhost", "Hudson"),
        ("http://riverside.example.localhost", "Riverside"),
    ]


def test_a_suspended_clinic_is_not_listed() -> None:
    Clinic.objects.filter(slug="hudson").update(status=Clinic.Status.SUSPENDED)

    assert [name for _url, name in links()] == ["Riverside"]


def test_a_clinic_is_listed_once_at_its_primary_domain() -> None:
    hudson = Clinic.objects.get(slug="hudson")
    Domain.objects.create(tenant=hudson, domain="hudson-care.example", is_primary=True)

    assert links()[0] == ("http://hudson-care.example", "Hudson")
    assert len(links()) == 2


def test_a_clinics_name_is_escaped() -> None:
    Clinic.objects.filter(slug="hudson").update(name="<b>Hudson</b>")

    assert links()[0][1] == "&lt;b&gt;Hudson&lt;/b&gt;"


def test_without_clinics_the_page_says_so() -> None:
    Clinic.objects.update(status=Clinic.Status.SUSPENDED)

    page = Client().get("/", headers={"host": BASE}).content.decode()

    assert "There are no clinics here yet." in page


def test_the_number_of_clinics_does_not_change_the_number_of_queries() -> None:
    with CaptureQueriesContext(connection) as queries_for_two:
        links()
    Clinic.objects.filter(slug="hudson").update(status=Clinic.Status.SUSPENDED)
    with CaptureQueriesContext(connection) as queries_for_one:
        links()

    assert len(queries_for_one) == len(queries_for_two)


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_the_directory_is_read_only(method: str) -> None:
    assert getattr(Client(), method)("/", headers={"host": BASE}).status_code == 405
