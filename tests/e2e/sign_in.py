"""Sign in to the web app."""

from urllib.parse import quote

from playwright.sync_api import Page

from tenants.accounts.models import User
from tests.e2e.conftest import Site
from tests.e2e.web_app import wait_for_web_app
from tests.factories.people import PASSWORD


def sign_in(site: Site, page: Page, user: User, *, path: str = "/") -> None:
    """Sign in on the sign-in page, which then opens `path`."""
    page.goto(f"{site.url}/sign-in?next={quote(path, safe='')}")
    wait_for_web_app(page)
    page.get_by_label("Email address").fill(user.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
