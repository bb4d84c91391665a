"""A clinic's own domains. They work only after verification. The first clinic to verify a domain gets it."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from clinics.services.domains import (
    claim_domain,
    make_domain_primary,
    remove_claim,
    remove_domain,
    verify_domain,
)
from tenants.accounts.errors import TooManyAttempts
from tenants.accounts.models import AuditEntry, User
from tenants.base.clock import now
from tenants.base.errors import InvalidInput, NotFound
from tenants.current import enter_clinic, enter_public, leave_clinic
from tenants.domains.services import DomainNotVerified, DomainRequired, DomainTaken, normalise_domain
from tenants.models import Clinic, Domain, DomainClaim
from tenants.routing.hosts import clear_host_cache, clinic_for_host
from tenants.routing.public_urls import clinic_url
from tests.factories.clinic_client import ClinicClient
from tests.factories.fake_network import NameServer, WebServer, name_server, web_server
from tests.factories.threads import run_concurrently

OWN = "www.clinic.example"
FILE = "/.well-known/clinic-proof.txt"


@pytest.fixture(autouse=True)
def names(settings: Any) -> Iterator[NameServer]:
    """Start the name server that is queried."""
    with name_server() as server:
        settings.DNS_RESOLVERS = [server.address]
        yield server


@pytest.fixture
def web(settings: Any, names: NameServer) -> Iterator[WebServer]:
    """Start the domain's own web server."""
    with web_server() as server:
        settings.OUTBOUND_PORTS = {"http": server.server_port, "https": 1}
        settings.OUTBOUND_ALLOWED_NETWORKS = ["127.0.0.1/32"]
        names.records[OWN, "A"] = ["127.0.0.1"]
        yield server


@pytest.fixture
def riverside(clinic: Clinic) -> Clinic:
    """Return the London clinic, with the test itself in public."""
    leave_clinic()
    return clinic


def publish(names: NameServer, claim: DomainClaim) -> None:
    """Publish the word in DNS, where only a domain's owner can."""
    names.records[f"_clinic-proof.{claim.domain}", "TXT"] = [f'"{claim.word}"']


def verify(claim: DomainClaim, by: User | None = None) -> Domain:
    """Verify the claim as the clinic's admin."""
    return verify_domain(clinic=claim.clinic, claim_id=claim.pk, by=by, now=now())


def test_an_unverified_domain_routes_nowhere(riverside: Clinic) -> None:
    claim_domain(clinic=riverside, domain=OWN, by=None)

    assert clinic_for_host(OWN) is None
    assert ClinicClient(riverside).get("/api/clinic/", headers={"host": OWN}).status_code == 404


def test_a_domain_is_verified_by_a_dns_record(riverside: Clinic, names: NameServer) -> None:
    claim = claim_domain(clinic=riverside, domain=OWN, by=None)
    publish(names, claim)

    verify(claim)
    clear_host_cache()

    assert ClinicClient(riverside).get("/api/clinic/", headers={"host": OWN}).status_code == 200
    assert clinic_url(riverside) == "http://riverside.example.localhost/"
    assert not DomainClaim.objects.exists()


def test_a_domain_is_verified_by_a_file(riverside: Clinic, web: WebServer) -> None:
    claim = claim_domain(clinic=riverside, domain=OWN, by=None)
    web.pages[OWN, FILE] = f"{claim.word}\n".encode()

    verify(claim)

    assert Domain.objects.get(domain=OWN).tenant == riverside


@pytest.mark.parametrize("content", ["", "another word", "clinic-proof-", "x" * 5000])
def test_other_records_and_files_do_not_verify_a_domain(
    riverside: Clinic, names: NameServer, web: WebServer, content: str
) -> None:
    claim = claim_domain(clinic=riverside, domain=OWN, by=None)
    names.records[f"_clinic-proof.{OWN}", "TXT"] = [f'"{content[:200]}"']
    web.pages[OWN, FILE] = content.encode()

    with pytest.raises(DomainNotVerified):
        verify(claim)
    assert not Domain.objects.filter(domain=OWN).exists()


def test_the_verification_methods_are_a_setting(riverside: Clinic, names: NameServer, settings: Any) -> None:
    claim = claim_domain(clinic=riverside, domain=OWN, by=None)
    publish(names, claim)
    settings.DOMAIN_PROOFS = ["tenants.domains.domain_verification.well_known_file"]

    with pytest.raises(DomainNotVerified):
        verify(claim)


