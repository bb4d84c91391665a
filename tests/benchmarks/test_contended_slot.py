"""Fifty clients book the same slot at the same instant, again and again: how long they wait for the answer.

Milliseconds depend on the machine, so they are compared with as many clients of a static view in the same
run.
"""

from tenants.models import Clinic
from tests.benchmarks.cpu_time import processor_seconds
from tests.benchmarks.keep_alive import get
from tests.benchmarks.thresholds import Bound
from tests.drills.concurrent_requests import volley
from tests.drills.figures import Note, percentile
from tests.drills.installation import House
from tests.drills.slot_race import outcome, run_races
from tests.factories.clinic_client import host_of

ROUNDS, CLIENTS = 50, 50
BOUND = Bound(must=6, aim=3)
"""The p95 of the clients who book, divided by that of the clients of the static view."""


def test_fifty_at_once_are_answered_soon(web: House, committed_clinic: Clinic, figures: Note) -> None:
    # A server that runs has its connections open and its modules read.
    run_races(web, committed_clinic, rounds=2, clients=CLIENTS, people=CLIENTS)
    before = processor_seconds(web.running["web"])
    races = run_races(web, committed_clinic, rounds=ROUNDS, clients=CLIENTS, people=CLIENTS)
    used = processor_seconds(web.running["web"]) - before
    nothing = get("/static-view/800", host=host_of(committed_clinic), connection="close")
    plain = [volley(web.port, [nothing] * CLIENTS) for _round in range(ROUNDS)]
    least = percentile([answer.seconds * 1000 for answers in plain for answer in answers], 0.95)

    waited = [answer.seconds * 1000 for answers in races for answer in answers]
    p50, p95, most = (percentile(waited, share) for share in (0.5, 0.95, 1))
    figures(f"{CLIENTS} for one slot, p50 and longest, ms", f"{p50:.0f}, {most:.0f} ({ROUNDS} rounds)")
    figures(
        f"{CLIENTS} for one slot, processor time of web, ms a request", f"{used * 1000 / len(waited):.2f}"
    )
    figures(f"{CLIENTS} for a static view, p95, ms", f"{least:.0f}")
    figures(f"{CLIENTS} for one slot, p95, ms", f"{p95:.0f}")
    figures(f"{CLIENTS} for one slot / for a static view, p95 ({BOUND})", f"{p95 / least:.1f}")
    expected = {(201, ""): 1, (409, "slot_taken"): CLIENTS - 1}
    assert [outcome(answers) for answers in races] == [expected] * ROUNDS
    assert BOUND.holds(p95 / least)
