"""The worker is killed between the booking's commit and its e-mail, at the worst moments: nothing is lost."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from embedded import servers
from notifications.models import Message
from scheduling.models import Booking
from tenants.base.clock import now
from tenants.current import enter_public
from tenants.models import Clinic, QueueLine
from tests.drills.installation import House, open_house, wait_until
from tests.drills.killing_mail_server import KillingServer, Moment, serving
from tests.drills.slot_race import signed_in_patient
from tests.factories.people import make_doctor
from tests.factories.schedule import make_booking, make_slot


@pytest.fixture
def house(committed_clinic: Clinic) -> Iterator[House]:
    """A house with a Valkey of its own, so that no other test's tasks come to its worker."""
    with open_house() as house:
        house.settings |= servers.start_valkey(house.home, house.launch, {})
        yield house


@pytest.fixture
def mail(house: House) -> Iterator[KillingServer]:
    """Where the worker sends, and what kills it."""
    server = KillingServer(kill=lambda: house.kill("worker"))
    with serving(server) as port:
        house.settings["EMAIL_URL"] = f"smtp://127.0.0.1:{port}"
        yield server


def test_a_killed_worker_loses_no_message_and_never_makes_a_second_one(
    committed_clinic: Clinic, house: House, mail: KillingServer
) -> None:
    doctor, (patient, _token) = make_doctor(), signed_in_patient()
    house.start("worker", "beat")
    copies = {}

    for number, moment in enumerate(Moment):
        mail.moment = moment
        slot = make_slot(doctor, now() + timedelta(days=number + 1))
        booking = make_booking(slot, patient, now=now())
        wait_until(mail.is_done, f"the kill at {moment}")
        let_leases_end(committed_clinic)
        house.start("worker")
        copies[moment] = copies_sent(booking, mail)

    # Kept by the mail server, and the worker died before it could know: it must send again, and the same
    # Message-ID lets the patient's mailbox see that it is the same message.
    assert copies == {Moment.CONNECTED: 1, Moment.HANDED_OVER: 1, Moment.KEPT: 2}
    assert len(mail.kept) == len(Moment)


def copies_sent(booking: Booking, mail: KillingServer) -> int:
    """How often the booking's one message went out, once it is stamped as sent."""
    sent = Message.objects.filter(event__booking=booking, sent_at__isnull=False)
    wait_until(sent.exists, "the message to be sent")
    return mail.kept[sent.get().message_id]


def let_leases_end(clinic: Clinic) -> None:
    """What happens by itself two minutes after a worker's death: its lines are anybody's again."""
    with enter_public():
        QueueLine.objects.filter(clinic_id=clinic.pk).update(due_at=now())
