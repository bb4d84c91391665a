"""URLs and Message-IDs for emails. URLs use the stored domain, never the host that a request names."""

import uuid

from django.conf import settings

from tenants.base.batch_cache import cached_in_batch
from tenants.current import current_clinic
from tenants.models import Clinic, Domain


def origin_url(host: str) -> str:
    """Return scheme, host and port under which `host` is reachable from outside."""
    port = f":{settings.PUBLIC_PORT}" if settings.PUBLIC_PORT else ""
    return f"{settings.PUBLIC_SCHEME}://{host}{port}"


def message_id(row_id: uuid.UUID | str) -> str:
    """Return the Message-ID (RFC 5322, section 3.6.4) of the email about a row of the current clinic.

    It is fixed, so a repeated email is recognised as a duplicate. It includes the clinic's id, so emails of a
    restored clinic, whose rows have the same ids as the original's, are not taken for duplicates.
    """
    return f"<{uuid.uuid5(current_clinic().pk, str(row_id))}@{settings.BASE_DOMAIN}>"


def clinic_url(clinic: Clinic, path: str = "/") -> str:
    """Return the absolute URL of `path` at `clinic`'s primary domain.

    :raises Domain.DoesNotExist: the clinic has no primary domain
    """
    return origin_url(_primary_host(clinic)) + path


@cached_in_batch
def _primary_host(clinic: Clinic) -> str:
    return str(Domain.objects.get(tenant=clinic, is_primary=True).domain)
