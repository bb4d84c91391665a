"""Benchmarks measure ratios, since machines differ. Each figure is a median with minimum and maximum."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from pytest_django import DjangoDbBlocker

from tenants.models import Clinic
from tests.drills.figures import pytest_terminal_summary, record_figure
from tests.drills.installation import Installation, open_installation
from tests.factories.database_logins import OWNER, drop_roles, log_in_as
from tests.factories.own_database import temporary_database

__all__ = ["pytest_terminal_summary", "record_figure"]


@pytest.fixture
def web(committed_clinic: Clinic) -> Iterator[Installation]:
    """A web server that also has the static view."""
    with open_installation() as installation:
        installation.settings["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.settings"
        installation.start("web")
        yield installation


@pytest.fixture
def separate_database(clinics: tuple[Clinic, Clinic], django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A separate database to fill with clinics, which is dropped afterwards."""
    with django_db_blocker.unblock():
        log_in_as(*OWNER)
        with temporary_database():
            log_in_as(settings.DB_APP_USER, settings.DB_APP_PASSWORD)
            yield
            added = Clinic.objects.exclude(pk__in=[clinic.pk for clinic in clinics])
            roles = list(added.values_list("schema_name", flat=True))
            log_in_as(*OWNER)
        drop_roles(roles)
        log_in_as(settings.DB_APP_USER, settings.DB_APP_PASSWORD)
