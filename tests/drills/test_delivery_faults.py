"""Mail servers that are slow or stand still, wrong clocks, several workers and beats, and a poison row."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from statistics import median
from uuid import uuid4

import pytest

from embedded import servers
from notifications.models import Message
from scheduling.bookings.hold import hold_slot
from scheduling.models import Booking
from tenants.base.clock import now
from tenants.current import enter_clinic, enter_public
from tenants.models import Clinic
from tests.conftest import open_test_clinic
from tests.drills.concurrent_requests import post, send_concurrently
from tests.drills.figures import RecordFigure
from tests.drills.installation import Installation, open_installation
from tests.drills.processes import frozen
from tests.drills.slot_race import BOOKINGS, signed_in_patient
from tests.factories.clinic_client import host_of
from tests.factories.clinics import drop_clinic
from tests.factories.people import make_doctor, make_patient
from tests.factories.queue import delete_queued_jobs, is_done
from tests.factories.schedule import make_booking, make_slot
from tests.factories.smtp_server import SmtpServer, smtp_server
from tests.factories.waiting import wait_until
from tests.profiles import examples

SECONDS_PER_LINE = 9.3
EVENTS = examples(quick=20, full=200)


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    """The mail server that the workers send to."""
    with smtp_server() as server:
        yield server


@pytest.fixture
def installation(committed_clinic: Clinic, server: SmtpServer) -> Iterator[Installation]:
    """An installation with its own Valkey."""
    with open_installation() as opened:
        opened.settings |= servers.start_valkey(opened.home, opened.launch, {})
        opened.settings["EMAIL_URL"] = f"smtp://127.0.0.1:{server.port}"
        yield opened
    delete_queued_jobs(clinic_id=committed_clinic.pk)


def test_a_server_that_answers_each_line_after_nine_seconds_gets_each_email_once(
    installation: Installation, committed_clinic: Clinic, server: SmtpServer, record_figure: RecordFigure
) -> None:
    server.seconds = SECONDS_PER_LINE
    book(2)
    installation.start("worker", "delivery", "beat")
    installation.start_another("delivery")

    wait_until(lambda: len(server.stored) == 2, "two emails", seconds=400)
    wait_until(lambda: is_done(committed_clinic.pk), "the jobs to be done", seconds=200)

    record_figure(f"a server that needs {SECONDS_PER_LINE:g} s a line", f"copies: {dict(server.stored)}")
    assert set(server.stored.values()) == {1}


def test_emails_to_a_stalled_server_do_not_delay_holds(
    installation: Installation, committed_clinic: Clinic, server: SmtpServer, record_figure: RecordFigure
) -> None:
    server.seconds = 3600
    book(30)
    installation.start("worker", "delivery", "beat")
    wait_until(lambda: server.connections > 0, "a connection to the mail server", seconds=60)
    slot = make_slot(make_doctor(), now() + timedelta(days=3))

    until = now() + timedelta(seconds=3)
    hold = hold_slot(slot_id=slot.pk, patient=make_patient(), by=None, until=until, now=now())
    wait_until(lambda: is_released(hold), "the end of the hold", seconds=60)
    delay = (now() - until).total_seconds()

    record_figure("30 emails to a stalled server delay the end of a hold by", f"{delay:.1f} s")
    assert delay < 10


def test_a_booking_wakes_the_workers(
    installation: Installation, committed_clinic: Clinic, server: SmtpServer, record_figure: RecordFigure
) -> None:
    """Beat does not run, so nothing else starts a sweep."""
    installation.start("web", "worker", "delivery")
    token, doctor = signed_in_patient()[1], make_doctor()
    delays = []
    for number in range(6):
        slot = make_slot(doctor, now() + timedelta(days=1 + number))
        request = post(BOOKINGS, {"slot": str(slot.pk)}, host=host_of(committed_clinic), token=token)
        (response,) = send_concurrently(installation.port, [request])
        booked, expected = time.monotonic(), len(server.stored) + 1
        assert response.status == 201
        wait_until(lambda expected=expected: len(server.stored) == expected, "the email", seconds=60)  # type: ignore[misc]
        delays.append(time.monotonic() - booked)

    record_figure(
        "from the response to the email", f"median {median(delays):.2f} s, most {max(delays):.2f} s"
    )
    assert median(delays) <= 2


def test_a_broker_that_stands_still_delays_no_booking(
    installation: Installation, committed_clinic: Clinic, record_figure: RecordFigure
) -> None:
    """The wake-up after the commit waits in a thread. The cache gives up after half a second."""
    installation.start("web")
    token, doctor = signed_in_patient()[1], make_doctor()
    requests = [
        post(BOOKINGS, {"slot": str(slot.pk)}, host=host_of(committed_clinic), token=token)
        for slot in [make_slot(doctor, now() + timedelta(days=1 + number)) for number in range(3)]
    ]
    with frozen(installation.running["valkey"].process.pid):
        responses = [send_concurrently(installation.port, [request])[0] for request in requests]

    slowest = max(response.seconds for response in responses)
    record_figure("a booking while Valkey stands still, the slowest", f"{slowest:.1f} s")
    assert [response.status for response in responses] == [201] * 3
    assert slowest < 5


def test_two_workers_and_two_beats_send_each_email_once(
    installation: Installation, committed_clinic: Clinic, server: SmtpServer, record_figure: RecordFigure
) -> None:
    installation.start("worker", "delivery", "beat")
    installation.start_another("worker")
    installation.start_another("delivery")
    installation.start_another("beat")

    book(EVENTS)
    wait_until(lambda: len(server.stored) == EVENTS, "the emails", seconds=300)
    wait_until(lambda: is_done(committed_clinic.pk), "the jobs to be done", seconds=60)

    leaders = [installation.home.log(name).read_text().count("beat_is_leader") for name in ("beat", "beat-2")]
    record_figure("two workers and two beats", f"{EVENTS} events, copies: {set(server.stored.values())}")
    assert set(server.stored.values()) == {1}
    assert sorted(leaders) == [0, 1]


def test_a_poison_row_of_one_clinic_does_not_delay_another_clinics_email(
    installation: Installation, committed_clinic: Clinic, server: SmtpServer, record_figure: RecordFigure
) -> None:
    book(EVENTS)
    installation.start("worker", "beat")
    planned = Message.objects.filter(kind=Message.Kind.CONFIRMATION)
    wait_until(lambda: planned.count() == EVENTS, "the messages", seconds=120)
    planned.update(kind="no such kind")
    installation.start("delivery")
    failed = Message.objects.filter(attempts__gt=0)
    wait_until(lambda: failed.count() == EVENTS, "an attempt at each", seconds=120)
    with enter_public():
        quiet = open_test_clinic(f"quiet-{uuid4().hex[:8]}", name="Quiet", time_zone="Europe/London")
    try:
        with enter_clinic(quiet):
            book(1)
            began = time.monotonic()
            wait_until(lambda: len(server.stored) == 1, "the other clinic's email", seconds=60)
        seconds = time.monotonic() - began
    finally:
        installation.kill("worker")
        installation.kill("delivery")
        delete_queued_jobs(clinic_id=quiet.pk)
        drop_clinic(quiet)

    record_figure(f"{EVENTS} poison rows delay another clinic's email by", f"{seconds:.1f} s")


@pytest.fixture(scope="session")
def faketime() -> str:
    """The path of libfaketime, from Debian's package."""
    found = sorted(Path("/usr/lib").rglob("libfaketime.so.1"))
    if not found and shutil.which("apt-get") and os.geteuid() == 0:
        subprocess.run(["apt-get", "install", "-y", "-qq", "libfaketime"], check=False, capture_output=True)
        found = sorted(Path("/usr/lib").rglob("libfaketime.so.1"))
    if not found:
        pytest.skip("install Debian's package libfaketime")
    return str(found[0])


