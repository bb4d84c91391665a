"""No message is lost if the worker is killed between the commit of a booking and its email."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from embedded import servers
from notifications.models import Message
from scheduling.models import Booking
from tenants.base.clock import now
from tenants.current import enter_public
from tenants.models import Clinic, QueueLine
from tests.drills.installation import Installation, open_installation
from tests.drills.killing_mail_server import KillingServer, Moment, serving
from tests.drills.slot_race import signed_in_patient
from tests.factories.people import make_doctor
from tests.factories.schedule import make_booking, make_slot
from tests.factories.waiting import wait_until


@pytest.fixture
def installation(committed_clinic: Clinic) -> Iterator[Installation]:
    """An installation with its own Valkey, so that its worker gets no tasks of other tests."""
    with open_installation() as installation:
        installation.settings |= servers.start_valkey(installation.home, installation.launch, {})
        yield installation


@pytest.fixture
def mail_server(installation: Installation) -> Iterator[KillingServer]:
    """The mail server that the worker sends to and that kills the worker."""
    server = KillingServer(kill=lambda: installation.kill("delivery"))
    with serving(server) as port:
        installation.settings["EMAIL_URL"] = f"smtp://127.0.0.1:{port}"
        yield server


def test_a_killed_worker_loses_no_message_and_creates_no_second_one(
    committed_clinic: Clinic, installation: Installation, mail_server: KillingServer
) -> None:
    doctor, (patient, _token) = make_doctor(), signed_in_patient()
    installation.start("worker", "delivery", "beat")
    copies = {}

    for number, moment in enumerate(Moment):
        mail_server.moment = moment
        slot = make_slot(doctor, now() + timedelta(days=number + 1))
        booking = make_booking(slot, patient, now=now())
        wait_until(mail_server.is_done, f"the kill at {moment}")
        expire_leases(committed_clinic)
        installation.start("delivery")
        copies[moment] = copies_sent(booking, mail_server)

    # A worker that dies after the mail server accepted the message, but before it read the response, sends it
    # again. Both copies have the same Message-ID, so mailboxes can drop the second one.
    assert copies == {Moment.CONNECTED: 1, Moment.HANDED_OVER: 1, Moment.KEPT: 2}
    assert len(mail_server.kept) == len(Moment)


def copies_sent(booking: Booking, mail_server: KillingServer) -> int:
    """Wait until the booking's only message is marked as sent. Return how many copies were sent."""
    sent = Message.objects.filter(event__booking=booking, sent_at__isnull=False)
    wait_until(sent.exists, "the message to be sent")
    return mail_server.kept[sent.get().message_id]


def expire_leases(clinic: Clinic) -> None:
    """Make the dead worker's jobs due again, as happens two minutes after its death."""
    with enter_public():
        QueueLine.objects.filter(clinic_id=clinic.pk).update(due_at=now())
