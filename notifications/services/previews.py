"""Previews of messages with sample data."""

from dataclasses import dataclass
from datetime import datetime

from django.core.mail import EmailMultiAlternatives

from notifications.linting import Finding, lint
from notifications.models import MessageWording
from notifications.rendering import email_kinds, email_of
from notifications.services.account_samples import ACCOUNT_SAMPLES
from notifications.services.samples import SCENARIOS, sample_message
from notifications.services.text_checks import account_text_of, html_of, text_of


@dataclass(frozen=True, slots=True)
class Preview:
    """A message with sample data."""

    subject: str
    text: str
    html: str
    findings: list[Finding]
    """What the linter finds."""


def preview_choices() -> list[tuple[str, str]]:
    """Return the names and labels of all messages that can be previewed."""
    kinds = [(kind.value, str(kind.label)) for kind in email_kinds()]
    return [*kinds, *((name, str(label)) for name, (label, _sample) in ACCOUNT_SAMPLES.items())]


def preview_of(
    name: str, *, scenario: str = "in_person", draft: MessageWording | None = None, now: datetime
) -> Preview:
    """Return the preview of a message.

    :param name: a kind of message, or the name of an email about accounts
    :param draft: a wording that is not saved, to use instead of the clinic's
    :raises KeyError: there is no such message or scenario
    """
    if name in ACCOUNT_SAMPLES:
        email = ACCOUNT_SAMPLES[name][1](now)
        return _preview(email, lint(account_text_of(email)))
    if name not in email_kinds():
        raise KeyError(name)
    with sample_message(name, SCENARIOS[scenario], now=now) as message:
        if draft is not None:
            use_draft(draft)
        email = email_of(message)
        return _preview(email, lint(text_of(message, email)))


def use_draft(draft: MessageWording) -> None:
    """Use a wording that is not saved. Call it where everything is rolled back."""
    values = {"subject": draft.subject, "body": draft.body}
    same: dict[str, str] = {"kind": draft.kind, "channel": draft.channel, "language": draft.language}
    MessageWording.objects.update_or_create(**same, defaults=values)


def _preview(email: EmailMultiAlternatives, findings: list[Finding]) -> Preview:
    return Preview(subject=email.subject, text=str(email.body), html=html_of(email), findings=findings)