def test_of_two_claims_to_a_domain_the_first_to_be_verified_wins(
    riverside: Clinic, other_clinic: Clinic, names: NameServer
) -> None:
    squatter = claim_domain(clinic=other_clinic, domain=OWN, by=None)
    owner = claim_domain(clinic=riverside, domain=OWN, by=None)
    publish(names, owner)

    with pytest.raises(DomainNotVerified):
        verify(squatter)
    verify(owner)

    assert Domain.objects.get(domain=OWN).tenant == riverside
    with pytest.raises(DomainTaken):
        claim_domain(clinic=other_clinic, domain=OWN, by=None)
    publish(names, squatter)
    with pytest.raises(DomainTaken):
        verify(squatter)


def test_a_word_does_not_verify_the_claim_of_another_clinic(
    riverside: Clinic, other_clinic: Clinic, names: NameServer
) -> None:
    mine = claim_domain(clinic=riverside, domain=OWN, by=None)

    with pytest.raises(NotFound):
        verify_domain(clinic=other_clinic, claim_id=mine.pk, by=None, now=now())


def test_a_claim_verified_twice_at_once_makes_one_domain(committed_clinic: Clinic, names: NameServer) -> None:
    leave_clinic()
    claim = claim_domain(clinic=committed_clinic, domain=OWN, by=None)
    publish(names, claim)

    outcomes = run_concurrently(committed_clinic, *[partial(verify_in_public, claim)] * 4)

    assert sorted(type(outcome).__name__ for outcome in outcomes).count("Domain") == 1
    assert {type(outcome) for outcome in outcomes} <= {Domain, DomainTaken, NotFound}
    assert Domain.objects.filter(domain=OWN).count() == 1


def verify_in_public(claim: DomainClaim) -> Domain:
    """Verify the claim as an operator does."""
    leave_clinic()
    return verify(claim)


