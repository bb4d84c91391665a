"""A clinic's own domains: changes in the public schema, with entries in the audit logs.

A change by an operator is recorded in the platform's audit log. A change by the clinic's admin is recorded in
the clinic's audit log, and in the platform's as made by the clinic.
"""

import uuid
from datetime import datetime

from django.db import transaction

from tenants.accounts.attempt_limits import count_attempt
from tenants.accounts.audit.services import AuditAction, write_audit_entries, write_clinic_audit_entry
from tenants.accounts.models import User
from tenants.current import current_clinic_or_none, enter_public
from tenants.domains import services
from tenants.models import Clinic, Domain, DomainClaim


@transaction.atomic
def claim_domain(*, clinic: Clinic, domain: str, by: User | None) -> DomainClaim:
    """Add a domain that the clinic still has to verify.

    :raises InvalidInput: it is not a domain, or too many domains wait for verification
    :raises DomainTaken: a clinic uses it
    """
    with enter_public():
        claim = services.claim_domain(clinic=clinic, domain=domain)
    _record(AuditAction.DOMAIN_CLAIMED, clinic, by, claim.domain)
    return claim


def verify_domain(*, clinic: Clinic, claim_id: uuid.UUID, by: User | None, now: datetime) -> Domain:
    """Verify a domain, so that it leads to the clinic. Must be called outside any transaction.

    :raises NotFound: the clinic has not added it
    :raises DomainNotVerified: the DNS record or file was not found
    :raises DomainTaken: another clinic verified it first
    :raises TooManyAttempts: there were too many attempts
    """
    with enter_public():
        count_attempt("proof of a domain by clinic", subject=str(clinic.pk), now=now)
        verified = services.verify_domain(clinic=clinic, claim_id=claim_id)
    _record(AuditAction.DOMAIN_PROVEN, clinic, by, verified.domain)
    return verified


@transaction.atomic
def make_domain_primary(*, clinic: Clinic, domain_id: int, by: User | None) -> Domain:
    """Use this domain for links in emails.

    :raises NotFound: it is not a domain of the clinic
    """
    with enter_public():
        primary = services.make_domain_primary(clinic=clinic, domain_id=domain_id)
    _record(AuditAction.DOMAIN_PRIMARY, clinic, by, primary.domain)
    return primary


@transaction.atomic
def remove_domain(*, clinic: Clinic, domain_id: int, by: User | None) -> str:
    """Remove a domain, so that it no longer leads to the clinic.

    :return: its name
    :raises NotFound: it is not a domain of the clinic
    :raises DomainRequired: it is the clinic's subdomain of the base domain
    """
    with enter_public():
        name = services.remove_domain(clinic=clinic, domain_id=domain_id)
    _record(AuditAction.DOMAIN_REMOVED, clinic, by, name)
    return name


@transaction.atomic
def remove_claim(*, clinic: Clinic, claim_id: uuid.UUID, by: User | None) -> str:
    """Remove a domain that was not verified.

    :return: its name
    :raises NotFound: the clinic has not added it
    """
    with enter_public():
        name = services.remove_claim(clinic=clinic, claim_id=claim_id)
    _record(AuditAction.DOMAIN_REMOVED, clinic, by, name)
    return name


def _record(what: AuditAction, clinic: Clinic, by: User | None, domain: str) -> None:
    note = f"{clinic.slug}: {domain}"[:280]
    if current_clinic_or_none() is None:
        write_clinic_audit_entry(what=what, clinic=clinic, by=by, note=note)
        return
    write_audit_entries(what=what, by=by, about=[clinic], note=note)
    write_clinic_audit_entry(what=what, clinic=clinic, by=None, note=f"{note} (by the clinic)")
