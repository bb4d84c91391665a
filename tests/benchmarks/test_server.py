"""Compare the web server, which reads bodies on an event loop, with granian's own WSGI server."""

from collections.abc import Callable
from itertools import repeat
from statistics import median

from tenants.models import Clinic
from tests.benchmarks.cpu_time import processor_seconds
from tests.benchmarks.thresholds import Threshold
from tests.drills.concurrent_requests import post
from tests.drills.figures import RecordFigure, spread
from tests.drills.installation import Installation, open_installation
from tests.drills.keep_alive import Load, drive, get
from tests.factories.clinic_client import host_of

RUNS, SECONDS, SIZE = 5, 2, 20_000
CPU = Threshold(must=1.25, aim=1.1)
"""The ratio of processor times per request of a view that does nothing, the worst case."""
RATE = Threshold(must=0.75, aim=0.9)
"""The ratio of requests per second."""


def test_the_adapter_costs_little(committed_clinic: Clinic, record_figure: RecordFigure) -> None:
    host = host_of(committed_clinic)
    requests = {
        "20 kB": get(f"/static-view/{SIZE}", host=host),
        "the clinic's data": get("/api/clinic/", host=host),
        "a small body": post("/api/auth/refresh/", {"refresh": "none"}, host=host, token="none").replace(
            b"Connection: close", b"Connection: keep-alive"
        ),
    }
    with open_installation() as plain, open_installation() as adapted:
        for installation, start in (
            (plain, plain.start_without_adapter),
            (adapted, lambda: adapted.start("web")),
        ):
            prepare(installation, start)
        for name, request in requests.items():
            cpu, rate = compare(plain, adapted, request)
            record_figure(f"{name}: processor time, adapter / granian's WSGI ({CPU})", spread(cpu))
            record_figure(f"{name}: requests/s, adapter / granian's WSGI ({RATE})", spread(rate))
            assert CPU.is_met(median(cpu))
            assert RATE.is_met(median(rate))


def prepare(installation: Installation, start: Callable[[], None]) -> None:
    """Start a server that also has the static view."""
    installation.settings["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.settings"
    start()


def compare(plain: Installation, adapted: Installation, request: bytes) -> tuple[list[float], list[float]]:
    """Return the ratios of processor time per request, and of requests per second, of each run."""
    cpu, rate = [], []
    for run in range(RUNS + 1):
        before, load = measure(plain, request)
        after, other = measure(adapted, request)
        if run:  # the first one warms up
            cpu.append(after / before)
            rate.append(other.rate / load.rate)
    return cpu, rate


def measure(installation: Installation, request: bytes) -> tuple[float, Load]:
    """Return the processor time per request, and the load."""
    running = installation.running["web"]
    before = processor_seconds(running)
    load = drive(installation.port, repeat(request), seconds=SECONDS)
    return (processor_seconds(running) - before) / len(load.latencies), load
