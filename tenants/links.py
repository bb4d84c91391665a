"""Addresses for people: always from the stored domain, never from what a request claims."""

import uuid

from django.conf import settings

from tenants.door import current_clinic
from tenants.models import Clinic, Domain


def origin_of(host: str) -> str:
    """Scheme, host and port under which `host` is reached from outside."""
    port = f":{settings.PUBLIC_PORT}" if settings.PUBLIC_PORT else ""
    return f"{settings.PUBLIC_SCHEME}://{host}{port}"


def message_id(row_id: uuid.UUID | str) -> str:
    """The Message-ID (RFC 5322, section 3.6.4) of the mail about a row of the current clinic.

    Fixed, so that a mail sent again is known as the same; made of the clinic's id, too, so that a restored
    clinic, whose rows have the ids of another's, is not taken for that one.
    """
    return f"<{uuid.uuid5(current_clinic().pk, str(row_id))}@{settings.BASE_DOMAIN}>"


def clinic_url(clinic: Clinic, path: str = "/") -> str:
    """The address of `path` at `clinic`'s primary domain.

    :raises Domain.DoesNotExist: the clinic has no primary domain
    """
    return origin_of(Domain.objects.get(tenant=clinic, is_primary=True).domain) + path
