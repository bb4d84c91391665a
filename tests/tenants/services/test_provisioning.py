"""Creating a clinic: row, domain and schema, or nothing."""

import pytest
from django.db import connection

from tenants.base.errors import InvalidInput
from tenants.current import current_clinic, enter_clinic
from tenants.models import RESERVED_SLUGS, Clinic, Domain
from tenants.routing.hosts import clinic_for_host
from tenants.services.provisioning import SlugTaken, provision_clinic

pytestmark = pytest.mark.usefixtures("clinics", "db")


def counts() -> tuple[int, int, int]:
    """Return the number of schemas, clinics and domains."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'clinic%'")
        (schemas,) = cursor.fetchone()
    return schemas, Clinic.objects.count(), Domain.objects.count()


def test_provision_clinic_creates_row_domain_and_migrated_schema() -> None:
    schemas, clinics, domains = counts()

    clinic = provision_clinic(name="  Seaside ", slug="seaside", time_zone="Europe/Lisbon")

    assert counts() == (schemas + 1, clinics + 1, domains + 1)
    assert (clinic.name, clinic.status, clinic.zone.key) == ("Seaside", "live", "Europe/Lisbon")
    assert clinic_for_host("seaside.example.localhost") == clinic
    with enter_clinic(clinic), connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('scheduling_booking')::regclass::text, current_schema()")
        assert (current_clinic(), cursor.fetchone()) == (clinic, ("scheduling_booking", clinic.schema_name))


@pytest.mark.parametrize(
    "slug",
    [
        "",
        "ab",
        "a" * 41,
        "1st-clinic",
        "-river",
        "river-",
        "river--side",
        "xn--rver-5pa",
        "River",
        "river_side",
        "river.side",
        "río",
        "river side",
        "river\n",
        "river;drop",
        *sorted(RESERVED_SLUGS)[:2],
        "platform",
    ],
)
def test_provision_clinic_refuses_an_invalid_address(slug: str) -> None:
    before = counts()

    with pytest.raises(InvalidInput) as refused:
        provision_clinic(name="Seaside", slug=slug, time_zone="Europe/Lisbon")

    assert list(refused.value.errors) == ["slug"]
    assert counts() == before


@pytest.mark.parametrize(
    "time_zone", ["", "Lisbon", "europe/lisbon", "Mars/Olympus", "../etc/passwd", "UTC+1"]
)
def test_provision_clinic_refuses_an_invalid_time_zone(time_zone: str) -> None:
    before = counts()

    with pytest.raises(InvalidInput) as refused:
        provision_clinic(name="Seaside", slug="seaside", time_zone=time_zone)

    assert list(refused.value.errors) == ["time_zone"]
    assert counts() == before


@pytest.mark.parametrize("name", ["   ", "Sea\nside", "Sea\x00side", "S" * 121])
def test_provision_clinic_refuses_an_invalid_name(name: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        provision_clinic(name=name, slug="seaside", time_zone="Europe/Lisbon")

    assert list(refused.value.errors) == ["name"]


def test_provision_clinic_refuses_an_address_in_use() -> None:
    before = counts()

    with pytest.raises(SlugTaken):
        provision_clinic(name="Another", slug="riverside", time_zone="Europe/Lisbon")

    assert counts() == before


def test_provision_clinic_refuses_an_address_that_is_another_clinics_domain() -> None:
    Domain.objects.create(
        tenant=Clinic.objects.get(slug="hudson"), domain="seaside.example.localhost", is_primary=False
    )
    before = counts()

    with pytest.raises(SlugTaken):
        provision_clinic(name="Seaside", slug="seaside", time_zone="Europe/Lisbon")

    assert counts() == before


@pytest.mark.parametrize("slug", ["abc", "a1b", "a-b", "a" * 40])
def test_the_shortest_and_the_longest_address_are_accepted(slug: str) -> None:
    Clinic(name="Seaside", slug=slug, time_zone="Europe/Lisbon").clean_fields()
