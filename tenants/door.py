"""The one door to the current clinic: which one this thread serves, and how to enter another."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from django.db import connection
from django.utils import timezone, translation
from django_tenants.utils import get_public_schema_name, schema_context, tenant_context

from tenants.backend.base import DatabaseWrapper
from tenants.base.errors import NotFound
from tenants.models import Clinic

# Django says of its connection only that it is one to some database.
_connection = cast(DatabaseWrapper, connection)


def current_clinic_or_none() -> Clinic | None:
    """The clinic whose schema the connection is on; None in public."""
    clinic = _connection.tenant
    return clinic if isinstance(clinic, Clinic) else None


def current_clinic() -> Clinic:
    """The clinic whose schema the connection is on.

    :raises NotFound: the connection is on public, where no clinic is
    """
    clinic = current_clinic_or_none()
    if clinic is None:
        raise NotFound
    return clinic


@contextmanager
def enter_clinic(clinic: Clinic) -> Iterator[Clinic]:
    """Activate `clinic`: its schema on the connection, its time zone and its locale.

    Only ever with `with`: django-tenants' decorator form and `with clinic:` keep their state on
    objects that threads share, and then read each other's clinics.
    """
    entered = tenant_context(clinic)  # type: ignore[no-untyped-call]
    with entered, timezone.override(clinic.zone), translation.override(clinic.language_code):
        yield clinic


def is_in_public() -> bool:
    """Whether the connection is on the platform's own tables."""
    return _connection.schema_name == str(get_public_schema_name())  # type: ignore[no-untyped-call]


@contextmanager
def enter_public() -> Iterator[None]:
    """Be on the platform's own tables, and afterwards where one was. With `with`, as `enter_clinic`."""
    entered = schema_context(get_public_schema_name())  # type: ignore[no-untyped-call]
    with entered:
        yield


@contextmanager
def enter_schema(name: str) -> Iterator[None]:
    """Be on a schema that is no clinic's, as migrations are on the template. With `with`, as above."""
    entered = schema_context(name)  # type: ignore[no-untyped-call]
    with entered:
        yield


def clinic_by_id(clinic_id: uuid.UUID) -> Clinic:
    """The clinic of that id, live or not.

    :raises Clinic.DoesNotExist: there is none
    """
    return Clinic.objects.get(pk=clinic_id)


def leave_clinic() -> None:
    """Put the connection back on public. Every request and task ends with it."""
    _connection.set_schema_to_public()  # type: ignore[no-untyped-call]
