"""Invalid values are refused before anything is installed, with a message that says what to do."""

from collections.abc import Callable
from typing import Any

import helm_python
import pytest

Render = Callable[[dict[str, Any]], dict[str, dict[str, Any]]]
Values = Callable[[str], dict[str, Any]]


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ("image", "Set image.repository: where your image is, e.g. registry.example.org/clinic-appointments"),
        (
            "baseDomain",
            "Set baseDomain: the domain whose subdomains are the clinics, e.g. clinics.example.org",
        ),
        ("database", "Set database.host: the Postgres server's host name"),
        ("mail", "Set mail.from: the sender of messages, e.g. appointments@clinics.example.org"),
        (
            "secrets",
            "Set secrets.existingSecret: the Secret with SECRET_KEY, JWT_SECRET and the other secrets",
        ),
    ],
)
def test_a_missing_required_value_is_named_in_one_plain_sentence(
    render: Render, values: Values, missing: str, sentence: str
) -> None:
    changed = values("required")
    del changed[missing]

    with pytest.raises(helm_python.HelmRenderError) as refused:
        render(changed)

    assert refused.value.detail.partition("): ")[2].strip() == sentence


def test_a_web_pod_must_have_time_to_finish_its_requests(render: Render, values: Values) -> None:
    changed = values("required") | {"web": {"drainSeconds": 40, "terminationGracePeriodSeconds": 45}}

    with pytest.raises(helm_python.HelmRenderError, match=r"at least 6 more than web[.]drainSeconds"):
        render(changed)


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"replicas": 3}, "replicas"),
        ({"secrets": {"existingSecret": "clinic-secrets", "SECRET_KEY": "s3cret"}}, "SECRET_KEY"),
        ({"database": {"host": "postgres", "password": "s3cret"}}, "password"),
        ({"beat": {"replicas": 0}}, "replicas"),
        ({"baseDomain": "https://clinics.example.org"}, "baseDomain"),
        ({"logLevel": "verbose"}, "logLevel"),
        ({"web": {"replicas": 0}}, "replicas"),
    ],
)
def test_the_schema_refuses_unknown_names_and_impossible_values(
    chart: helm_python.Chart, values: Values, wrong: dict[str, Any], name: str
) -> None:
    chart.validate_schema(values("required"))

    with pytest.raises(helm_python.HelmValuesError, match=name):
        chart.validate_schema(values("required") | wrong)
