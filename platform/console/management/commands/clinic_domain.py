"""`manage.py clinic_domain SLUG add|check|primary|remove DOMAIN`."""

from argparse import ArgumentParser
from typing import Any

from clinics.services.domains import (
    claim_domain,
    make_domain_primary,
    remove_claim,
    remove_domain,
    verify_domain,
)
from console.management.clinic_command import ClinicCommand
from tenants.base.clock import now
from tenants.base.errors import NotFound
from tenants.domains.domain_verification import DNS_RECORD_PREFIX, WELL_KNOWN_PATH
from tenants.domains.services import normalise_domain
from tenants.models import Clinic, Domain, DomainClaim


class Command(ClinicCommand):
    """Manages a clinic's own domains."""

    help = "Add a domain to a clinic, verify it, make it the primary domain, or remove it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the arguments for the step and the domain."""
        super().add_arguments(parser)
        parser.add_argument("step", choices=["add", "check", "primary", "remove"])
        parser.add_argument("domain", help="for example www.clinic.example")

    def act(self, clinic: Clinic, options: dict[str, Any]) -> str:
        """Carry out the step.

        :raises NotFound: the clinic has no such domain
        """
        step = options["step"]
        if step == "add":
            claim = claim_domain(clinic=clinic, domain=options["domain"], by=None)
            return (
                f"Publish {claim.word} as a TXT record at {DNS_RECORD_PREFIX}.{claim.domain} "
                f"or as a text file at "
                f"http://{claim.domain}{WELL_KNOWN_PATH}. Then run this command with “check”."
            )
        name = options["domain"] if step == "remove" else normalise_domain(options["domain"])
        unverified = DomainClaim.objects.filter(clinic=clinic, domain=name).first()
        if step == "check" and unverified:
            verify_domain(clinic=clinic, claim_id=unverified.pk, by=None, now=now())
            return f"{clinic.name} can now be reached at {name}."
        if step == "remove" and unverified:
            remove_claim(clinic=clinic, claim_id=unverified.pk, by=None)
            return f"{name} was removed."
        verified = Domain.objects.filter(tenant=clinic, domain=name).first()
        if verified is None or step == "check":
            raise NotFound
        if step == "primary":
            make_domain_primary(clinic=clinic, domain_id=verified.pk, by=None)
            return f"{name} is now the primary domain of {clinic.name}."
        remove_domain(clinic=clinic, domain_id=verified.pk, by=None)
        return f"{clinic.name} can no longer be reached at {name}."
