"""Accept an invitation, set up two-step sign-in and sign in with a recovery code."""

import base64
import re

import pytest
from django_otp.oath import totp
from playwright.sync_api import Page, expect

from clinics.models import ClinicSettings
from tenants.accounts.invitations.services import create_invitation
from tenants.accounts.models import User
from tenants.base.clock import now
from tests.e2e.conftest import Site, on_desktop
from tests.e2e.test_booking_flow import mails_to
from tests.e2e.web_app import wait_for_web_app
from tests.factories.people import PASSWORD, make_admin

pytestmark = pytest.mark.browser


@on_desktop
@pytest.mark.refused(401)  # the response to the password asks for a code
def test_an_invited_doctor_sets_up_two_step_sign_in_and_uses_it(site: Site, page: Page) -> None:
    ClinicSettings.objects.update(second_factor_for_doctors=True)
    address = f"joins-{site.clinic.slug}@staff.example"
    name = {"first_name": "Noa", "last_name": "New"}
    create_invitation(email=address, **name, role=User.Role.DOCTOR, by=make_admin(), now=now())

    open_mailed_link(site, page, address)
    page.get_by_label("Choose a password").fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    recovery_code = set_up(page)
    expect(page.get_by_role("heading", name="Today", level=1)).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Today", level=1)).to_be_visible()
    page.context.clear_cookies()

    page.goto(f"{site.url}/sign-in")
    wait_for_web_app(page)
    page.get_by_label("Email address").fill(address)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Enter your code")).to_be_focused()
    page.get_by_label("Code").fill(recovery_code)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()

    expect(page.get_by_role("heading", name="Today", level=1)).to_be_visible()


def open_mailed_link(site: Site, page: Page, address: str) -> None:
    """Open the link of the first email to `address`, with the port of the test server."""
    body = mails_to(address, 1)[0].get_body(("plain",))
    assert body is not None
    found = re.search(r"https?://[^/\s]+(/invitation\?token=\S+)", body.get_content())
    assert found is not None
    page.goto(site.url + found[1])


def set_up(page: Page) -> str:
    """Set up an authenticator app with the key on the page. Return one of the recovery codes."""
    expect(page.get_by_role("heading", name="Set up two-step sign-in")).to_be_focused()
    key = base64.b32decode(page.locator(".secret-key").inner_text().replace(" ", ""))
    shown: int = totp(key)  # type: ignore[no-untyped-call]  # it has no types
    page.get_by_label("Code").fill(f"{shown:06d}")
    page.get_by_role("button", name="Turn on two-step sign-in").click()
    expect(page.get_by_role("heading", name="Save your recovery codes")).to_be_focused()
    code = page.locator(".recovery-codes code").first.inner_text()
    page.get_by_role("button", name="I have saved my codes").click()
    return code
