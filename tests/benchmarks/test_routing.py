"""What it costs to serve many clinics rather than one: a cheap request to fifty hosts in turn, and to one."""

from itertools import cycle
from statistics import median

from tests.benchmarks.bulk_data import open_another
from tests.benchmarks.cpu_time import processor_seconds
from tests.benchmarks.keep_alive import drive, get
from tests.benchmarks.thresholds import Bound
from tests.drills.figures import Note, spread
from tests.drills.installation import open_house
from tests.factories.clinic_client import host_of

CLINICS, RUNS, SECONDS = 50, 5, 2
BOUND = Bound(must=1.35, aim=1.2)
"""Processor time of a request."""


def test_a_request_costs_hardly_more_among_fifty_clinics(own_ground: None, figures: Note) -> None:
    hosts = [host_of(open_another(f"clinic-{number}")) for number in range(CLINICS)]
    asked = {
        "one clinic": cycle([get("/api/clinic/", host=hosts[0])]),
        f"{CLINICS} clinics": cycle([get("/api/clinic/", host=host) for host in hosts]),
    }
    used: dict[str, list[float]] = {name: [] for name in asked}
    statuses = set()

    with open_house() as house:
        house.start("web")
        for _run in range(RUNS):
            for name, requests in asked.items():
                before = processor_seconds(house.running["web"])
                load = drive(house.port, requests, seconds=SECONDS)
                spent = processor_seconds(house.running["web"]) - before
                used[name].append(spent * 1000 / len(load.latencies))
                statuses |= set(load.statuses)

    for name, spent_each in used.items():
        figures(f"a request at {name}: processor time of web, ms", spread(spent_each))
    ratios = [many / one for one, many in zip(*used.values(), strict=True)]
    figures(f"{CLINICS} clinics / one: processor time ({BOUND})", spread(ratios))
    assert statuses == {200}
    assert BOUND.holds(median(ratios))
