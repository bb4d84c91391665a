"""The memory of a Postgres process that serves one clinic after the other, and what limiting it costs.

Each clinic is a new one, as `open_clinic` makes it. If `CLINICS` is set, the chart `connection_memory.svg`
beside this file is drawn again.
"""

import os
import time
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection

from tenants.backend import base
from tenants.current import enter_clinic, leave_clinic
from tenants.models import Clinic
from tenants.routing.hosts import clear_host_cache
from tests.benchmarks.bulk_data import open_benchmark_clinic
from tests.benchmarks.charts import Panel, growth_chart
from tests.benchmarks.thresholds import Threshold
from tests.drills.figures import RecordFigure
from tests.drills.processes import children_of, postgres_process
from tests.factories.clinic_client import ClinicClient
from tests.factories.database_logins import owner_connection

CLINICS = int(os.environ.get("CLINICS", "100"))
CHART = Path(__file__).with_name("connection_memory.svg")
UNLIMITED = 10**9
MEMORY = Threshold(must=64, aim=56)
"""The private memory of a Postgres process in MiB."""
COST = Threshold(must=1.05, aim=1.02)
"""The ratio of processor times for each visit to a clinic, Postgres and application together."""
PATHS = ("/api/clinic/", "/api/users/doctors/", "/api/appointments/available/")


def read_as_a_patient(clinic: Clinic) -> None:
    """Send the requests of somebody who looks for a time."""
    client = ClinicClient(clinic)
    leave_clinic()
    assert [client.get(path).status_code for path in PATHS] == [200] * len(PATHS)


def read_every_table(clinic: Clinic) -> None:
    """Read from all tables of the clinic, as a day of work by its staff would."""
    with enter_clinic(clinic), connection.cursor() as cursor:
        for table in tables_of_a_clinic():
            cursor.execute(f'SELECT * FROM "{table}" LIMIT 1')
    leave_clinic()


@lru_cache
def tables_of_a_clinic() -> list[str]:
    """Return the names of a clinic's tables.

    Asked once, on a connection of its own: Postgres looks at all tables of all schemas for it.
    """
    schema = Clinic.objects.values_list("schema_name", flat=True)[0]
    with owner_connection() as owner:
        rows = owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [schema]).fetchall()
    return sorted(name for (name,) in rows)


VISITS: dict[str, Callable[[Clinic], None]] = {
    "a patient looks for a time": read_as_a_patient,
    "every table is read": read_every_table,
}


def visit(
    clinics: list[Clinic], work: Callable[[Clinic], None], sizes: list[int]
) -> tuple[list[float], float, float]:
    """Visit each clinic on one connection at a time.

    :return: the highest memory by the number of clinics in `sizes`, that of all, and the processor time
    """
    connection.close()
    cache.clear()
    clear_host_cache()
    measured, started = [], cpu_seconds()
    with pytest.MonkeyPatch.context() as patch:
        highest = watch_memory(patch)
        for number, clinic in enumerate(clinics, start=1):
            work(clinic)
            if number in sizes:
                measured.append(highest[0])
    return measured, highest[0], cpu_seconds() - started


def watch_memory(patch: pytest.MonkeyPatch) -> list[float]:
    """Measure the private memory of the connection's Postgres process after each visit, in MiB.

    :return: a list with the highest value so far
    """
    recycle, highest = base.DatabaseWrapper.recycle_if_grown, [0.0]

    def measure_and_recycle(wrapper: base.DatabaseWrapper) -> None:
        if wrapper.connection is not None:
            status = Path(f"/proc/{wrapper.connection.info.backend_pid}/status").read_text()
            highest[0] = max(highest[0], int(status.partition("RssAnon:")[2].split()[0]) / 1024)
        recycle(wrapper)

    patch.setattr(base.DatabaseWrapper, "recycle_if_grown", measure_and_recycle)
    return highest


def cpu_seconds() -> float:
    """Return the processor time of this process and of all Postgres processes, also those that have ended."""
    first = postgres_process()
    ticks = 0
    for pid in [first, *children_of(first)]:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += sum(int(field) for field in fields[11 : 15 if pid == first else 13])
    return time.process_time() + ticks / os.sysconf("SC_CLK_TCK")


def test_a_connection_that_serves_many_clinics_stays_small(
    separate_database: None, record_figure: RecordFigure, monkeypatch: pytest.MonkeyPatch
) -> None:
    clinics = [open_benchmark_clinic(f"clinic-{number}") for number in range(CLINICS)]
    sizes = sorted({1, *(CLINICS * step // 10 for step in range(1, 11))})
    panels, cost = [], {}
    for name, work in VISITS.items():
        panel = Panel(f"clinics in turn: {name}", sizes, {})
        cpu = {}
        for label, limit in (
            ("without a limit", UNLIMITED),
            (f"{base.MAX_SCHEMAS} schemas", base.MAX_SCHEMAS),
        ):
            monkeypatch.setattr(base, "MAX_SCHEMAS", limit)
            panel.lines[label], highest, cpu[label] = visit(clinics, work, sizes)
            record_figure(
                f"{name}: a Postgres process that serves {CLINICS} clinics, {label}",
                f"at most {highest:.0f} MiB, {cpu[label] * 1000 / CLINICS:.1f} ms of CPU for each clinic",
            )
        panels.append(panel)
        without, limited = cpu.values()
        cost[name] = limited / without
        record_figure(f"{name}: cost of the limit ({COST})", f"{cost[name]:.3f}")
        assert MEMORY.is_met(highest)
    if "CLINICS" in os.environ:
        title = "Memory of one Postgres process that serves one clinic after the other"
        CHART.write_text(growth_chart(title=title, unit="MiB", panels=panels))
    assert COST.is_met(cost["a patient looks for a time"])
