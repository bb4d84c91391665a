"""A newcomer books, moves and cancels an appointment in a browser that shows text only."""

from pathlib import Path

from embedded.debian import ensure_program
from tests.audit.demo import Demo
from tests.audit.text_browser import open_text_browser
from tests.drills.figures import RecordFigure
from tests.e2e.emailed_codes import code_sent_to

ADDRESS = "text@people.example"
CLOCK_TIME = "[0-9]:[0-9][0-9] [ap]m$"
"""At the end of a line are only the times to choose."""


def test_a_newcomer_books_moves_and_cancels_in_a_text_browser(
    demo: Demo, paths: dict[str, str], tmp_path: Path, record_figure: RecordFigure
) -> None:
    w3m = ensure_program("w3m", needed_by="the audit")
    with open_text_browser(w3m, demo.url + paths["times"], tmp_path) as browser:
        browser.wait_for("Choose a time")
        browser.press_after(CLOCK_TIME)
        browser.press("Continue")
        browser.wait_for("We are holding this time until")
        browser.fill("First name", "Nadia")
        browser.fill("Last name", "New")
        browser.fill("Email address", ADDRESS)
        browser.press("Continue")
        browser.wait_for("Enter the code")
        browser.fill("Code", code_sent_to(ADDRESS, folder=demo.mail_folder))
        browser.press("Continue")
        browser.wait_for("Check your answers")
        browser.press("Confirm appointment")
        browser.wait_for("Your appointment is booked")
        browser.press("Change date or time")
        browser.wait_for("Choose a time")
        browser.press_after(CLOCK_TIME)
        browser.press("Continue")
        browser.wait_for("Change your appointment?")
        browser.press("Change appointment")
        browser.wait_for("Your appointment has been changed")
        browser.press("Cancel appointment")
        browser.wait_for("Cancel this appointment?")
        browser.press("Cancel appointment")
        end = browser.wait_for("Your appointment has been cancelled")

    assert "Nadia New" in end
    record_figure("booked, moved and cancelled in w3m", "yes")