@pytest.mark.parametrize(
    "start", ["+1h", "-1h", "@2027-03-28 00:59:50", "@2027-10-31 00:59:50", "@2027-11-07 05:59:50"]
)
def test_workers_and_beat_with_a_wrong_clock_send_each_email_once(
    installation: Installation,
    committed_clinic: Clinic,
    server: SmtpServer,
    faketime: str,
    *,
    start: str,
    record_figure: RecordFigure,
) -> None:
    """One worker of each kind and beat have the wrong clock, the others the right one."""
    # The monotonic clock gets the same offset: with only one of them changed, libfaketime cannot sleep.
    wrong = {"LD_PRELOAD": faketime, "FAKETIME": start}
    installation.start("worker", "delivery")
    for name in ["worker", "delivery", "beat"]:
        installation.start_another(name, suffix="-wrong", **wrong)

    began = time.monotonic()
    book(EVENTS)
    wait_until(lambda: len(server.stored) == EVENTS, "the emails", seconds=120)
    seconds = time.monotonic() - began
    wait_until(lambda: is_done(committed_clinic.pk), "the jobs to be done", seconds=60)

    record_figure(f"clock of half of the processes at {start}", f"{EVENTS} emails in {seconds:.0f} s")
    assert set(server.stored.values()) == {1}


def book(number: int) -> None:
    """Book appointments, each of its own patient."""
    doctor = make_doctor()
    for hour in range(number):
        slot = make_slot(doctor, now() + timedelta(days=1, hours=hour))
        make_booking(slot, make_patient(), now=now())


def is_released(hold: Booking) -> bool:
    """Return whether a worker has ended a hold."""
    return Booking.objects.get(pk=hold.pk).status != Booking.Status.HELD
