"""Tell operators of problems by email: once when each begins, and once when it is over.

Workers and web processes both call `watch`, so a stopped worker is reported by a web process. The emails are
sent directly, not through the queue, which may be what has stopped.
"""

from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils.translation import gettext as _

from console.health import current_problems
from console.models import Alarm
from tenants.models import Heartbeat
from tenants.routing.public_urls import origin_url

CHECK_EVERY = timedelta(seconds=60)
WATCH = "watch"
"""The heartbeat of the check itself. Of several processes, one takes each turn."""

log = structlog.get_logger(__name__)


def watch(*, now: datetime) -> bool:
    """Check the installation and tell operators of what has changed, unless it was checked a minute ago.

    Call it in `public`.

    :return: whether this call checked it
    """
    if not _take_turn(now):
        return False
    _update_alarms(now)
    _send_emails(now)
    return True


def _take_turn(now: datetime) -> bool:
    """Claim the check of this minute. Return False if another process has it."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(name=WATCH, seen_at=now - 2 * CHECK_EVERY)], ignore_conflicts=True
    )
    turn = Heartbeat.objects.filter(name=WATCH, seen_at__lte=now - CHECK_EVERY)
    return bool(turn.update(seen_at=now))


@transaction.atomic
def _update_alarms(now: datetime) -> None:
    """Open an alarm for each new problem, and close those whose problem is over."""
    problems = current_problems(now=now)
    open_alarms = Alarm.objects.filter(cleared_at=None)
    open_alarms.exclude(key__in=[problem.key for problem in problems]).update(cleared_at=now)
    known = set(open_alarms.values_list("key", flat=True))
    new = [
        Alarm(key=problem.key, text=problem.text, raised_at=now)
        for problem in problems
        if problem.key not in known
    ]
    Alarm.objects.bulk_create(new, ignore_conflicts=True)
    for problem in new:
        log.error("operators_alarm", problem=problem.key)


def _send_emails(now: datetime) -> None:
    """Send the emails that are due. If that fails, they are sent with the next check."""
    for alarm in Alarm.objects.filter(told_at=None, cleared_at=None).order_by("raised_at", "id"):
        if _send(_("Problem: %(text)s") % {"text": alarm.text}, about=f"{alarm.pk}.raised"):
            Alarm.objects.filter(pk=alarm.pk).update(told_at=now)
    over = Alarm.objects.filter(told_at__isnull=False, cleared_at__isnull=False, told_over_at=None)
    for alarm in over.order_by("raised_at", "id"):
        if _send(_("Over: %(text)s") % {"text": alarm.text}, about=f"{alarm.pk}.over"):
            Alarm.objects.filter(pk=alarm.pk).update(told_over_at=now)


def _send(subject: str, *, about: str) -> bool:
    """Email all operators in OPERATORS_EMAIL. Return whether that succeeded, or there is nobody to email."""
    if not settings.OPERATORS_EMAIL:
        return True
    page = origin_url(settings.BASE_DOMAIN) + "/console/health/"
    email = EmailMessage(
        subject=f"[{settings.BASE_DOMAIN}] {subject}",
        body=f"{subject}\n\n{page}\n",
        to=settings.OPERATORS_EMAIL,
        headers={"Message-ID": f"<{about}@{settings.BASE_DOMAIN}>", "Auto-Submitted": "auto-generated"},
    )
    try:
        email.send()
    except Exception as error:
        # Also errors of an email service. The log names the problem, and the next check tries again.
        log.warning("operators_not_told", error=type(error).__name__)
        return False
    return True
