"""A client that talks to one clinic's host."""

from copy import copy, deepcopy
from typing import Any, Self

from django.conf import settings
from django.db import connection as django_connection
from rest_framework.test import APIClient

from tenants.models import Clinic

connection: Any = django_connection  # django-tenants' backend has attributes that no stub knows


def host_of(clinic: Clinic) -> str:
    """The clinic's host name in tests."""
    return f"{clinic.slug}.{settings.BASE_DOMAIN}"


class ClinicClient(APIClient):
    """DRF's test client for a clinic's host.

    As in production, a request leaves the connection in the public schema. The client then enters the test's
    clinic again.
    """

    def __init__(self, clinic: Clinic, **extra: Any) -> None:
        super().__init__(SERVER_NAME=host_of(clinic), **extra)
        self.default_format = "json"

    def clone(self) -> Self:
        """Return a client with a copy of this one's credentials."""
        other = copy(self)
        other.cookies = deepcopy(self.cookies)
        vars(other)["_credentials"] = dict(vars(self)["_credentials"])
        return other

    def request(self, **request: Any) -> Any:
        """Send the request, then return to the test's clinic."""
        tenant = connection.tenant
        try:
            return super().request(**request)
        finally:
            connection.set_tenant(tenant)


def data_of(response: Any) -> Any:
    """Return the `data` of a successful response's envelope."""
    body = response.json()
    assert body["success"] is True, body
    return body["data"]
