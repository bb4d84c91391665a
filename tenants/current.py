"""The current clinic of the database connection, and how to switch to another one.

All code goes through this module to read or change the current schema.
"""

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

# Django types `connection` as a generic wrapper.
_connection = cast(DatabaseWrapper, connection)


def current_clinic_or_none() -> Clinic | None:
    """Return the clinic whose schema the connection uses; None in public."""
    clinic = _connection.tenant
    return clinic if isinstance(clinic, Clinic) else None


def current_clinic() -> Clinic:
    """Return the clinic whose schema the connection uses.

    :raises NotFound: the connection is in public, outside any clinic
    """
    clinic = current_clinic_or_none()
    if clinic is None:
        raise NotFound
    return clinic


@contextmanager
def enter_clinic(clinic: Clinic) -> Iterator[Clinic]:
    """Activate `clinic`: its schema on the connection, its time zone and its locale.

    Only use it with `with`: django-tenants' decorator form and `with clinic:` keep their state on objects
    shared between threads, so one thread would read another thread's clinic.
    """
    context = tenant_context(clinic)  # type: ignore[no-untyped-call]
    with context, timezone.override(clinic.zone), translation.override(clinic.language_code):
        yield clinic


def is_in_public() -> bool:
    """Return whether the connection uses the platform's own tables."""
    return _connection.schema_name == str(get_public_schema_name())  # type: ignore[no-untyped-call]


@contextmanager
def enter_public() -> Iterator[None]:
    """Use the platform's own tables inside the `with` block, then the previous schema again."""
    context = schema_context(get_public_schema_name())  # type: ignore[no-untyped-call]
    with context:
        yield


@contextmanager
def enter_schema(name: str) -> Iterator[None]:
    """Use a schema that belongs to no clinic inside the `with` block, such as the migration template."""
    context = schema_context(name)  # type: ignore[no-untyped-call]
    with context:
        yield


def clinic_by_id(clinic_id: uuid.UUID) -> Clinic:
    """Return a clinic by its id, whatever its status.

    :raises Clinic.DoesNotExist: there is no such clinic
    """
    return Clinic.objects.get(pk=clinic_id)


def leave_clinic() -> None:
    """Reset the connection to public. Called at the end of every request and task."""
    _connection.set_schema_to_public()  # type: ignore[no-untyped-call]
    recycle_connection()


def recycle_connection() -> None:
    """Close the connection if it has served so many clinics that its Postgres process has grown large.

    The next query opens another one. Inside a transaction nothing happens.
    """
    _connection.recycle_if_grown()


def lift_statement_timeout() -> None:
    """Let statements run for as long as they need, until the transaction ends."""
    _connection.lift_statement_timeout()
