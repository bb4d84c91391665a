"""The chart as Helm renders it, and where the repository is."""

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
    """Give the set of values called `name`, freshly read."""

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
    """Render the chart as a release of the chart's own name; each document by its "Kind name"."""

    def rendered(given: dict[str, Any]) -> dict[str, dict[str, Any]]:
        files = chart.render(given, name="clinic-appointments", namespace="bookings")
        manifests = "\n---\n".join(text for path, text in files.items() if not path.endswith(".txt"))
        documents = [document for document in yaml.safe_load_all(manifests) if document]
        return {f"{document['kind']} {document['metadata']['name']}": document for document in documents}

    return rendered


@pytest.fixture(scope="session")
def installed(
    render: Callable[[dict[str, Any]], dict[str, dict[str, Any]]], values: Callable[[str], dict[str, Any]]
) -> dict[str, dict[str, Any]]:
    """What an install with nothing but the required values makes."""
    return render(values("required"))


@pytest.fixture(scope="session")
def pods(installed: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The pod template of each of the four roles."""
    return {
        document["metadata"]["labels"]["app.kubernetes.io/component"]: document["spec"]["template"]
        for document in installed.values()
        if document["kind"] in {"Deployment", "Job"}
    }
