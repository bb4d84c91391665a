"""A clinic's own host names: claimed, proven, made the main one, given up."""

import re
import uuid
from typing import ClassVar

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from tenants.base.constraints import constraint_of
from tenants.base.errors import DomainError, InvalidInput, NotFound, Text
from tenants.hosts import forget_hosts_on_commit
from tenants.models import Clinic, Domain, DomainClaim
from tenants.proofs import is_proven

HOST_NAME = re.compile(
    r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,58}[a-z0-9])"
)
LONGEST = 253
NOBODYS = {"localhost", "local", "internal", "invalid", "arpa", "onion", "alt"}
"""Top-level names that belong to nobody in public (RFC 6761, RFC 6762, RFC 9476)."""
MOST_CLAIMS = 20


class DomainTaken(DomainError):
    """A clinic has this domain and has proven it."""

    code: ClassVar[str] = "domain_taken"
    message: ClassVar[Text] = _("A clinic already uses this domain.")
    status: ClassVar[int] = 409


class DomainNotProven(DomainError):
    """The word was not found where it should be."""

    code: ClassVar[str] = "domain_not_proven"
    message: ClassVar[Text] = _(
        "We could not verify this domain yet. It can take some hours until a new DNS record is visible."
    )
    status: ClassVar[int] = 422


class DomainNeeded(DomainError):
    """The address below the platform's own domain stays."""

    code: ClassVar[str] = "domain_needed"
    message: ClassVar[Text] = _("You cannot remove the clinic's own web address.")
    status: ClassVar[int] = 409


def host_name(given: str) -> str:
    """A host name as it is compared: lower case, ASCII, without a final dot.

    :raises InvalidInput: it is none that a clinic can own
    """
    name = given.strip().lower().removesuffix(".")
    try:
        name = name if name.isascii() else name.encode("idna").decode("ascii")
    except UnicodeError:
        name = ""
    if len(name) > LONGEST or not HOST_NAME.fullmatch(name) or name.rpartition(".")[2] in NOBODYS:
        raise InvalidInput(errors={"domain": [_("Enter a domain, for example www.clinic.example.")]})
    if f".{name}".endswith(f".{settings.BASE_DOMAIN}"):
        raise InvalidInput(
            errors={
                "domain": [_("Enter the clinic's own domain. Subdomains of this platform cannot be added.")]
            }
        )
    return name


@transaction.atomic
def claim_domain(*, clinic: Clinic, domain: str) -> DomainClaim:
    """Note that `clinic` says `domain` is its own. Nothing leads there yet, and nobody else is held up.

    :raises InvalidInput: it is no domain, or too many wait to be proven
    :raises DomainTaken: a clinic, perhaps this one, has it
    """
    name = host_name(domain)
    if Domain.objects.filter(domain=name).exists():
        raise DomainTaken(errors={"domain": [DomainTaken.message]})
    if DomainClaim.objects.filter(clinic=clinic).exclude(domain=name).count() >= MOST_CLAIMS:
        raise InvalidInput(
            errors={"domain": [_("Too many domains are waiting for verification. Remove some first.")]}
        )
    return DomainClaim.objects.get_or_create(clinic=clinic, domain=name)[0]


def prove_domain(*, clinic: Clinic, claim_id: uuid.UUID) -> Domain:
    """Look whether the proof is there; then the clinic answers at the domain.

    Outside any transaction: it asks strangers' servers, and nothing is to wait for them.

    :raises NotFound: the clinic has not claimed it
    :raises DomainNotProven: the proof is not there (yet)
    :raises DomainTaken: another clinic was first
    """
    claim = DomainClaim.objects.filter(clinic=clinic, pk=claim_id).first()
    if claim is None:
        raise NotFound
    if not is_proven(claim.domain, claim.word):
        raise DomainNotProven(errors={"domain": [DomainNotProven.message]})
    try:
        with transaction.atomic():
            proven = Domain(tenant=clinic, domain=claim.domain, is_primary=False)
            proven.save()  # type: ignore[no-untyped-call]
            claim.delete()
            forget_hosts_on_commit()
    except IntegrityError as error:
        if not constraint_of(error).startswith("tenants_domain_domain"):
            raise
        raise DomainTaken(errors={"domain": [DomainTaken.message]}) from error
    return proven


@transaction.atomic
def make_domain_primary(*, clinic: Clinic, domain_id: int) -> Domain:
    """Let links in emails carry this domain from now on. The others go on answering.

    :raises NotFound: it is none of the clinic's
    """
    # Behind the clinic's lock: of two who choose at once, one is after the other.
    Clinic.objects.select_for_update(no_key=True).get(pk=clinic.pk)
    chosen = Domain.objects.filter(tenant=clinic, pk=domain_id).first()
    if chosen is None:
        raise NotFound
    Domain.objects.filter(tenant=clinic, is_primary=True).update(is_primary=False)
    Domain.objects.filter(pk=chosen.pk).update(is_primary=True)
    chosen.is_primary = True
    forget_hosts_on_commit()
    return chosen


def stays(domain: Domain) -> bool:
    """Whether it is the clinic's address here, which it always has."""
    return f".{domain.domain}".endswith(f".{settings.BASE_DOMAIN}")


@transaction.atomic
def remove_domain(*, clinic: Clinic, domain_id: int) -> str:
    """Stop answering at a domain. Where it was the main one, the clinic's address here is that again.

    :return: its name
    :raises NotFound: it is none of the clinic's
    :raises DomainNeeded: it is the clinic's address here
    """
    Clinic.objects.select_for_update(no_key=True).get(pk=clinic.pk)
    domain = Domain.objects.filter(tenant=clinic, pk=domain_id).first()
    if domain is None:
        raise NotFound
    if stays(domain):
        raise DomainNeeded
    domain.delete()
    if domain.is_primary:
        own = f"{clinic.slug}.{settings.BASE_DOMAIN}"
        Domain.objects.filter(tenant=clinic, domain=own).update(is_primary=True)
    forget_hosts_on_commit()
    return domain.domain


@transaction.atomic
def remove_claim(*, clinic: Clinic, claim_id: uuid.UUID) -> str:
    """Forget that a clinic said a domain is its own.

    :return: its name
    :raises NotFound: it has not said so
    """
    claim = DomainClaim.objects.filter(clinic=clinic, pk=claim_id).first()
    if claim is None:
        raise NotFound
    claim.delete()
    return claim.domain
