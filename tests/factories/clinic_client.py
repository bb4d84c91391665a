"""A client that talks to one clinic's host."""

from copy import copy, deepcopy
from typing import Any, Self

from django.conf import settings
from django.db import connection as django_connection
from rest_framework.test import APIClient

from tenants.models import Clinic

connection: Any = django_connection  # django-tenants' backend adds to Django's what no stub knows


def host_of(clinic: Clinic) -> str:
    """The clinic's host name in tests."""
    return f"{clinic.slug}.{settings.BASE_DOMAIN}"


class ClinicClient(APIClient):
    """DRF's test client at a clinic's host.

    A request leaves the connection in public, as in production; the clinic the test was in is entered again.
    """

    def __init__(self, clinic: Clinic, **extra: Any) -> None:
        super().__init__(SERVER_NAME=host_of(clinic), **extra)
        self.default_format = "json"

    def clone(self) -> Self:
        """A client with the same sign-in, which may sign out without this one."""
        other = copy(self)
        other.cookies = deepcopy(self.cookies)
        vars(other)["_credentials"] = dict(vars(self)["_credentials"])
        return other

    def request(self, **request: Any) -> Any:
        """Ask, then be where the test was."""
        before = connection.tenant
        try:
            return super().request(**request)
        finally:
            connection.set_tenant(before)


def data_of(response: Any) -> Any:
    """What a successful answer carries in its envelope."""
    body = response.json()
    assert body["success"] is True, body
    return body["data"]
