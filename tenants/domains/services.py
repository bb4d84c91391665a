"""A clinic's own domains: claim, verify, make primary, remove."""

import re
import uuid
from typing import ClassVar

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from tenants.base.constraints import violated_constraint
from tenants.base.errors import DomainError, InvalidInput, NotFound, Text
from tenants.domains.domain_verification import is_verified
from tenants.models import Clinic, Domain, DomainClaim
from tenants.routing.hosts import clear_host_cache_on_commit

_HOST_NAME = re.compile(
    r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,58}[a-z0-9])"
)
_MAX_LENGTH = 253
_RESERVED_TOP_LEVEL_DOMAINS = {"localhost", "local", "internal", "invalid", "arpa", "onion", "alt"}
"""Top-level domains that nobody can own publicly (RFC 6761, RFC 6762, RFC 9476)."""
MAX_CLAIMS = 20


class DomainTaken(DomainError):
    """A clinic has already verified this domain."""

    code: ClassVar[str] = "domain_taken"
    message: ClassVar[Text] = _("A clinic already uses this domain.")
    status: ClassVar[int] = 409


class DomainNotVerified(DomainError):
    """The verification word was not found at the domain."""

    code: ClassVar[str] = "domain_not_proven"
    message: ClassVar[Text] = _(
        "We could not verify this domain yet. It can take some hours until a new DNS record is visible."
    )
    status: ClassVar[int] = 422


class DomainRequired(DomainError):
    """The clinic's address below the platform's own domain cannot be removed."""

    code: ClassVar[str] = "domain_needed"
    message: ClassVar[Text] = _("You cannot remove the clinic's own web address.")
    status: ClassVar[int] = 409


def normalise_domain(domain: str) -> str:
    """Return a host name in its normalised form: lower case, ASCII, without a final dot.

    :raises InvalidInput: it is not a host name that a clinic can own
    """
    name = domain.strip().lower().removesuffix(".")
    try:
        name = name if name.isascii() else name.encode("idna").decode("ascii")
    except UnicodeError:
        name = ""
    if (
        len(name) > _MAX_LENGTH
        or not _HOST_NAME.fullmatch(name)
        or name.rpartition(".")[2] in _RESERVED_TOP_LEVEL_DOMAINS
    ):
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
    """Record that `clinic` claims to own `domain`. It routes nothing yet and does not block other clinics.

    :raises InvalidInput: it is not a domain, or the clinic has too many unverified claims
    :raises DomainTaken: a clinic, perhaps this one, has verified it already
    """
    name = normalise_domain(domain)
    if Domain.objects.filter(domain=name).exists():
        raise DomainTaken(errors={"domain": [DomainTaken.message]})
    if DomainClaim.objects.filter(clinic=clinic).exclude(domain=name).count() >= MAX_CLAIMS:
        raise InvalidInput(
            errors={"domain": [_("Too many domains are waiting for verification. Remove some first.")]}
        )
    return DomainClaim.objects.get_or_create(clinic=clinic, domain=name)[0]


def verify_domain(*, clinic: Clinic, claim_id: uuid.UUID) -> Domain:
    """Verify a claim. If it succeeds, the clinic answers at the domain.

    Call it outside any transaction: it sends requests to foreign servers, and no lock may wait for them.

    :raises NotFound: the clinic has not claimed it
    :raises DomainNotVerified: the word was not found
    :raises DomainTaken: another clinic verified it first
    """
    claim = DomainClaim.objects.filter(clinic=clinic, pk=claim_id).first()
    if claim is None:
        raise NotFound
    if not is_verified(claim.domain, claim.word):
        raise DomainNotVerified(errors={"domain": [DomainNotVerified.message]})
    try:
        with transaction.atomic():
            domain = Domain(tenant=clinic, domain=claim.domain, is_primary=False)
            domain.save()  # type: ignore[no-untyped-call]
            claim.delete()
            clear_host_cache_on_commit()
    except IntegrityError as error:
        if not violated_constraint(error).startswith("tenants_domain_domain"):
            raise
        raise DomainTaken(errors={"domain": [DomainTaken.message]}) from error
    return domain


@transaction.atomic
def make_domain_primary(*, clinic: Clinic, domain_id: int) -> Domain:
    """Make links in emails use this domain from now on. The other domains keep working.

    :raises NotFound: the clinic has no such domain
    """
    # The lock on the clinic serialises concurrent calls.
    Clinic.objects.select_for_update(no_key=True).get(pk=clinic.pk)
    domain = Domain.objects.filter(tenant=clinic, pk=domain_id).first()
    if domain is None:
        raise NotFound
    Domain.objects.filter(tenant=clinic, is_primary=True).update(is_primary=False)
    Domain.objects.filter(pk=domain.pk).update(is_primary=True)
    domain.is_primary = True
    clear_host_cache_on_commit()
    return domain


def is_platform_domain(domain: Domain) -> bool:
    """Return whether it is the clinic's address on the platform, which cannot be removed."""
    return f".{domain.domain}".endswith(f".{settings.BASE_DOMAIN}")


@transaction.atomic
def remove_domain(*, clinic: Clinic, domain_id: int) -> str:
    """Remove a domain. If it was the primary one, the clinic's address on the platform becomes primary.

    :return: its name
    :raises NotFound: the clinic has no such domain
    :raises DomainRequired: it is the clinic's address on the platform
    """
    Clinic.objects.select_for_update(no_key=True).get(pk=clinic.pk)
    domain = Domain.objects.filter(tenant=clinic, pk=domain_id).first()
    if domain is None:
        raise NotFound
    if is_platform_domain(domain):
        raise DomainRequired
    domain.delete()
    if domain.is_primary:
        platform_name = f"{clinic.slug}.{settings.BASE_DOMAIN}"
        Domain.objects.filter(tenant=clinic, domain=platform_name).update(is_primary=True)
    clear_host_cache_on_commit()
    return domain.domain


@transaction.atomic
def remove_claim(*, clinic: Clinic, claim_id: uuid.UUID) -> str:
    """Remove a clinic's claim to a domain.

    :return: its name
    :raises NotFound: the clinic has no such claim
    """
    claim = DomainClaim.objects.filter(clinic=clinic, pk=claim_id).first()
    if claim is None:
        raise NotFound
    claim.delete()
    return claim.domain
