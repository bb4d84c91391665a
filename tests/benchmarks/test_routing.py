"""Compare the cost of a cheap request to fifty hosts in turn with the same request to one host."""

from itertools import cycle
from statistics import median

from tests.benchmarks.bulk_data import open_benchmark_clinic
from tests.benchmarks.cpu_time import processor_seconds
from tests.benchmarks.thresholds import Threshold
from tests.drills.figures import RecordFigure, spread
from tests.drills.installation import open_installation
from tests.drills.keep_alive import drive, get
from tests.factories.clinic_client import host_of

CLINICS, RUNS, SECONDS = 50, 5, 2
THRESHOLD = Threshold(must=1.35, aim=1.2)
"""The ratio of processor times per request."""


def test_a_request_costs_about_the_same_with_fifty_clinics(
    separate_database: None, record_figure: RecordFigure
) -> None:
    hosts = [host_of(open_benchmark_clinic(f"clinic-{number}")) for number in range(CLINICS)]
    requests_by_name = {
        "one clinic": cycle([get("/api/clinic/", host=hosts[0])]),
        f"{CLINICS} clinics": cycle([get("/api/clinic/", host=host) for host in hosts]),
    }
    cpu_by_name: dict[str, list[float]] = {name: [] for name in requests_by_name}
    statuses = set()

    with open_installation() as installation:
        installation.start("web")
        for _run in range(RUNS):
            for name, requests in requests_by_name.items():
                before = processor_seconds(installation.running["web"])
                load = drive(installation.port, requests, seconds=SECONDS)
                cpu_seconds = processor_seconds(installation.running["web"]) - before
                cpu_by_name[name].append(cpu_seconds * 1000 / len(load.latencies))
                statuses |= set(load.statuses)

    for name, cpu_times in cpu_by_name.items():
        record_figure(f"a request at {name}: processor time of web, ms", spread(cpu_times))
    ratios = [many / single for single, many in zip(*cpu_by_name.values(), strict=True)]
    record_figure(f"{CLINICS} clinics / one: processor time ({THRESHOLD})", spread(ratios))
    assert statuses == {200}
    assert THRESHOLD.is_met(median(ratios))
