"""Helm and Kubernetes accept the chart, with sets of values that cover every branch."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import helm_python
import pytest
import yaml

Render = Callable[[dict[str, Any]], dict[str, dict[str, Any]]]
Values = Callable[[str], dict[str, Any]]

SETS = ["required", "everything", "bare"]
REQUIRED = [
    "ConfigMap clinic-appointments",
    "Deployment clinic-appointments-beat",
    "Deployment clinic-appointments-delivery",
    "Deployment clinic-appointments-web",
    "Deployment clinic-appointments-worker",
    "Job clinic-appointments-migrate",
    "Service clinic-appointments-web",
]


@pytest.mark.parametrize("name", SETS)
def test_helm_lint_reports_only_the_missing_icon(chart_dir: Path, values: Values, name: str) -> None:
    report = helm_python.lint(chart_dir, values(name), strict=True)

    assert report["errors"] == []
    assert [message["error"] for message in report["messages"]] == ["icon is recommended"]


@pytest.mark.parametrize("kubernetes", ["1.30.0", "1.37.0"])
def test_every_document_passes_the_strict_schemas_of_kubernetes(
    render: Render, values: Values, tmp_path: Path, kubernetes: str
) -> None:
    documents = [document for name in SETS for document in render(values(name)).values()]
    manifest = tmp_path / "rendered.yaml"
    manifest.write_text(yaml.safe_dump_all(documents))

    command = [sys.executable, "-m", "kubernetes_validate", "--strict", "-k", kubernetes, str(manifest)]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)

    passed = [line for line in checked.stdout.splitlines() if line.startswith("INFO") and " passed " in line]
    assert (checked.returncode, len(passed)) == (0, len(documents)), checked.stdout


def test_with_every_switch_off_only_required_documents_are_rendered(render: Render, values: Values) -> None:
    documents = render(values("bare"))

    assert sorted(documents) == REQUIRED


def test_by_default_a_service_account_and_a_disruption_budget_are_added(
    installed: dict[str, dict[str, Any]],
) -> None:
    extra = ["PodDisruptionBudget clinic-appointments-web", "ServiceAccount clinic-appointments"]

    assert sorted(installed) == sorted(REQUIRED + extra)


def test_with_every_switch_on_all_documents_are_rendered(render: Render, values: Values) -> None:
    documents = render(values("everything"))

    assert sorted(documents) == [
        "ConfigMap bookings",
        "Deployment bookings-beat",
        "Deployment bookings-delivery",
        "Deployment bookings-web",
        "Deployment bookings-worker",
        "HorizontalPodAutoscaler bookings-delivery",
        "HorizontalPodAutoscaler bookings-web",
        "HorizontalPodAutoscaler bookings-worker",
        "Ingress bookings",
        "Job bookings-migrate",
        "NetworkPolicy bookings",
        "NetworkPolicy bookings-web",
        "PodDisruptionBudget bookings-web",
        "Service bookings-web",
        "ServiceAccount bookings",
    ]
