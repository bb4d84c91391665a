"""A newcomer books in Firefox."""

import subprocess
from pathlib import Path

from embedded.debian import ensure_program
from embedded.node import Node
from tests.audit.demo import Demo
from tests.drills.figures import RecordFigure
from tests.e2e.emailed_codes import code_sent_to

ADDRESS = "firefox@people.example"


def test_a_newcomer_books_in_firefox(
    demo: Demo, paths: dict[str, str], *, node: Node, packages: Path, record_figure: RecordFigure
) -> None:
    firefox = ensure_program("firefox-esr", names=("firefox-esr", "firefox"), needed_by="the audit")
    command = [str(node.program), str(packages / "book.mjs"), firefox, demo.url + paths["times"], ADDRESS]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}

    with subprocess.Popen(command, cwd=packages, env=node.env(), text=True, **pipes) as booking:  # type: ignore[call-overload]
        asks = booking.stdout.readline()
        code = code_sent_to(ADDRESS, folder=demo.mail_folder) if asks == "code\n" else ""
        output, errors = booking.communicate(f"{code}\n", timeout=180)

    assert (booking.returncode, errors) == (0, ""), errors
    record_figure("booked in Firefox", output.strip())
