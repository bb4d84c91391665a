"""What is wrong with the installation: stopped processes, stuck queues, clinics and servers whose mail fails.

It reads tables in `public` only, which contain no data about patients.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from tenants.models import CircuitBreaker, Clinic, Heartbeat, ParkedMessages, PeriodicRun, QueueLine
from tenants.tasks import HEARTBEATS

SILENT_AFTER = timedelta(minutes=5)
"""A process counts as stopped after so long without a sign of life. It gives one every minute."""
_FAILING_ATTEMPTS = 5
_RECENT = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that operators have to look at."""

    key: str
    """Identifies the problem while it lasts, such as `queue:delivery`."""
    text: str


def current_problems(*, now: datetime) -> list[Problem]:
    """Return what is wrong at `now`, in a fixed order."""
    problems = [*_stopped_processes(now), *_stuck_queues(now), *_failing_clinics(now), *_failing_servers(now)]
    return sorted(problems, key=lambda problem: problem.key)


def _stopped_processes(now: datetime) -> list[Problem]:
    """Return beat and the workers of each lane, if they have stopped.

    Without beat, nothing makes the workers give a sign of life, so they can stop only while beat runs.
    """
    runs = list(PeriodicRun.objects.filter(name__in=HEARTBEATS.values()))
    if not runs:
        return []  # the first minutes of an installation
    if all(now - run.last_run_at > SILENT_AFTER for run in runs):
        since = max(run.last_run_at for run in runs)
        return [Problem("beat", _("Beat has not run since %(time)s (UTC).") % {"time": _utc(since)})]
    seen = dict(Heartbeat.objects.values_list("name", "seen_at"))
    began = dict(PeriodicRun.objects.values_list("name", "created_at"))
    problems = []
    for lane, run in HEARTBEATS.items():
        last = seen.get(lane) or began.get(run)
        if last is not None and now - last > SILENT_AFTER:
            text = _("The workers of the queue “%(lane)s” have not run since %(time)s (UTC).")
            problems.append(Problem(f"workers:{lane}", text % {"lane": lane, "time": _utc(last)}))
    return problems


def _stuck_queues(now: datetime) -> list[Problem]:
    """Return the lanes in which the oldest due job of a live clinic waits for too long."""
    limit = now - timedelta(minutes=settings.QUEUE_ALARM_MINUTES)
    problems = []
    for lane in QueueLine.Lane:
        late = QueueLine.objects.filter(lane=lane, due_at__lt=limit)
        stuck = late.filter(clinic_id__in=Clinic.objects.filter(status=Clinic.Status.LIVE).values("pk"))
        oldest = stuck.order_by("due_at").first()
        if oldest is not None:
            text = _("A job in the queue “%(lane)s” has been due since %(time)s (UTC).")
            problems.append(
                Problem(f"queue:{lane.value}", text % {"lane": lane.value, "time": _utc(oldest.due_at)})
            )
    return problems


def _failing_clinics(now: datetime) -> list[Problem]:
    """Return the clinics of which many messages failed in the last hour, or keep failing."""
    recent = ParkedMessages.objects.filter(hour__gt=now - _RECENT - timedelta(hours=1))
    parked = dict(recent.values_list("clinic_id").annotate(total=Sum("count")))
    waiting = QueueLine.objects.filter(kind="message", attempts__gte=_FAILING_ATTEMPTS)
    failing = dict(waiting.values_list("clinic_id").annotate(total=Count("pk")))
    limit = settings.MAIL_ALARM_COUNT
    ids = {key for counts in (parked, failing) for key, total in counts.items() if total >= limit}
    text = _("Mail of %(clinic)s fails: %(parked)d messages given up in the last hours, %(failing)d retried.")
    return [
        Problem(
            f"mail:{clinic.pk}",
            text
            % {
                "clinic": clinic.slug,
                "parked": parked.get(clinic.pk, 0),
                "failing": failing.get(clinic.pk, 0),
            },
        )
        for clinic in Clinic.objects.filter(pk__in=ids, status=Clinic.Status.LIVE)
    ]


def _failing_servers(now: datetime) -> list[Problem]:
    """Return the servers that refuse connections again and again."""
    text = _("The server %(server)s has failed %(count)d times in a row (%(error)s).")
    return [
        Problem(
            f"server:{breaker.name}"[:200],
            text % {"server": breaker.name, "count": breaker.failures, "error": breaker.last_error},
        )
        for breaker in CircuitBreaker.objects.filter(failures__gte=settings.MAIL_ALARM_COUNT)
    ]


def _utc(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M}"
