"""The linter finds planted faults, and nothing in good texts."""

import pytest

from notifications.linting import MessageText, Severity, lint
from tests.notifications.linting.planted_faults import EMAIL, FAULTS, GOOD


def test_the_linter_finds_at_least_38_of_every_40_planted_faults() -> None:
    missed = [fault for fault, rule, message in FAULTS if rule not in {found.rule for found in lint(message)}]

    assert len(FAULTS) >= 40
    assert missed == []


@pytest.mark.parametrize(("fault", "rule", "message"), FAULTS, ids=[fault for fault, *_rest in FAULTS])
def test_a_planted_fault_is_found_and_nothing_else(fault: str, rule: str, message: MessageText) -> None:
    found = {finding.rule for finding in lint(message)}

    assert rule in found
    assert found - {rule} <= ALSO.get(fault, set())


ALSO: dict[str, set[str]] = {
    "a spam word in the subject": {"shouting"},
    "no time in the text": {"zone_missing"},
}
"""Other rules that a planted fault breaks as well."""


@pytest.mark.parametrize(("name", "message"), GOOD, ids=[name for name, _message in GOOD])
def test_nothing_is_found_in_a_good_text(name: str, message: MessageText) -> None:
    assert lint(message) == []


def test_findings_that_prevent_saving_come_first() -> None:
    message = MessageText(
        channel="email", subject="Booked!", text="Riverside. Call prior to it! Hello", clinic="R"
    )

    severities = [finding.severity for finding in lint(message)]

    assert severities == sorted(severities, key=[Severity.ERROR, Severity.ADVICE].index)
    assert Severity.ADVICE in severities


def test_rules_about_english_words_apply_to_english_texts_only() -> None:
    message = MessageText(
        channel="email", subject="Termin am 5. Mai um 9:30", text="Tests 9:30, Hi. Hi", language="de"
    )

    assert lint(message) == []
    assert lint(EMAIL) == []
