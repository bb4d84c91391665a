"""Clients that read and book at several clinics while something else runs."""

import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

from scheduling.models import Slot
from tenants.base.clock import now
from tenants.current import enter_clinic
from tenants.models import Clinic
from tests.drills.concurrent_requests import Response, post, send_concurrently
from tests.drills.slot_race import BOOKINGS, signed_in_patient
from tests.factories.clinic_client import host_of
from tests.factories.people import make_doctor
from tests.factories.schedule import make_slot

READS = ("/api/users/doctors/", "/api/appointments/my-bookings/")
_SLOTS, _PAUSE = 400, 0.02


@dataclass(slots=True)
class BackgroundClients:
    """One client per clinic, which repeatedly reads twice and books once."""

    port: int
    clients: list[tuple[str, str, list[Slot]]] = field(default_factory=list)
    responses: list[Response] = field(default_factory=list)
    _stopped: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def add_clinic(self, clinic: Clinic) -> None:
        """Add a client for `clinic`, and slots to book there."""
        first = now() + timedelta(days=1)
        with enter_clinic(clinic):
            doctor, token = make_doctor(), signed_in_patient()[1]
            slots = [make_slot(doctor, first + timedelta(minutes=30) * number) for number in range(_SLOTS)]
        self.clients.append((host_of(clinic), token, slots))

    def statuses(self) -> Counter[int]:
        """Return the number of responses by status."""
        return Counter(response.status for response in self.responses)

    def __enter__(self) -> "BackgroundClients":
        self._threads = [threading.Thread(target=self._run, args=client) for client in self.clients]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._stopped.set()
        for thread in self._threads:
            thread.join()

    def _run(self, host: str, token: str, slots: list[Slot]) -> None:
        for slot in slots:
            requests = [_get(path, host=host, token=token) for path in READS]
            requests.append(post(BOOKINGS, {"slot": str(slot.pk)}, host=host, token=token))
            for request in requests:
                if self._stopped.is_set():
                    return
                self.responses += send_concurrently(self.port, [request])
                time.sleep(_PAUSE)


def _get(path: str, *, host: str, token: str) -> bytes:
    head = (
        f"GET {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n"
    )
    return head.encode()
