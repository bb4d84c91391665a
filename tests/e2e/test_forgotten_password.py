"""Reset a forgotten password: request a link, open it from the email, choose a new password, sign in."""

import re
from email.message import EmailMessage
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Site, on_phone
from tests.e2e.test_booking_flow import mails_to
from tests.e2e.web_app import wait_for_web_app
from tests.factories.people import make_patient

NEW = "another horse, another staple"

pytestmark = pytest.mark.browser


def link_in(mail: EmailMessage, site: Site) -> str:
    """Return the link in the email, with the port of the test server."""
    body: Any = mail.get_body(("plain",))
    path = re.search(r"^http\S+(/reset-password\S+)", body.get_content(), re.MULTILINE)
    assert path is not None
    return f"{site.url}{path[1]}"


@on_phone
def test_a_patient_resets_a_forgotten_password(site: Site, page: Page) -> None:
    address = f"forgetful-{site.clinic.slug}@people.example"
    make_patient(email=address)

    page.goto(f"{site.url}/sign-in")
    wait_for_web_app(page)
    page.get_by_role("link", name="Forgotten your password?").click()
    expect(page.get_by_role("heading", name="Forgotten your password?")).to_be_focused()
    page.get_by_label("Email address").fill(address)
    page.get_by_role("button", name="Send link").click()
    expect(page.get_by_role("heading", name="Check your email")).to_be_focused()

    page.goto(link_in(mails_to(address, 1)[0], site))
    page.get_by_label("Choose a new password").fill(NEW)
    page.get_by_role("button", name="Save new password").click()
    expect(page.get_by_role("heading", name="Your password has been changed")).to_be_focused()

    page.get_by_role("link", name="Sign in with your new password").click()
    page.get_by_label("Email address").fill(address)
    page.get_by_label("Password", exact=True).fill(NEW)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="My appointments")).to_be_visible()
