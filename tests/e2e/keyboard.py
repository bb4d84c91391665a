"""People who use the portal with the keyboard alone. Actions are counted; the focus is never lost."""

import time
from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page, expect

from tenants.accounts.models import User
from tests.e2e.conftest import Site
from tests.factories.people import PASSWORD

KEY_MS, THINK_MS = 120, 600
"""How long a person takes to press a key, and to decide on an action."""
_MAX_TABS = 80
_IS_FOCUSED = "element => element === document.activeElement"


@dataclass
class Person:
    """A user with a keyboard and no mouse. Typing one text, or one press of another key, is an action."""

    page: Page
    key_ms: int = KEY_MS
    think_ms: int = THINK_MS
    actions: int = 0
    started: float = field(default_factory=time.monotonic)

    def sign_in(self, site: Site, user: User, *, path: str) -> None:
        """Sign in on the sign-in page, which then opens `path`."""
        self.page.goto(f"{site.url}/sign-in?next={path}")
        self.reaches(self.page.get_by_label("Email address"))
        self.types(user.email)
        self.presses("Tab")
        self.reaches(self.page.get_by_label("Password", exact=True))
        self.types(PASSWORD)
        self.presses("Enter")
        self.page.wait_for_url(lambda url: "/sign-in" not in url)

    def types(self, text: str) -> None:
        """Think, then type."""
        self._think()
        self.page.keyboard.type(text, delay=self.key_ms)

    def presses(self, key: str) -> None:
        """Think, then press a key."""
        self._think()
        self.page.keyboard.press(key, delay=self.key_ms)

    def reaches(self, target: Locator, *, with_key: str = "Tab") -> None:
        """Press the key until the element has the focus. Fails if the focus was lost before."""
        expect(target).to_be_visible()
        assert_focus_kept(self.page)
        for _step in range(_MAX_TABS):
            if target.evaluate(_IS_FOCUSED):
                return
            self.page.keyboard.press(with_key)
            self.actions += 1
        raise AssertionError(f"The key {with_key} does not reach {target}.")

    def activates(self, target: Locator, *, with_key: str = "Tab") -> None:
        """Reach a button or link, and press Enter."""
        self.reaches(target, with_key=with_key)
        self.presses("Enter")

    def _think(self) -> None:
        self.actions += 1
        if self.think_ms:
            self.page.wait_for_timeout(self.think_ms)

    @property
    def seconds(self) -> float:
        """The time since the person began."""
        return time.monotonic() - self.started


def assert_focus_kept(page: Page) -> None:
    """Check that an element has the focus, unless the page was just loaded.

    A new page has no focus in the beginning; later, the body has it only if the focused element vanished.
    """
    if page.evaluate("window.hadFocus") is None:
        page.evaluate("window.hadFocus = true")
        return
    assert page.evaluate("document.activeElement !== document.body"), "The focus was lost."
