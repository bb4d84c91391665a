"""The structure of every email in every scenario: golden outlines, HTML, links, subjects, contrast."""

import os
import re
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import html5lib
import pytest
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from clinics.models import ClinicSettings, Patient
from clinics.planning import contrast
from notifications.email_layout import DARK, LIGHT, dark_colours, layout_context
from tenants.current import current_clinic
from tenants.models import Clinic
from tests.factories.sample_emails import SCENARIOS, account_emails, booking_emails, make_scenario

GOLDEN = Path(__file__).parent / "golden"
RANDOM_IDS = re.compile(r"(?<=[/=])[\w.-]{20,}")
FORBIDDEN_STYLES = re.compile(r"display:\s*(flex|grid)|position:|float:|url\(|@import|expression")
READABLE = 4.5
BRANDS = [("#0b5c8a", "#e3f1f8"), ("#6b2d5c", "#f6e9f2"), ("#000000", "#000000"), ("#757575", "#ffd400")]


def html_of(email: EmailMultiAlternatives) -> str:
    """Return the HTML part."""
    (html,) = [content for content, kind in email.alternatives if kind == "text/html"]
    return str(html)


def parse(html: str) -> Element:
    """Parse HTML as strictly as the specification. Any parse error fails the test."""
    root: Element = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)
    return root


def words(element: Element) -> str:
    """Return the text of an element in one line, without comments, which are for Outlook."""
    if not isinstance(element.tag, str):
        return ""
    parts = [element.text or ""]
    for child in element:
        parts += [" " if child.tag == "br" else words(child), child.tail or ""]
    return " ".join("".join(parts).split())


def outline(email: EmailMultiAlternatives) -> list[str]:
    """Return what a reader meets in an email, in order: subject, headings, rows, buttons, parts."""
    root = parse(html_of(email))
    lines = [f"subject: {email.subject}"]
    for element in root.iter():
        if element.tag in ("h1", "h2"):
            lines.append(f"{element.tag}: {words(element)}")
        if element.get("class") == "when":
            lines.append(f"when: {words(element)}")
        label, value = element.find("th"), element.find("td")
        if element.tag == "tr" and label is not None and value is not None:
            lines.append(f"row: {words(label)}: {words(value)}")
        if element.tag == "a":
            kind = "button" if "button" in element.get("class", "") else "link"
            url = urlsplit(element.get("href", ""))
            target = url.path + (f"?{url.query}" if url.query else "")
            lines.append(f"{kind}: {words(element)} → {url.scheme}:{target}")
    lines += [f"alternative: {kind}" for _content, kind in email.alternatives]
    lines += [
        f"attachment: {part.filename} ({part.mimetype})"
        for part in email.attachments
        if hasattr(part, "mimetype")
    ]
    return [RANDOM_IDS.sub("…", line) for line in lines]


def check(email: EmailMultiAlternatives) -> None:
    """Check what holds for every email."""
    html, host = html_of(email), f"riverside.{settings.BASE_DOMAIN}"
    root = parse(html)
    page = next(root.iter("html"))
    assert page.get("lang")
    assert page.get("dir") in ("ltr", "rtl")
    assert len(list(root.iter("h1"))) == 1
    assert words(next(root.iter("title"))) == email.subject
    assert {"color-scheme", "supported-color-schemes"} <= {meta.get("name") for meta in root.iter("meta")}
    assert next(element for element in root.iter("div")).get("class") == "preheader"
    for table in root.iter("table"):
        assert table.get("role") == "presentation" or table.get("class") == "facts"
    for element in root.iter():
        assert not FORBIDDEN_STYLES.search(element.get("style", ""))
        assert element.tag not in ("img", "script", "link", "form", "iframe")
    for link in root.iter("a"):
        url = urlsplit(link.get("href", ""))
        is_own = url.scheme == settings.PUBLIC_SCHEME and url.hostname == host
        is_map = url.geturl().startswith("https://www.openstreetmap.org/search?query=")
        assert is_own or is_map or re.fullmatch(r"tel:\+?[0-9]+", url.geturl()), url
        if not url.geturl().startswith("tel:") and not is_map:
            assert url.geturl() in email.body
    assert "<" not in email.body
    assert len(html) < 30_000  # Gmail clips a message at 102 kB


