"""What the tests of the ground share."""

from collections.abc import Iterator

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from tenants.door import enter_clinic
from tenants.models import Clinic


@pytest.fixture
def open_clinic(clinics: tuple[Clinic, Clinic], django_db_blocker: DjangoDbBlocker) -> Iterator[Clinic]:
    """The London clinic, entered outside any transaction, for what takes two connections; left as it was."""
    with django_db_blocker.unblock():
        with enter_clinic(clinics[0]):
            yield clinics[0]
        connection.close()
