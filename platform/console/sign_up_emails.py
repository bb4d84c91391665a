"""Emails about sign-ups. A worker sends them from the outbox in the sign-up's row."""

from datetime import datetime, timedelta
from email.utils import formataddr

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from clinics.models import ClinicSettings
from console.models import SignUp
from console.sign_up import link_token
from notifications.email_layout import inlined, layout_context
from notifications.envelope import header_safe
from notifications.errors import PermanentFailure, TemporaryFailure
from notifications.models import Message
from notifications.services.delivery import deliver, log_refusal
from notifications.services.retries import next_attempt
from tenants.models import Domain
from tenants.queue.circuit_breaker import CircuitOpen
from tenants.routing.public_urls import origin_url

_LEASE = timedelta(seconds=60)
_MAX_BACKOFF = timedelta(hours=1)
_BATCH = 20
_SUBJECTS = {
    SignUp.Letter.VERIFY: gettext_noop("Confirm your email address to open your clinic"),
    SignUp.Letter.OPENED: gettext_noop("Your clinic is open"),
    SignUp.Letter.REFUSED: gettext_noop("We cannot open your clinic"),
}

log = structlog.get_logger(__name__)


def send_due_emails(*, now: datetime) -> int:
    """Send the emails that are due. A failed email is retried later and does not delay others.

    :return: how many were sent
    """
    return sum(_send(sign_up, now=now) for sign_up in _claim(now=now))


@transaction.atomic
def _claim(*, now: datetime) -> list[SignUp]:
    due = SignUp.objects.exclude(letter="").filter(letter_due_at__lte=now).order_by("letter_due_at", "pk")
    claimed = list(due.select_for_update(skip_locked=True)[:_BATCH])
    for sign_up in claimed:
        sign_up.letter_due_at = now + _LEASE
        sign_up.letter_attempts += 1
        sign_up.save(update_fields=["letter_due_at", "letter_attempts"])
    return claimed


def _send(sign_up: SignUp, *, now: datetime) -> bool:
    row = SignUp.objects.filter(pk=sign_up.pk, letter=sign_up.letter)

    def done() -> int:
        return row.update(letter="", letter_due_at=None, letter_attempts=0)

    if sign_up.expires_at <= now:
        done()
        return False
    try:
        deliver(sign_up_email(sign_up), on_accepted=lambda _provider_id: done())
    except PermanentFailure as failure:
        log_refusal(failure, about=str(sign_up.pk))
        done()
        return False
    except CircuitOpen as circuit:
        row.update(letter_due_at=circuit.until, letter_attempts=sign_up.letter_attempts - 1)
        return False
    except TemporaryFailure as failure:
        due_at = next_attempt(sign_up.letter_attempts, wait=failure.retry_after, now=now)
        if due_at is None:
            log_refusal(
                PermanentFailure(Message.Parked.TOO_MANY_ATTEMPTS, failure.answer), about=str(sign_up.pk)
            )
            done()
        else:
            row.update(letter_due_at=due_at)
        return False
    except Exception:
        delay = min(_MAX_BACKOFF, timedelta(seconds=5) * 2 ** min(sign_up.letter_attempts, 12))
        row.update(letter_due_at=now + delay)
        log.exception("sign_up_email_failed", sign_up=str(sign_up.pk), attempts=sign_up.letter_attempts)
        return False
    return True


def sign_up_email(sign_up: SignUp) -> EmailMultiAlternatives:
    """Return the email to send next about a sign-up."""
    kind = SignUp.Letter(sign_up.letter)
    # Until the address is confirmed, an email to it contains no text that somebody typed.
    is_confirmed = kind != SignUp.Letter.VERIFY
    name = header_safe(f"{sign_up.first_name} {sign_up.last_name}") if is_confirmed else ""
    primary = Domain.objects.filter(tenant_id=sign_up.clinic_id, is_primary=True).first()
    subject = _(_SUBJECTS[kind])
    context = {
        # The platform writes, in the default colours.
        **layout_context(settings.BASE_DOMAIN, ClinicSettings()),
        "subject": subject,
        "name": sign_up.first_name,
        "clinic_name": sign_up.name,
        "platform": settings.BASE_DOMAIN,
        "link": f"{origin_url(settings.BASE_DOMAIN)}/sign-up/{link_token(sign_up)}/",
        "origin": origin_url(primary.domain) if primary else "",
    }
    email = EmailMultiAlternatives(
        subject=subject,
        body=render_to_string(f"console/letters/{kind.value}.txt", context),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[formataddr((name, sign_up.email))],
        headers={
            "Message-ID": f"<{sign_up.pk}.{kind.value}@{settings.BASE_DOMAIN}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    html = inlined(render_to_string(f"console/letters/{kind.value}.html", context))
    email.attach_alternative(html, "text/html")
    return email
