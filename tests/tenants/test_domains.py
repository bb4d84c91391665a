"""A clinic's own domains: nothing leads to it before it is proven, and whoever proves it has it."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from clinics.services.domains import (
    claim_domain,
    make_domain_primary,
    prove_domain,
    remove_claim,
    remove_domain,
)
from tenants.accounts.errors import TooManyTries
from tenants.accounts.models import AuditEntry, User
from tenants.base.clock import now
from tenants.base.errors import InvalidInput, NotFound
from tenants.door import enter_clinic, enter_public, leave_clinic
from tenants.hosts import clinic_for_host, forget_hosts
from tenants.links import clinic_url
from tenants.models import Clinic, Domain, DomainClaim
from tenants.services.domains import DomainNeeded, DomainNotProven, DomainTaken, host_name
from tests.factories.client import ClinicClient
from tests.factories.outside import NameServer, WebServer, name_server, web_server
from tests.factories.threads import at_once

OWN = "www.clinic.example"
FILE = "/.well-known/clinic-proof.txt"


@pytest.fixture(autouse=True)
def names(settings: Any) -> Iterator[NameServer]:
    """The name server that is asked."""
    with name_server() as server:
        settings.DNS_RESOLVERS = [server.address]
        yield server


@pytest.fixture
def web(settings: Any, names: NameServer) -> Iterator[WebServer]:
    """The domain's own web server."""
    with web_server() as server:
        settings.OUTBOUND_PORTS = {"http": server.server_port, "https": 1}
        settings.OUTBOUND_ALLOWED_NETWORKS = ["127.0.0.1/32"]
        names.records[OWN, "A"] = ["127.0.0.1"]
        yield server


@pytest.fixture
def riverside(clinic: Clinic) -> Clinic:
    """The London clinic; the test is in public."""
    leave_clinic()
    return clinic


def publish(names: NameServer, claim: DomainClaim) -> None:
    """Put the word where a domain's owner can."""
    names.records[f"_clinic-proof.{claim.domain}", "TXT"] = [f'"{claim.word}"']


def check(claim: DomainClaim, by: User | None = None) -> Domain:
    """Press the button."""
    return prove_domain(clinic=claim.clinic, claim_id=claim.pk, by=by, now=now())


def test_an_unproven_domain_leads_nowhere(riverside: Clinic) -> None:
    claim_domain(clinic=riverside, domain=OWN, by=None)

    assert clinic_for_host(OWN) is None
    assert ClinicClient(riverside).get("/api/clinic/", headers={"host": OWN}).status_code == 404


def test_a_domain_is_proven_by_its_record(riverside: Clinic, names: NameServer) -> None:
    claim = claim_domain(clinic=riverside, domain=OWN, by=None)
    publish(names, claim)

    check(claim)
    forget_hosts()

    assert ClinicClient(riverside).get("/api/clinic/", headers={"host": OWN}).status_code == 200
    assert clinic_url(riverside) == "http://riverside.example.localhost/"
    assert not DomainClaim.objects.exists()


def test_a_domain_is_proven_by_its_file(riverside: Clinic, web: WebServer) -> None:
    claim = claim_domain(clinic=riverside, domain=OWN, by=None)
    web.pages[OWN, FILE] = f"{claim.word}\n".encode()

    check(claim)

    assert Domain.objects.get(domain=OWN).tenant == riverside


@pytest.mark.parametrize("there", ["", "another word", "clinic-proof-", "x" * 5000])
def test_anything_else_proves_nothing(
    riverside: Clinic, names: NameServer, web: WebServer, there: str
) -> None:
    claim = claim_domain(clinic=riverside, domain=OWN, by=None)
    names.records[f"_clinic-proof.{OWN}", "TXT"] = [f'"{there[:200]}"']
    web.pages[OWN, FILE] = there.encode()

    with pytest.raises(DomainNotProven):
        check(claim)
    assert not Domain.objects.filter(domain=OWN).exists()


def test_the_ways_to_prove_are_a_setting(riverside: Clinic, names: NameServer, settings: Any) -> None:
    claim = claim_domain(clinic=riverside, domain=OWN, by=None)
    publish(names, claim)
    settings.DOMAIN_PROOFS = ["tenants.proofs.well_known_file"]

    with pytest.raises(DomainNotProven):
        check(claim)


def test_of_two_that_claim_a_name_the_one_that_proves_it_has_it(
    riverside: Clinic, other_clinic: Clinic, names: NameServer
) -> None:
    squatter = claim_domain(clinic=other_clinic, domain=OWN, by=None)
    owner = claim_domain(clinic=riverside, domain=OWN, by=None)
    publish(names, owner)

    with pytest.raises(DomainNotProven):
        check(squatter)
    check(owner)

    assert Domain.objects.get(domain=OWN).tenant == riverside
    with pytest.raises(DomainTaken):
        claim_domain(clinic=other_clinic, domain=OWN, by=None)
    publish(names, squatter)
    with pytest.raises(DomainTaken):
        check(squatter)


def test_a_word_proves_nothing_for_another_clinic(
    riverside: Clinic, other_clinic: Clinic, names: NameServer
) -> None:
    mine = claim_domain(clinic=riverside, domain=OWN, by=None)

    with pytest.raises(NotFound):
        prove_domain(clinic=other_clinic, claim_id=mine.pk, by=None, now=now())


def test_proven_twice_at_once_it_is_there_once(committed_clinic: Clinic, names: NameServer) -> None:
    leave_clinic()
    claim = claim_domain(clinic=committed_clinic, domain=OWN, by=None)
    publish(names, claim)

    outcomes = at_once(committed_clinic, *[partial(check_in_public, claim)] * 4)

    assert sorted(type(each).__name__ for each in outcomes).count("Domain") == 1
    assert {type(each) for each in outcomes} <= {Domain, DomainTaken, NotFound}
    assert Domain.objects.filter(domain=OWN).count() == 1