@pytest.mark.parametrize("name", SCENARIOS)
@pytest.mark.usefixtures("clock")
def test_every_email_about_a_booking_has_its_structure(clinic: Clinic, now: datetime, name: str) -> None:
    """Set UPDATE_GOLDEN=1 to write the golden files anew, and read their diff."""
    scenario = make_scenario(name, now=now)
    lines = []

    for kind, email in booking_emails(scenario, now=now):
        check(email)
        personal = (scenario.booking.patient.first_name, "Smith", "Blood", "consultation", "Harbour")
        assert not [word for word in personal if word in email.subject]
        lines += [f"== {kind}", *outline(email)]

    golden = GOLDEN / f"{name}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text("\n".join(lines) + "\n")
    assert lines == golden.read_text().splitlines()


def test_every_email_about_an_account_has_its_structure(patient: Patient, now: datetime) -> None:
    for _kind, email in account_emails(patient, now=now):
        check(email)


@pytest.mark.usefixtures("clock")
def test_an_email_in_a_language_written_from_right_to_left_says_so(clinic: Clinic, now: datetime) -> None:
    scenario = make_scenario("arabic", now=now)

    emails = [html_of(email) for _kind, email in booking_emails(scenario, now=now)]

    assert {next(parse(html).iter("html")).get("dir") for html in emails} == {"rtl"}
    assert {next(parse(html).iter("html")).get("lang") for html in emails} == {"ar-gb"}


@pytest.mark.usefixtures("clock")
def test_the_comma_between_day_and_time_is_that_of_the_language(clinic: Clinic, now: datetime) -> None:
    scenario = make_scenario("arabic", now=now)

    emails = dict(booking_emails(scenario, now=now))

    assert "السبت، 14 مارس 2026، من 12:00 م إلى 12:30 م" in emails["confirmation"].body


@pytest.mark.usefixtures("clock")
def test_the_text_part_says_all_that_the_html_part_says(clinic: Clinic, now: datetime) -> None:
    scenario = make_scenario("dependant", now=now)
    emails = dict(booking_emails(scenario, now=now))

    text = emails["confirmation"].body

    rows = [line.split(": ", 2)[2] for line in outline(emails["confirmation"]) if line.startswith("row: ")]
    flat = " ".join(text.split())
    assert [row for row in rows if row.removesuffix(" Show on a map") not in flat] == []
    assert "https://www.openstreetmap.org/search?query=12%20Riverside%20Walk%2C%20London%20SE1%209XX" in text
    assert "Do not eat for 8 hours before the test.\nYou can drink water." in text
    assert "Your medication list" in text
    assert "until Friday 13 March 2026, 12:00 pm (London time)" in text


@pytest.mark.parametrize(("primary", "accent"), BRANDS)
def test_all_text_is_readable_in_both_colour_schemes(primary: str, accent: str) -> None:
    brand = ClinicSettings(primary_color=primary, accent_color=accent)
    dark = dark_colours(primary)
    pairs = [
        (LIGHT["text"], LIGHT["card"]),
        (LIGHT["text"], LIGHT["panel"]),
        (LIGHT["muted"], LIGHT["card"]),
        (LIGHT["muted"], LIGHT["page"]),
        (primary, LIGHT["card"]),
        (brand.on_primary_color, primary),
        (brand.on_accent_color, accent),
        (DARK["text"], DARK["card"]),
        (DARK["text"], DARK["panel"]),
        (DARK["muted"], DARK["card"]),
        (DARK["muted"], DARK["page"]),
        (dark["brand"], DARK["card"]),
        (dark["brand"], DARK["panel"]),
    ]

    assert [pair for pair in pairs if contrast(*pair) < READABLE] == []


def test_the_source_of_the_layout_is_valid_before_its_styles_are_inlined(clinic: Clinic) -> None:
    """The inliner repairs invalid HTML, so the emails themselves would hide a fault of the layout."""
    context = layout_context(current_clinic(), ClinicSettings.objects.get())
    html = render_to_string(
        "notifications/password_reset.html", {**context, "subject": "Test", "url": "https://a"}
    )

    parse(re.sub(r"<!--.*?-->", "", html, flags=re.DOTALL))
