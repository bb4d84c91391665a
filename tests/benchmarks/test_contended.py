"""Fifty patients try to book the same slot at the same instant, again and again: how long the answers take.

Milliseconds depend on the machine, so the bound is a ratio to as many clients of a static view in the same run.
"""

from tenants.models import Clinic
from tests.benchmarks.bounds import Bound
from tests.benchmarks.keep_alive import get
from tests.benchmarks.processor import processor_seconds
from tests.drills.figures import Note, percentile
from tests.drills.house import House
from tests.drills.race import outcome, run_races
from tests.drills.volley import volley
from tests.factories.client import host_of

ROUNDS, CLIENTS = 50, 50
BOUND = Bound(must=6, aim=3)
"""The 95th percentile of the answers, as a multiple of the static view's."""


def test_fifty_concurrent_attempts_on_one_slot_are_answered_quickly(web: House, committed_clinic: Clinic, figures: Note) -> None:
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
    figures(f"{CLIENTS} for one slot and for a static view, p95, ms", f"{p95:.0f}, {least:.0f}")
    figures(f"{CLIENTS} for one slot beside a static view, p95 ({BOUND})", f"{p95 / least:.1f}")
    expected = {(201, ""): 1, (409, "slot_taken"): CLIENTS - 1}
    assert [outcome(answers) for answers in races] == [expected] * ROUNDS
    assert BOUND.holds(p95 / least)
