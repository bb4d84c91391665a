"""Previews of messages with sample data."""

from dataclasses import dataclass
from datetime import datetime

from notifications.linting import Finding
from notifications.models import Channel, MessageWording
from notifications.rendering import Content, content_of, email_content, email_kinds, sms_kinds
from notifications.services.account_samples import ACCOUNT_SAMPLES, account_sample_user
from notifications.services.samples import SCENARIOS, sample_message
from notifications.services.text_checks import check_account_email, check_content

_SMS = ".sms"


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
    emails = [(kind.value, str(kind.label)) for kind in email_kinds()]
    texts = [(f"{kind}{_SMS}", f"{kind.label} ({Channel.SMS.label})") for kind in sms_kinds()]
    return [*emails, *texts, *((name, str(label)) for name, (label, _sample) in ACCOUNT_SAMPLES.items())]


def preview_name(kind: str, channel: str) -> str:
    """Return the name under which a message is previewed."""
    return f"{kind}{_SMS}" if channel == Channel.SMS else kind


def preview_of(
    name: str, *, scenario: str = "in_person", draft: MessageWording | None = None, now: datetime
) -> Preview:
    """Return the preview of a message.

    :param name: a kind of message, with `.sms` for a text message, or the name of an email about accounts
    :param draft: a wording that is not saved, to use instead of the clinic's
    :raises KeyError: there is no such message or scenario
    """
    if name in ACCOUNT_SAMPLES:
        email = ACCOUNT_SAMPLES[name][1](now)
        return _preview(email_content(email), check_account_email(email, account_sample_user(now)))
    kind, channel = name.removesuffix(_SMS), Channel.SMS if name.endswith(_SMS) else Channel.EMAIL
    if kind not in (sms_kinds() if channel == Channel.SMS else email_kinds()):
        raise KeyError(name)
    with sample_message(kind, SCENARIOS[scenario], channel=channel, now=now) as message:
        if draft is not None:
            use_draft(draft)
        content = content_of(message)
        return _preview(content, check_content(message, content))


def use_draft(draft: MessageWording) -> None:
    """Use a wording that is not saved. Call it where everything is rolled back."""
    MessageWording.objects.update_or_create(
        kind=draft.kind,
        channel=draft.channel,
        language=draft.language,
        defaults={"subject": draft.subject, "body": draft.body},
    )


def _preview(content: Content, findings: list[Finding]) -> Preview:
    return Preview(subject=content.subject, text=content.text, html=content.html, findings=findings)