@pytest.mark.parametrize(
    ("entered", "name"),
    [
        ("WWW.Clinic.Example", OWN),
        (" www.clinic.example. ", OWN),
        ("b\u00fccher.example", "xn--bcher-kva.example"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("clinic.xn--p1ai", "clinic.xn--p1ai"),
    ],
)
def test_a_host_name_is_normalised(entered: str, name: str) -> None:
    assert normalise_domain(entered) == name


@pytest.mark.parametrize(
    "entered",
    [
        "", ".", "..", "clinic", "localhost", "www.localhost", "printer.local", "127.0.0.1", "[::1]", "::1",
        "0x7f.1",
        "1.2.3.0x4", "a..example", ".clinic.example", "www.clinic.example..", "-a.example", "a-.example",
        "a_b.example", "a b.example", "a/b.example", "a.example/", "http://a.example", "a.example:80",
        "user@a.example", "*.example.com", "a.exam\nple", "a\x00.example", "\ud800.example",
        "a.example, b.example", "a." * 130 + "example", "x" * 64 + ".example", "<b>.example", "a.onion",
        "example.localhost", "x.example.localhost", "riverside.example.localhost", "EXAMPLE.localhost.",
    ],
)  # fmt: skip
def test_a_name_that_a_clinic_cannot_own_is_refused(entered: str) -> None:
    with pytest.raises(InvalidInput):
        normalise_domain(entered)


def test_an_address_below_the_platforms_domain_cannot_be_claimed(settings: Any) -> None:
    settings.BASE_DOMAIN = "platform.example"

    for name in ("platform.example", "x.platform.example", "X.Platform.example."):
        with pytest.raises(InvalidInput, match="invalid"):
            normalise_domain(name)
    assert normalise_domain("notplatform.example") == "notplatform.example"


def test_links_use_the_primary_domain(riverside: Clinic, names: NameServer) -> None:
    claim = claim_domain(clinic=riverside, domain=OWN, by=None)
    publish(names, claim)
    domain = verify(claim)

    make_domain_primary(clinic=riverside, domain_id=domain.pk, by=None)
    with_own = clinic_url(riverside)
    remove_domain(clinic=riverside, domain_id=domain.pk, by=None)

    assert (with_own, clinic_url(riverside)) == (f"http://{OWN}/", "http://riverside.example.localhost/")
    clear_host_cache()
    assert clinic_for_host(OWN) is None


def test_the_address_on_the_platform_cannot_be_removed(riverside: Clinic) -> None:
    with pytest.raises(DomainRequired):
        remove_domain(clinic=riverside, domain_id=Domain.objects.get(tenant=riverside).pk, by=None)


def test_a_clinic_cannot_change_the_domains_of_another(riverside: Clinic, other_clinic: Clinic) -> None:
    theirs = Domain.objects.get(tenant=other_clinic)
    claim = claim_domain(clinic=other_clinic, domain=OWN, by=None)

    for change in (make_domain_primary, remove_domain):
        with pytest.raises(NotFound):
            change(clinic=riverside, domain_id=theirs.pk, by=None)
    with pytest.raises(NotFound):
        remove_claim(clinic=riverside, claim_id=claim.pk, by=None)


def test_a_clinic_has_one_primary_domain(riverside: Clinic) -> None:
    from django.db import IntegrityError, transaction  # noqa: PLC0415

    with pytest.raises(IntegrityError, match="domain_one_primary_per_clinic"), transaction.atomic():
        Domain.objects.bulk_create([Domain(tenant=riverside, domain=OWN, is_primary=True)])


def test_verification_attempts_are_limited(riverside: Clinic, settings: Any) -> None:
    limits = settings.TRY_LIMITS
    settings.TRY_LIMITS = {**limits, "proof of a domain by clinic": (1, limits["reset by account"][1])}
    claim = claim_domain(clinic=riverside, domain=OWN, by=None)

    with pytest.raises(DomainNotVerified):
        verify(claim)
    with pytest.raises(TooManyAttempts):
        verify(claim)


def test_the_number_of_claims_is_limited(riverside: Clinic) -> None:
    for number in range(20):
        claim_domain(clinic=riverside, domain=f"www{number}.clinic.example", by=None)

    with pytest.raises(InvalidInput):
        claim_domain(clinic=riverside, domain=OWN, by=None)
    claim_domain(clinic=riverside, domain="www7.clinic.example", by=None)
    assert DomainClaim.objects.count() == 20


PAGE = "/admin/clinics/clinicsettings/domains/"


def press(client: ClinicClient, do: str, which: object) -> Any:
    """Press a button on the admin page for domains."""
    return client.post(PAGE, {"do": do, "which": str(which)}, format="multipart")


@pytest.fixture
def staff(clinic: Clinic, admin: User) -> ClinicClient:
    """Sign the clinic's admin in."""
    client = ClinicClient(clinic)
    client.force_login(admin)
    return client


def test_a_clinics_admin_adds_verifies_and_removes_a_domain(
    clinic: Clinic, admin: User, staff: ClinicClient, names: NameServer
) -> None:
    press(staff, "claim", "WWW.clinic.example.")
    with enter_public():
        claim = DomainClaim.objects.get()
    shown = staff.get(PAGE).content.decode()
    refused = press(staff, "prove", claim.pk).content.decode()
    publish(names, claim)
    press(staff, "prove", claim.pk)
    domain = Domain.objects.get(domain=OWN)
    press(staff, "primary", domain.pk)
    url = clinic_url(clinic)
    press(staff, "remove", domain.pk)

    assert claim.word in shown
    assert f"_clinic-proof.{OWN}" in shown
    assert "We could not verify this domain yet." in refused
    assert url == f"http://{OWN}/"
    expected = ["domain_claimed", "domain_proven", "domain_primary", "domain_removed"]
    clinic_entries = AuditEntry.objects.filter(what__in=expected).order_by("id")
    assert [(entry.what, entry.by) for entry in clinic_entries] == [(what, admin) for what in expected]
    leave_clinic()
    platform_entries = AuditEntry.objects.filter(what__in=expected).order_by("id")
    note = f"riverside: {OWN} (by the clinic)"
    assert [(entry.what, entry.by, entry.note) for entry in platform_entries] == [
        (what, None, note) for what in expected
    ]


@pytest.mark.parametrize("do", ["claim", "prove", "primary", "remove", "forget", "", "drop"])
@pytest.mark.parametrize("which", ["", "1' OR 1=1", "\x00", "9" * 40, "\u0663", "-1", "0" * 18])
def test_invalid_input_on_the_page_changes_nothing(
    clinic: Clinic, staff: ClinicClient, do: str, which: str
) -> None:
    answer = press(staff, do, which)

    assert answer.status_code == 200
    with enter_public():
        assert (Domain.objects.count(), DomainClaim.objects.count()) == (2, 0)


def test_another_clinics_admin_cannot_change_our_domains(
    clinic: Clinic, other_clinic: Clinic, staff: ClinicClient
) -> None:
    theirs = Domain.objects.get(tenant=other_clinic)

    press(staff, "remove", theirs.pk)

    with enter_clinic(other_clinic):
        assert Domain.objects.get(tenant=other_clinic).pk == theirs.pk
