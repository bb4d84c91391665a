"""A patient changes the email address and sets up two-step sign-in in the web app."""

import re

import pytest
from playwright.sync_api import Page, expect

from tenants.accounts.models import User
from tenants.accounts.models.authenticator import Authenticator
from tests.e2e.axe import assert_no_violations
from tests.e2e.conftest import Site, on_phone
from tests.e2e.screenshots import store_screenshots
from tests.e2e.test_booking_flow import mails_to
from tests.e2e.test_second_factor import set_up
from tests.e2e.web_app import wait_for_web_app
from tests.factories.people import PASSWORD, make_patient, user_of
from tests.factories.second_factor import code_of

pytestmark = pytest.mark.browser


def sign_in(site: Site, page: Page, email: str) -> None:
    """Enter email address and password on the sign-in page."""
    page.goto(f"{site.url}/sign-in?next=%2Fprofile")
    wait_for_web_app(page)
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()


@on_phone
def test_a_patient_corrects_a_mistyped_address(site: Site, page: Page) -> None:
    user = user_of(make_patient(email=f"mistyped-{site.clinic.slug}@people.example", confirmed_at=None))
    new = f"right-{site.clinic.slug}@people.example"
    sign_in(site, page, user.email)

    page.get_by_role("link", name="Use another email address").click()
    page.get_by_label("New email address").fill(new)
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Send me a link").click()
    expect(page.get_by_role("heading", name="Check your new email address")).to_be_focused()
    mails_to(new, 1)
    page.goto(f"{site.url}/profile")
    waiting = page.get_by_role("region", name="New email address")
    expect(waiting).to_contain_text(new)
    assert_no_violations(page)
    store_screenshots(page, "pending-email")
    waiting.get_by_role("button", name="Send the link again").click()
    expect(page.get_by_text("We have sent a new link to your new email address.")).to_be_focused()
    body = mails_to(new, 2)[-1].get_body(("plain",))
    assert body is not None
    link = re.search(r"https?://[^/\s]+(/confirm-email\?token=\S+)", body.get_content())
    assert link is not None
    page.goto(site.url + link[1])
    page.get_by_role("button", name="Confirm my new email address").click()

    expect(page.get_by_role("heading", name="Your email address is changed")).to_be_focused()
    sign_in(site, page, new)
    expect(page.get_by_role("heading", name="My details")).to_be_visible()
    expect(page.get_by_text("(confirmed)")).to_be_visible()
    assert User.objects.get(pk=user.pk).email == new


@on_phone
@pytest.mark.refused(401)  # the response to the password asks for a code
def test_a_patient_sets_up_two_step_sign_in_uses_it_and_turns_it_off(site: Site, page: Page) -> None:
    user = user_of(make_patient(email=f"two-{site.clinic.slug}@people.example"))
    sign_in(site, page, user.email)

    page.get_by_role("link", name="Two-step sign-in").click()
    page.get_by_role("button", name="Set up two-step sign-in").click()
    recovery_code = set_up(page)
    expect(page.get_by_text("Two-step sign-in is on.")).to_be_visible()
    page.context.clear_cookies()
    sign_in(site, page, user.email)
    expect(page.get_by_role("heading", name="Enter your code")).to_be_focused()
    page.get_by_label("Code").fill(recovery_code)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Two-step sign-in").click()

    expect(page.get_by_text("You have 9 recovery codes left.")).to_be_visible()
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Code").fill(next_code(user))
    page.get_by_role("button", name="Turn off two-step sign-in").click()
    expect(page.get_by_text("Two-step sign-in is off.")).to_be_visible()


def next_code(user: User) -> str:
    """Return the code that the app shows next. The one of the set-up cannot be used again."""
    return code_of(Authenticator.objects.get(user=user), steps=1)