def check_in_public(claim: DomainClaim) -> Domain:
    """As an operator does."""
    leave_clinic()
    return check(claim)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("WWW.Clinic.Example", OWN),
        (" www.clinic.example. ", OWN),
        ("b\u00fccher.example", "xn--bcher-kva.example"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("clinic.xn--p1ai", "clinic.xn--p1ai"),
    ],
)
def test_a_name_is_brought_to_the_form_in_which_it_is_compared(given: str, name: str) -> None:
    assert host_name(given) == name


@pytest.mark.parametrize(
    "given",
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
def test_what_is_no_domain_of_a_clinics_own_is_refused(given: str) -> None:
    with pytest.raises(InvalidInput):
        host_name(given)


def test_addresses_below_ours_are_not_claimed(settings: Any) -> None:
    settings.BASE_DOMAIN = "platform.example"

    for name in ("platform.example", "x.platform.example", "X.Platform.example."):
        with pytest.raises(InvalidInput, match="invalid"):
            host_name(name)
    assert host_name("notplatform.example") == "notplatform.example"


def test_links_carry_the_main_domain(riverside: Clinic, names: NameServer) -> None:
    claim = claim_domain(clinic=riverside, domain=OWN, by=None)
    publish(names, claim)
    domain = check(claim)

    make_domain_primary(clinic=riverside, domain_id=domain.pk, by=None)
    with_own = clinic_url(riverside)
    remove_domain(clinic=riverside, domain_id=domain.pk, by=None)

    assert (with_own, clinic_url(riverside)) == (f"http://{OWN}/", "http://riverside.example.localhost/")
    forget_hosts()
    assert clinic_for_host(OWN) is None


def test_the_address_here_cannot_be_removed(riverside: Clinic) -> None:
    with pytest.raises(DomainNeeded):
        remove_domain(clinic=riverside, domain_id=Domain.objects.get(tenant=riverside).pk, by=None)


def test_nobody_touches_anothers_domains(riverside: Clinic, other_clinic: Clinic) -> None:
    theirs = Domain.objects.get(tenant=other_clinic)
    claim = claim_domain(clinic=other_clinic, domain=OWN, by=None)

    for act in (make_domain_primary, remove_domain):
        with pytest.raises(NotFound):
            act(clinic=riverside, domain_id=theirs.pk, by=None)
    with pytest.raises(NotFound):
        remove_claim(clinic=riverside, claim_id=claim.pk, by=None)


def test_a_clinic_has_one_main_domain(riverside: Clinic) -> None:
    from django.db import IntegrityError, transaction  # noqa: PLC0415

    with pytest.raises(IntegrityError, match="domain_one_primary_per_clinic"), transaction.atomic():
        Domain.objects.bulk_create([Domain(tenant=riverside, domain=OWN, is_primary=True)])


def test_proofs_are_not_looked_for_without_end(riverside: Clinic, settings: Any) -> None:
    limits = settings.TRY_LIMITS
    settings.TRY_LIMITS = {**limits, "proof of a domain by clinic": (1, limits["reset by account"][1])}
    claim = claim_domain(clinic=riverside, domain=OWN, by=None)

    with pytest.raises(DomainNotProven):
        check(claim)
    with pytest.raises(TooManyTries):
        check(claim)


def test_a_clinic_claims_no_endless_list(riverside: Clinic) -> None:
    for number in range(20):
        claim_domain(clinic=riverside, domain=f"www{number}.clinic.example", by=None)

    with pytest.raises(InvalidInput):
        claim_domain(clinic=riverside, domain=OWN, by=None)
    claim_domain(clinic=riverside, domain="www7.clinic.example", by=None)
    assert DomainClaim.objects.count() == 20


PAGE = "/admin/clinics/clinicsettings/domains/"


def press(client: ClinicClient, do: str, which: object) -> Any:
    """A button on the page of domains."""
    return client.post(PAGE, {"do": do, "which": str(which)}, format="multipart")


@pytest.fixture
def staff(clinic: Clinic, admin: User) -> ClinicClient:
    """The clinic's admin in their admin."""
    client = ClinicClient(clinic)
    client.force_login(admin)
    return client


def test_a_clinics_admin_adds_proves_and_removes_a_domain(
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
    mine = AuditEntry.objects.filter(what__in=expected).order_by("id")
    assert [(entry.what, entry.by) for entry in mine] == [(what, admin) for what in expected]
    leave_clinic()
    entries = AuditEntry.objects.filter(what__in=expected).order_by("id")
    note = f"riverside: {OWN} (by the clinic)"
    assert [(entry.what, entry.by, entry.note) for entry in entries] == [
        (what, None, note) for what in expected
    ]


@pytest.mark.parametrize("do", ["claim", "prove", "primary", "remove", "forget", "", "drop"])
@pytest.mark.parametrize("which", ["", "1' OR 1=1", "\x00", "9" * 40, "\u0663", "-1", "0" * 18])
def test_nonsense_on_the_page_changes_nothing(
    clinic: Clinic, staff: ClinicClient, do: str, which: str
) -> None:
    answer = press(staff, do, which)

    assert answer.status_code == 200
    with enter_public():
        assert (Domain.objects.count(), DomainClaim.objects.count()) == (2, 0)


def test_the_page_of_another_clinics_admin_does_not_touch_ours(
    clinic: Clinic, other_clinic: Clinic, staff: ClinicClient
) -> None:
    theirs = Domain.objects.get(tenant=other_clinic)

    press(staff, "remove", theirs.pk)

    with enter_clinic(other_clinic):
        assert Domain.objects.get(tenant=other_clinic).pk == theirs.pk
