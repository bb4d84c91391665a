"""A clinic's own wording of messages: check, save, and go back to the standard wording."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from notifications.linting import Finding, Severity, lint
from notifications.models import Channel, MessageWording
from notifications.rendering import email_kinds, email_of
from notifications.services.previews import use_draft
from notifications.services.samples import SCENARIOS, sample_message
from notifications.services.text_checks import CANCELLABLE_KINDS, text_of
from notifications.wording.placeholders import (
    PLACEHOLDERS,
    SUBJECT_PLACEHOLDERS,
    has_stray_braces,
    used_placeholders,
)
from tenants.base.errors import InvalidInput

_SUBJECT_NEEDS = ("day", "time", "zone")
_WITHOUT_SUBJECT_TIME = frozenset({"questionnaire", "follow_up"})


def save_wording(*, wording: MessageWording, now: datetime) -> list[Finding]:
    """Check a wording and save it.

    :return: advice of the linter, which does not prevent saving
    :raises InvalidInput: a placeholder is unknown, a required part is missing, or the linter found an error
    """
    advice = check_wording(wording=wording, now=now)
    with transaction.atomic():
        wording.save()
    return advice


def check_wording(*, wording: MessageWording, now: datetime) -> list[Finding]:
    """Check a wording: its placeholders, and the message with it in all sample scenarios.

    :return: advice of the linter
    :raises InvalidInput: it cannot be used. The errors are for `subject` and `body`
    """
    errors = {field: found for field, found in _placeholder_errors(wording).items() if found}
    if errors:
        raise InvalidInput(errors=errors)
    findings = wording_findings(wording=wording, now=now)
    texts = [str(found.message) for found in findings if found.severity == Severity.ERROR]
    if texts:
        raise InvalidInput(errors={"body": list(dict.fromkeys(texts))})
    return [found for found in findings if found.severity == Severity.ADVICE]


def wording_findings(*, wording: MessageWording, now: datetime) -> list[Finding]:
    """Return what the linter finds in the message with a wording, by rules that the standard one keeps."""
    found: dict[Finding, None] = {}
    for scenario in SCENARIOS.values() if wording.kind in email_kinds() else ():
        with sample_message(wording.kind, scenario, channel=wording.channel, now=now) as message:
            standard = {finding.rule for finding in lint(text_of(message, email_of(message)))}
            use_draft(wording)
            new = lint(text_of(message, email_of(message)))
            found |= dict.fromkeys(finding for finding in new if finding.rule not in standard)
    return list(found)


def _placeholder_errors(wording: MessageWording) -> dict[str, list[str]]:
    """Return the errors of the placeholders in subject and body."""
    allowed = set(PLACEHOLDERS)
    if wording.kind not in CANCELLABLE_KINDS:
        allowed.discard("how_to_cancel")
    errors = {
        "subject": _errors_in(wording.subject, allowed=allowed & SUBJECT_PLACEHOLDERS),
        "body": _errors_in(wording.body, allowed=allowed),
    }
    is_email = wording.channel == Channel.EMAIL
    if is_email and wording.subject and wording.kind not in _WITHOUT_SUBJECT_TIME:
        errors["subject"] += _missing(wording.subject, _SUBJECT_NEEDS)
    if not is_email and wording.subject:
        errors["subject"].append(_("A text message has no subject. Leave it empty."))
    if not is_email:
        needs = (*_SUBJECT_NEEDS, *(("how_to_cancel",) if wording.kind in CANCELLABLE_KINDS else ()))
        errors["body"] += _missing(wording.body, needs)
    return errors


def _errors_in(text: str, *, allowed: set[str] | frozenset[str]) -> list[str]:
    """Return the errors of the placeholders in a text."""
    errors = []
    for name in used_placeholders(text):
        if name not in PLACEHOLDERS:
            errors.append(_("There is no placeholder “%(name)s”.") % {"name": name})
        elif name not in allowed:
            errors.append(_("The placeholder “%(name)s” cannot be used here.") % {"name": name})
    if has_stray_braces(text):
        errors.append(_("Write placeholders as in {{ day }}. Nothing else can be between braces."))
    return errors


def _missing(text: str, needed: tuple[str, ...]) -> list[str]:
    """Return an error for each placeholder that a text needs and does not have."""
    used = used_placeholders(text)
    return [
        _("Add {{ %(name)s }}: %(meaning)s.") % {"name": name, "meaning": PLACEHOLDERS[name]}
        for name in needed
        if name not in used
    ]
