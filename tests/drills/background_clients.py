"""People who read and book at some clinics for as long as something else goes on."""

import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

from scheduling.models import Slot
from tenants.base.clock import now
from tenants.current import enter_clinic
from tenants.models import Clinic
from tests.drills.concurrent_requests import Answer, post, volley
from tests.drills.slot_race import BOOKINGS, signed_in_patient
from tests.factories.clinic_client import host_of
from tests.factories.people import make_doctor
from tests.factories.schedule import make_slot

READS = ("/api/users/doctors/", "/api/appointments/my-bookings/")
_SLOTS, _PAUSE = 400, 0.02


@dataclass(slots=True)
class Crowd:
    """One person at each of some clinics: reads twice, books once, and so on."""

    port: int
    people: list[tuple[str, str, list[Slot]]] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def join(self, clinic: Clinic) -> None:
        """Somebody at `clinic`, and slots to book there."""
        first = now() + timedelta(days=1)
        with enter_clinic(clinic):
            doctor, token = make_doctor(), signed_in_patient()[1]
            slots = [make_slot(doctor, first + timedelta(minutes=30) * number) for number in range(_SLOTS)]
        self.people.append((host_of(clinic), token, slots))

    def statuses(self) -> Counter[int]:
        """How many answers of which status came."""
        return Counter(answer.status for answer in self.answers)

    def __enter__(self) -> "Crowd":
        self._threads = [threading.Thread(target=self._live, args=person) for person in self.people]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_raised: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _live(self, host: str, token: str, slots: list[Slot]) -> None:
        for slot in slots:
            requests = [_get(path, host=host, token=token) for path in READS]
            requests.append(post(BOOKINGS, {"slot": str(slot.pk)}, host=host, token=token))
            for request in requests:
                if self._over.is_set():
                    return
                self.answers += volley(self.port, [request])
                time.sleep(_PAUSE)


def _get(path: str, *, host: str, token: str) -> bytes:
    head = (
        f"GET {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n"
    )
    return head.encode()
