"""Apply all rules to a message."""

from collections.abc import Callable, Iterator

from notifications.linting.rules_content import CONTENT_RULES
from notifications.linting.rules_form import FORM_RULES
from notifications.linting.rules_language import LANGUAGE_RULES
from notifications.linting.rules_links import LINK_RULES
from notifications.linting.rules_times import TIME_RULES
from notifications.linting.text import Finding, MessageText

Rule = Callable[[MessageText], Iterator[Finding]]
_EVERY_LANGUAGE: tuple[Rule, ...] = (*FORM_RULES, *CONTENT_RULES, *LINK_RULES)
_ENGLISH: tuple[Rule, ...] = (*LANGUAGE_RULES, *TIME_RULES)


def lint(message: MessageText) -> list[Finding]:
    """Return what should be changed in a message: errors first, each once."""
    rules = _EVERY_LANGUAGE + (_ENGLISH if message.language.startswith("en") else ())
    findings = dict.fromkeys(finding for rule in rules for finding in rule(message))
    return sorted(findings, key=lambda finding: finding.severity != "error")
