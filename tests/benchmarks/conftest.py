"""Benchmarks: ratios, since machines differ. Each figure is a median with its least and its most."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from pytest_django import DjangoDbBlocker

from tenants.models import Clinic
from tests.drills.figures import figures, pytest_terminal_summary
from tests.drills.installation import House, open_house
from tests.factories.database_logins import OWNER, drop_roles, log_in_as
from tests.factories.own_database import own_database

__all__ = ["figures", "pytest_terminal_summary"]


@pytest.fixture
def web(committed_clinic: Clinic) -> Iterator[House]:
    """The web server, which has the static view too."""
    with open_house() as house:
        house.settings["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.settings"
        house.start("web")
        yield house


@pytest.fixture
def own_ground(clinics: tuple[Clinic, Clinic], django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A database to be filled with clinics, all of which are gone with it."""
    with django_db_blocker.unblock():
        log_in_as(*OWNER)
        with own_database():
            log_in_as(settings.DB_APP_USER, settings.DB_APP_PASSWORD)
            yield
            added = Clinic.objects.exclude(pk__in=[clinic.pk for clinic in clinics])
            roles = list(added.values_list("schema_name", flat=True))
            log_in_as(*OWNER)
        drop_roles(roles)
        log_in_as(settings.DB_APP_USER, settings.DB_APP_PASSWORD)
