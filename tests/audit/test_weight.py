"""How much JavaScript and CSS every page of booking loads."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.audit.demo import Demo
from tests.drills.figures import RecordFigure
from tests.e2e.emailed_codes import code_sent_to
from tests.e2e.web_app import wait_for_web_app

MAX_BYTES = {"js": 100_000, "css": 15_000}
"""On the wire, compressed, without headers. A visitor has nothing in the cache."""


def loaded_bytes(page: Page) -> dict[str, int]:
    """Load the page again without the browser's cache, and return the bytes of the bodies by kind of file."""
    sizes: dict[str, int] = {}
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.setCacheDisabled", {"cacheDisabled": True})

    def note(event: dict[str, Any]) -> None:
        response = event["response"]
        headers = {name.lower(): value for name, value in response["headers"].items()}
        sizes[response["url"]] = int(headers.get("content-length", 0))

    devtools.on("Network.responseReceived", note)
    page.reload()
    wait_for_web_app(page)
    page.wait_for_load_state("networkidle")
    devtools.detach()
    return {
        kind: sum(size for url, size in sizes.items() if url.split("?")[0].endswith(f".{kind}"))
        for kind in MAX_BYTES
    }


def test_every_page_of_booking_is_small(
    demo: Demo, paths: dict[str, str], page: Page, record_figure: RecordFigure
) -> None:
    sizes: dict[str, dict[str, int]] = {}

    def weigh(name: str, heading: str | None = None) -> None:
        if heading:
            expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        sizes[name] = loaded_bytes(page)
        record_figure(
            f"{name}: JavaScript at most 100.0 kB, CSS at most 15.0 kB",
            ", ".join(f"{size / 1000:.1f} kB" for size in sizes[name].values()),
        )

    for name in ("home", "doctors", "first available", "times"):
        page.goto(demo.url + paths[name])
        weigh(name)
    page.get_by_role("radio").last.check()
    page.get_by_role("button", name="Continue").click()
    weigh("details", "Appointment details")
    page.get_by_label("First name").fill("Nadia")
    page.get_by_label("Last name").fill("New")
    page.get_by_label("Email address").fill("weight@people.example")
    page.get_by_role("button", name="Continue").click()
    # Not loaded again: without the app the server does not know whom it has sent a code.
    page.get_by_label("Code").fill(code_sent_to("weight@people.example", folder=demo.mail_folder))
    page.get_by_role("button", name="Continue").click()
    weigh("check", "Check your answers")
    page.get_by_role("button", name="Confirm appointment").click()
    weigh("booked", "Your appointment is booked")

    over = {
        (name, kind): size
        for name, found in sizes.items()
        for kind, size in found.items()
        if not 0 < size <= MAX_BYTES[kind]
    }
    assert over == {}
