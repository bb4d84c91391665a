"""Fixtures shared by the tests of the tenants app."""

from collections.abc import Iterator

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from tenants.current import enter_clinic
from tenants.models import Clinic


@pytest.fixture
def open_clinic(clinics: tuple[Clinic, Clinic], django_db_blocker: DjangoDbBlocker) -> Iterator[Clinic]:
    """Enter the London clinic outside any transaction, for tests with several connections. Clean up after."""
    with django_db_blocker.unblock():
        with enter_clinic(clinics[0]):
            yield clinics[0]
        connection.close()
