"""Addresses for people: always from the stored domain, never from what a request claims."""

from django.conf import settings

from tenants.models import Clinic, Domain


def origin_of(host: str) -> str:
    """Scheme, host and port under which `host` is reached from outside."""
    port = f":{settings.PUBLIC_PORT}" if settings.PUBLIC_PORT else ""
    return f"{settings.PUBLIC_SCHEME}://{host}{port}"


def clinic_url(clinic: Clinic, path: str = "/") -> str:
    """The address of `path` at `clinic`'s primary domain.

    :raises Domain.DoesNotExist: the clinic has no primary domain
    """
    return origin_of(Domain.objects.get(tenant=clinic, is_primary=True).domain) + path
