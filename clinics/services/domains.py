"""A clinic's own domains, done in public and written into the audit logs.

By an operator that is the platform's log; by the clinic's admin the clinic's, and in the platform's it says
that the clinic did it.
"""

import uuid
from datetime import datetime

from django.db import transaction

from tenants.accounts.audit import What, record, record_of_clinic
from tenants.accounts.limits import take_try
from tenants.accounts.models import User
from tenants.door import current_clinic_or_none, enter_public
from tenants.models import Clinic, Domain, DomainClaim
from tenants.services import domains


@transaction.atomic
def claim_domain(*, clinic: Clinic, domain: str, by: User | None) -> DomainClaim:
    """Note that `clinic` says `domain` is its own.

    :raises InvalidInput: it is no domain, or too many wait to be proven
    :raises DomainTaken: a clinic has it
    """
    with enter_public():
        claim = domains.claim_domain(clinic=clinic, domain=domain)
    _record(What.DOMAIN_CLAIMED, clinic, by, claim.domain)
    return claim


def prove_domain(*, clinic: Clinic, claim_id: uuid.UUID, by: User | None, now: datetime) -> Domain:
    """Look whether the proof is there; then the clinic answers at the domain. Outside any transaction.

    :raises NotFound: the clinic has not claimed it
    :raises DomainNotProven: the proof is not there (yet)
    :raises DomainTaken: another clinic was first
    :raises TooManyTries: it was looked for too often
    """
    with enter_public():
        take_try("proof of a domain by clinic", who=str(clinic.pk), now=now)
        proven = domains.prove_domain(clinic=clinic, claim_id=claim_id)
    _record(What.DOMAIN_PROVEN, clinic, by, proven.domain)
    return proven


@transaction.atomic
def make_domain_primary(*, clinic: Clinic, domain_id: int, by: User | None) -> Domain:
    """Let links in e-mails carry this domain from now on.

    :raises NotFound: it is none of the clinic's
    """
    with enter_public():
        chosen = domains.make_domain_primary(clinic=clinic, domain_id=domain_id)
    _record(What.DOMAIN_PRIMARY, clinic, by, chosen.domain)
    return chosen


@transaction.atomic
def remove_domain(*, clinic: Clinic, domain_id: int, by: User | None) -> str:
    """Stop answering at a domain.

    :return: its name
    :raises NotFound: it is none of the clinic's
    :raises DomainNeeded: it is the clinic's address here
    """
    with enter_public():
        name = domains.remove_domain(clinic=clinic, domain_id=domain_id)
    _record(What.DOMAIN_REMOVED, clinic, by, name)
    return name


@transaction.atomic
def remove_claim(*, clinic: Clinic, claim_id: uuid.UUID, by: User | None) -> str:
    """Forget that a clinic said a domain is its own.

    :return: its name
    :raises NotFound: it has not said so
    """
    with enter_public():
        name = domains.remove_claim(clinic=clinic, claim_id=claim_id)
    _record(What.DOMAIN_REMOVED, clinic, by, name)
    return name


def _record(what: What, clinic: Clinic, by: User | None, domain: str) -> None:
    note = f"{clinic.slug}: {domain}"[:280]
    if current_clinic_or_none() is None:
        record_of_clinic(what=what, clinic=clinic, by=by, note=note)
        return
    record(what=what, by=by, about=[clinic], note=note)
    record_of_clinic(what=what, clinic=clinic, by=None, note=f"{note} (by the clinic)")
