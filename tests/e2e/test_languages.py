"""The web app in other languages: a booking in Arabic, and texts that are in no catalogue."""

import re
from typing import Any

import pytest
from babel import Locale
from django.utils import translation
from playwright.sync_api import Page, Route, expect

from clinics.models import HomePage, Specialty
from scheduling.models import Booking
from tenants.accounts.models import User
from tenants.services.lifecycle import change_patient_languages
from tests.e2e.axe import assert_no_violations
from tests.e2e.conftest import Site, on_desktop, on_phone
from tests.e2e.emailed_codes import code_sent_to
from tests.e2e.screenshots import store_screenshots
from tests.e2e.test_booking_flow import mails_to
from tests.e2e.web_app import wait_for_web_app
from tests.factories.waiting import wait_until

pytestmark = pytest.mark.browser

_OUTSIDE = """
() => {
  const walker = document.createTreeWalker(document.getElementById('root'), NodeFilter.SHOW_TEXT);
  let [depth, outside] = [0, ''];
  while (walker.nextNode()) {
    for (const character of walker.currentNode.data + '\\n') {
      if (character === '⟦') depth++;
      if (depth === 0) outside += character;
      if (character === '⟧') depth--;
    }
  }
  return outside;
}
"""
"""Returns the text of the page that is not in brackets."""
_WRAPPED = """
import {{ messages as original }} from '{url}?original';
const wrap = (text) => typeof text === 'string' ? `⟦${{text}}⟧` : ['⟦', ...text, '⟧'];
export const messages = Object.fromEntries(Object.entries(original).map(([id, text]) => [id, wrap(text)]));
"""


def offer(site: Site, *languages: str) -> None:
    """Let the clinic offer languages. A new page may still show the old ones for a few seconds."""
    change_patient_languages(clinic=site.clinic, languages=list(languages), default="en")


def in_arabic(text: str) -> str:
    """Return the translation of a text in the server's catalogue."""
    with translation.override("ar-gb"):
        return translation.gettext(text)


@on_phone
def test_a_newcomer_books_in_arabic(site: Site, page: Page) -> None:
    offer(site, "en", "ar")
    address = f"arabic-{site.clinic.slug}@people.example"
    open_in(site, page, "ar", "/doctors")
    expect(page.get_by_role("heading", level=1)).to_have_text(in_arabic("Find a doctor"))
    check(page, "doctors")
    page.get_by_role("link", name="Dr Marsh").first.click()
    page.get_by_role("radio").last.check()
    check(page, "times")
    page.get_by_role("button", name=in_arabic("Continue")).click()
    page.locator("#first_name").wait_for()
    for field, value in (("first_name", "Layla"), ("last_name", "Haddad"), ("email", address)):
        page.locator(f"#{field}").fill(value)
    check(page, "details")
    page.get_by_role("button", name=in_arabic("Continue")).click()
    page.locator("#code").wait_for()
    check(page, "code")
    page.locator("#code").fill(code_sent_to(address))
    page.get_by_role("button", name=in_arabic("Continue")).click()
    expect(page.get_by_text("Layla Haddad")).to_be_visible()
    check(page, "check")
    page.locator("main button.btn-primary").last.click()
    wait_until(lambda: Booking.objects.booked().filter(patient__user__email=address).exists(), "the booking")
    check(page, "booked")
    mail: Any = mails_to(address, 2)[-1]  # after the one with the code

    assert 'lang="ar-gb" dir="rtl"' in mail.get_body(("html",)).get_content()
    assert User.objects.get(email=address).language == "ar"


@on_desktop
def test_no_text_of_the_app_is_outside_of_its_catalogues(site: Site, page: Page) -> None:
    offer(site, "en", "es")
    page.route(re.compile(r"/assets/es-[\w-]{8}\.js$"), put_in_brackets)
    HomePage.objects.create(heading=site.clinic.name)
    own = [site.clinic.name, "Dr Marsh", "1 Test Street", "London", "English", "Español"]
    own += Specialty.objects.values_list("name", flat=True)
    found = {}
    for path in ("/", "/doctors", f"/doctors/{site.doctor.pk}", "/sign-in", "/register"):
        open_in(site, page, "es", path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        text = page.evaluate(_OUTSIDE)
        for name in own:
            text = text.replace(name, "")
        if words := set(re.findall(r"[^\W\d_]{3,}", text)) - spanish_dates() - zone_words():
            found[path] = words

    assert found == {}


def open_in(site: Site, page: Page, language: str, path: str) -> None:
    """Open a page in a language, once the web process knows that the clinic offers it."""

    def is_shown() -> bool:
        page.goto(f"{site.url}{path}?lang={language}")
        return bool(page.evaluate("document.documentElement.lang").startswith(language))

    wait_until(is_shown, f"the page in {language}")
    wait_for_web_app(page)


def put_in_brackets(route: Route) -> None:
    """Answer with the same texts in brackets."""
    body = _WRAPPED.format(url=route.request.url)
    route.fulfill(body=body, content_type="text/javascript")


def spanish_dates() -> set[str]:
    """Return the words of dates, which the browser writes."""
    locale = Locale("es")
    words = [*locale.days["format"]["wide"].values(), *locale.days["format"]["abbreviated"].values()]
    words += [*locale.months["format"]["wide"].values(), *locale.months["format"]["abbreviated"].values()]
    return {*words, "sept"}


def zone_words() -> set[str]:
    """Return the words in which the server names the time zone."""
    with translation.override("es-gb"):
        return set(re.findall(r"\w+", translation.gettext("%(city)s time") % {"city": "Londres"}))


def check(page: Page, name: str) -> None:
    """Check that the page runs from right to left, does not scroll sideways, and that axe finds nothing."""
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.evaluate("getComputedStyle(document.body).direction") == "rtl"
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert_no_violations(page)
    store_screenshots(page, f"arabic-{name}")
