"""Fixtures: a real browser and the real web, worker and beat processes, as in the demo."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from clinics.models import ClinicSettings, Doctor
from embedded.chromium import ensure_chromium
from embedded.programs import log_tail
from scheduling.clock.planning import Hours
from scheduling.hours.services import set_working_hours
from scheduling.hours.slot_generator import generate_slots
from tenants.base.clock import now
from tenants.models import Clinic
from tests.drills.installation import Installation, open_installation
from tests.factories.clinic_client import host_of
from tests.factories.people import make_doctor
from tests.profiles import FULL

ARGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
SIZES = {"phone": (390, 844), "desktop": (1280, 900)}
on_phone = pytest.mark.parametrize("page", list(SIZES) if FULL else ["phone"], indirect=True)
on_desktop = pytest.mark.parametrize("page", list(SIZES) if FULL else ["desktop"], indirect=True)
"""For journeys whose kinds of screens other tests show in both sizes: both only in the full profile."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Move the tests of this folder to the end of the run, so that they share an installation."""
    items.sort(key=lambda item: item.path.is_relative_to(Path(__file__).parent))


@dataclass(frozen=True, slots=True)
class Site:
    """A clinic with one doctor, and the installation that serves it."""

    clinic: Clinic
    doctor: Doctor
    installation: Installation

    @property
    def url(self) -> str:
        """The clinic's address in the browser."""
        return f"http://{host_of(self.clinic)}:{self.installation.port}"


@pytest.fixture(scope="session")
def static_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Collect the built web app and the admin's files in a folder from which a web process serves them."""
    folder = tmp_path_factory.mktemp("static")
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(STATIC_ROOT=folder, STORAGES={**settings.STORAGES, "staticfiles": plain}):
        call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=["*.map"])
    return folder


@pytest.fixture(scope="package")
def installation(django_db_setup: None, static_files: Path) -> Iterator[Installation]:
    """Start web, worker and beat for the tests of this folder.

    They stop before the tests of other folders, whose jobs the worker would run.
    """
    with open_installation() as installation:
        installation.settings["STATIC_ROOT"] = str(static_files)
        installation.start("web", "worker", "delivery", "beat")
        yield installation


@pytest.fixture
def site(committed_clinic: Clinic, installation: Installation) -> Site:
    """A clinic for this test only, with one doctor who works every day, served by the installation."""
    ClinicSettings.objects.update(phone="+44 20 7946 0000", address="1 Test Street\nLondon")
    doctor = make_doctor(name="Marsh", title="Dr")
    week = [Hours(weekday=day, opens=9 * 60, closes=17 * 60, slot_minutes=30) for day in range(7)]
    set_working_hours(doctor=doctor, week=week, now=now())
    generate_slots(doctor=doctor, now=now(), last=(now() + timedelta(days=20)).date())
    return Site(committed_clinic, doctor, installation)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start Chromium without its background network traffic."""
    # Playwright runs an event loop in this thread, in which Django refuses synchronous queries by default.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    # A busy machine may need long to load a page. A test that passes never waits that long.
    expect.set_options(timeout=20_000)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=ensure_chromium(), args=ARGS)
        yield chromium
        chromium.close()
        # Django uses a separate connection while an event loop runs. Nothing else closes it.
        connection.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(params=list(SIZES))
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A page in the size of a phone and of a desktop. Errors in the browser's console fail the test.

    Chromium logs every error response. Mark an expected one with `@pytest.mark.refused(401)`, and a test that
    cuts the connection with `@pytest.mark.offline`.
    """
    # A page that reloads itself must be closed before its clinic is dropped.
    site = request.getfixturevalue("site") if "site" in request.fixturenames else None
    width, height = SIZES[request.param]
    context: BrowserContext = browser.new_context(
        viewport={"width": width, "height": height},
        reduced_motion="reduce",
        locale="en-GB",
        timezone_id="Europe/Paris",
    )
    new_page = context.new_page()
    errors: list[str] = []
    new_page.on(
        "console",
        lambda message: (
            errors.append(f"{message.text} {message.location['url']}") if message.type == "error" else None
        ),
    )
    new_page.on("pageerror", lambda exception: errors.append(str(exception)))
    yield new_page
    context.close()
    refused_statuses = [mark.args[0] for mark in request.node.iter_markers("refused")]
    expected = [
        f"Failed to load resource: the server responded with a status of {status}"
        for status in refused_statuses
    ]
    if request.node.get_closest_marker("offline"):
        expected.append("Failed to load resource: net::ERR_INTERNET_DISCONNECTED")
        expected.append("TypeError: Failed to fetch dynamically imported module")
    if site and any("status of 50" in error for error in errors):
        errors.append(log_tail(site.installation.home.log("web"), lines=200))
    assert [error for error in errors if not error.startswith(tuple(expected))] == []
