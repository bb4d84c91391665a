"""The worker's round: take what is due, do it, go on."""

from datetime import timedelta

from celery import shared_task

from tenants.base.clock import now as clock_now
from tenants.queue import claim_lines, put_back, run_line
from tenants.task_base import ClinicTask

BATCH = 32
ROUND = timedelta(seconds=20)
"""How long one round works on: well inside a lease, so what it holds is claimed by no other meanwhile."""


@shared_task(base=ClinicTask, name="tenants.sweep_queue", public=True, expires=5)
def sweep_queue() -> int:
    """Work off the queue for at most a round. Several may run at once: a line goes to one of them.

    :return: how many lines were done
    """
    done = 0
    until = clock_now() + ROUND
    while clock_now() < until:
        lines = claim_lines(now=clock_now(), limit=BATCH)
        if not lines:
            break
        for place, line in enumerate(lines):
            if clock_now() >= until:
                put_back(lines[place:], now=clock_now())
                break
            done += run_line(line)
    return done
