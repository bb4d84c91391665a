"""Fixtures: the chart as Helm renders it, and the folders of repository and chart."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import helm_python
import pytest
import yaml


@pytest.fixture(scope="session")
def root() -> Path:
    return Path(__file__).parents[2]


@pytest.fixture(scope="session")
def chart_dir(root: Path) -> Path:
    return root / "charts" / "clinic-appointments"


@pytest.fixture(scope="session")
def values() -> Callable[[str], dict[str, Any]]:
    """Return a function that reads the set of values with a name."""

    def read(name: str) -> dict[str, Any]:
        text = (Path(__file__).parent / "values" / f"{name}.yaml").read_text()
        loaded: dict[str, Any] = yaml.safe_load(text)
        return loaded

    return read


@pytest.fixture(scope="session")
def chart(chart_dir: Path) -> Iterator[helm_python.Chart]:
    with helm_python.Chart.load(chart_dir) as loaded:
        yield loaded


@pytest.fixture(scope="session")
def render(chart: helm_python.Chart) -> Callable[[dict[str, Any]], dict[str, dict[str, Any]]]:
    """Return a function that renders the chart and returns the documents by "Kind name"."""

    def render_chart(chart_values: dict[str, Any]) -> dict[str, dict[str, Any]]:
        files = chart.render(chart_values, name="clinic-appointments", namespace="bookings")
        manifests = "\n---\n".join(text for path, text in files.items() if not path.endswith(".txt"))
        documents = [document for document in yaml.safe_load_all(manifests) if document]
        return {f"{document['kind']} {document['metadata']['name']}": document for document in documents}

    return render_chart


@pytest.fixture(scope="session")
def installed(
    render: Callable[[dict[str, Any]], dict[str, dict[str, Any]]], values: Callable[[str], dict[str, Any]]
) -> dict[str, dict[str, Any]]:
    """The documents of an installation with only the required values."""
    return render(values("required"))


@pytest.fixture(scope="session")
def pods(installed: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The pod template of each of the roles."""
    return {
        document["metadata"]["labels"]["app.kubernetes.io/component"]: document["spec"]["template"]
        for document in installed.values()
        if document["kind"] in {"Deployment", "Job"}
    }
