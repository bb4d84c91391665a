"""Compare what every visitor opens first with a static view of the same size in a plain Django project.

Both are served by the same server program, take turns, and get the same requests without a sign-in.
"""

from http.client import HTTPConnection
from itertools import repeat
from statistics import median

from tenants.models import Clinic
from tests.benchmarks.bulk_data import vacuum_and_analyze
from tests.benchmarks.cpu_time import processor_seconds
from tests.benchmarks.test_available import WEEK, available_paths, busy_doctors
from tests.benchmarks.test_doctor_search import doctor_with_slots, search_for
from tests.benchmarks.thresholds import Threshold
from tests.drills.figures import RecordFigure, spread
from tests.drills.installation import Installation, open_installation
from tests.drills.keep_alive import Load, drive, get
from tests.factories.cache import empty_cache
from tests.factories.clinic_client import host_of

RUNS, SECONDS = 5, 2
CACHED_SLOTS = Threshold(must=0.4, aim=0.6)
CACHED = Threshold(must=0.35, aim=0.5)
SEARCH = Threshold(must=0.08, aim=0.15)
SEARCHED_DOCTORS = 500


def test_public_reads_compared_with_a_plain_django_project(
    web: Installation, committed_clinic: Clinic, record_figure: RecordFigure
) -> None:
    host = host_of(committed_clinic)
    week = busy_doctors()[0]
    paths = {
        "available/": (available_paths([week], days=WEEK)[0], CACHED_SLOTS),
        "the home page": ("/", CACHED),
        "clinic/": ("/api/clinic/", CACHED),
        "the doctor list": ("/api/users/doctors/", CACHED),
        "a doctor": (f"/api/users/doctors/{week.pk}/", CACHED),
    }
    results = {}
    empty_cache(committed_clinic)  # and the markers of the writes above, during which nothing is cached
    with open_installation() as plain:
        start_plain_project(plain)
        for name, (path, threshold) in paths.items():
            size = response_size(web, path, host=host)
            ratios, cpu = compare(web, plain, get(path, host=host), get(f"/static-view/{size}", host=host))
            record_figure(f"{name}, {size:,} bytes: processor time, ms", spread(cpu))
            record_figure(f"{name} / static: requests/s ({threshold})", spread(ratios))
            results[name] = threshold.is_met(median(ratios))
    assert results == dict.fromkeys(paths, True)


def test_a_search_among_500_doctors_compared_with_a_plain_django_project(
    web: Installation, committed_clinic: Clinic, record_figure: RecordFigure
) -> None:
    """The search is not cached: each request counts the doctors and sorts them by their next open time."""
    for number in range(SEARCHED_DOCTORS):
        doctor_with_slots(f"Number {number}", "general-medicine")
    vacuum_and_analyze()
    host, path = host_of(committed_clinic), search_for("general-medicine")
    with open_installation() as plain:
        start_plain_project(plain)
        size = response_size(web, path, host=host)
        ratios, cpu = compare(web, plain, get(path, host=host), get(f"/static-view/{size}", host=host))
    record_figure(f"search among 500 doctors, {size:,} bytes: processor time, ms", spread(cpu))
    record_figure(f"search among 500 doctors / static: requests/s ({SEARCH})", spread(ratios))
    assert SEARCH.is_met(median(ratios))


def start_plain_project(installation: Installation) -> None:
    """Start the project instead of the product."""
    installation.settings["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.plain_project.settings"
    installation.start("web")


def response_size(web: Installation, path: str, *, host: str) -> int:
    """Return the size of a response in bytes, after checking that it is one."""
    connection = HTTPConnection("127.0.0.1", web.port, timeout=10)
    connection.request("GET", path, headers={"Host": host})
    response = connection.getresponse()
    body = response.read()
    connection.close()
    assert response.status == 200, body
    return len(body)


def compare(
    web: Installation, plain: Installation, request: bytes, static: bytes
) -> tuple[list[float], list[float]]:
    """Return the ratio of requests/s of each run, and the product's processor time per request in ms."""
    ratios, cpu = [], []
    for run in range(RUNS + 1):
        compared = measured(plain, static)
        before = processor_seconds(web.running["web"])
        load = measured(web, request)
        seconds = processor_seconds(web.running["web"]) - before
        if run:  # the first one warms up
            ratios.append(load.rate / compared.rate)
            cpu.append(seconds / len(load.latencies) * 1000)
    return ratios, cpu


def measured(installation: Installation, request: bytes) -> Load:
    """Put load on a server. Return it after checking that every response was one."""
    load = drive(installation.port, repeat(request), seconds=SECONDS)
    assert set(load.statuses) == {200}, load.statuses
    return load
