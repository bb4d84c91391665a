"""A real browser before the real processes: web, worker and beat, as the demo runs them."""

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
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from clinics.models import ClinicSettings, Doctor
from embedded.chromium import ensure_chromium
from scheduling.clock.planning import Hours
from scheduling.hours.services import set_working_hours
from scheduling.hours.slot_generator import generate_slots
from tenants.base.clock import now
from tenants.models import Clinic
from tests.drills.installation import House, open_house
from tests.factories.clinic_client import host_of
from tests.factories.people import make_doctor

ARGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
SIZES = {"phone": (390, 844), "desktop": (1280, 900)}


@dataclass(frozen=True, slots=True)
class Site:
    """A clinic being served."""

    clinic: Clinic
    doctor: Doctor
    house: House

    @property
    def url(self) -> str:
        """The clinic's address in the browser."""
        return f"http://{host_of(self.clinic)}:{self.house.port}"


@pytest.fixture(scope="session")
def static_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The web app as `npm run build` left it and the admin's files, where a web process serves them from."""
    folder = tmp_path_factory.mktemp("static")
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(STATIC_ROOT=folder, STORAGES={**settings.STORAGES, "staticfiles": plain}):
        call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=["*.map"])
    return folder


@pytest.fixture(scope="module")
def house(django_db_setup: None, static_files: Path) -> Iterator[House]:
    """Web, worker and beat for all clinics of the module's tests.

    Not for longer: the worker would run what tests of other modules leave in the queue.
    """
    with open_house() as house:
        house.settings["STATIC_ROOT"] = str(static_files)
        house.start("web", "worker", "beat")
        yield house


@pytest.fixture
def site(committed_clinic: Clinic, house: House) -> Site:
    """A clinic of the test's own with one doctor who works every day, and everything that serves it."""
    ClinicSettings.objects.update(phone="+44 20 7946 0000", address="1 Test Street\nLondon")
    doctor = make_doctor(name="Marsh", title="Dr")
    week = [Hours(weekday=day, opens=9 * 60, closes=17 * 60, slot_minutes=30) for day in range(7)]
    set_working_hours(doctor=doctor, week=week, now=now())
    generate_slots(doctor=doctor, now=now(), last=(now() + timedelta(days=20)).date())
    return Site(committed_clinic, doctor, house)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without the network it does not need."""
    # Playwright keeps an event loop in this thread; the tests' own queries are not async all the same.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=ensure_chromium(), args=ARGS)
        yield started
        started.close()
        # Where an event loop runs, Django keeps another connection: nobody else would find it to close it.
        connection.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(params=list(SIZES))
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A page of the size of a phone and of a desktop; whatever the browser complains of fails the test.

    Chromium complains of every refusal. One that belongs to the way is named: `@pytest.mark.refused(401)`.
    """
    width, height = SIZES[request.param]
    context: BrowserContext = browser.new_context(
        viewport={"width": width, "height": height},
        reduced_motion="reduce",
        locale="en-GB",
        timezone_id="Europe/Paris",
    )
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    context.close()
    named = [mark.args[0] for mark in request.node.iter_markers("refused")]
    foreseen = tuple(f"Failed to load resource: the server responded with a status of {one}" for one in named)
    assert [complaint for complaint in complaints if not complaint.startswith(foreseen)] == []
