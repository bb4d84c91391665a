"""Latency of fifty clients that book the same slot at the same instant, in many rounds.

Milliseconds depend on the machine, so they are compared with the same number of clients of a static view in
the same run.
"""

from tenants.models import Clinic
from tests.benchmarks.cpu_time import processor_seconds
from tests.benchmarks.thresholds import Threshold
from tests.drills.concurrent_requests import send_concurrently
from tests.drills.figures import RecordFigure, percentile
from tests.drills.installation import Installation
from tests.drills.keep_alive import get
from tests.drills.slot_race import outcome, run_races
from tests.factories.clinic_client import host_of

ROUNDS, CLIENTS = 50, 50
THRESHOLD = Threshold(must=6, aim=3)
"""The p95 of the clients who book, divided by that of the clients of the static view."""


def test_fifty_concurrent_bookings_of_one_slot_get_fast_responses(
    web: Installation, committed_clinic: Clinic, record_figure: RecordFigure
) -> None:
    # Warm up, so that connections are open and modules loaded.
    run_races(web, committed_clinic, rounds=2, clients=CLIENTS, people=CLIENTS)
    before = processor_seconds(web.running["web"])
    races = run_races(web, committed_clinic, rounds=ROUNDS, clients=CLIENTS, people=CLIENTS)
    cpu_seconds = processor_seconds(web.running["web"]) - before
    static_request = get("/static-view/800", host=host_of(committed_clinic), connection="close")
    static_rounds = [send_concurrently(web.port, [static_request] * CLIENTS) for _round in range(ROUNDS)]
    static_p95 = percentile(
        [response.seconds * 1000 for responses in static_rounds for response in responses], 0.95
    )

    latencies = [response.seconds * 1000 for responses in races for response in responses]
    p50, p95, longest = (percentile(latencies, share) for share in (0.5, 0.95, 1))
    record_figure(
        f"{CLIENTS} for one slot, p50 and longest, ms", f"{p50:.0f}, {longest:.0f} ({ROUNDS} rounds)"
    )
    record_figure(
        f"{CLIENTS} for one slot, processor time of web, ms a request",
        f"{cpu_seconds * 1000 / len(latencies):.2f}",
    )
    record_figure(f"{CLIENTS} for a static view, p95, ms", f"{static_p95:.0f}")
    record_figure(f"{CLIENTS} for one slot, p95, ms", f"{p95:.0f}")
    record_figure(f"{CLIENTS} for one slot / for a static view, p95 ({THRESHOLD})", f"{p95 / static_p95:.1f}")
    expected = {(201, ""): 1, (409, "slot_taken"): CLIENTS - 1}
    assert [outcome(responses) for responses in races] == [expected] * ROUNDS
    assert THRESHOLD.is_met(p95 / static_p95)
