"""The Dockerfile, read rather than built: what goes in, as whom it runs, that the chart starts the same."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

import pytest


class Instruction(NamedTuple):
    stage: str
    word: str
    rest: str


@pytest.fixture(scope="session")
def dockerfile(root: Path) -> list[Instruction]:
    """Its instructions in order, each with the name of its stage."""
    lines = (line for line in (root / "Dockerfile").read_text().splitlines() if not line.startswith("#"))
    joined = re.sub(r"\s*\\\n\s*", " ", "\n".join(lines))
    instructions, stage = [], ""
    for line in filter(None, joined.splitlines()):
        word, rest = line.split(maxsplit=1)
        stage = rest.rpartition(" AS ")[2] if word == "FROM" else stage
        instructions.append(Instruction(stage, word, rest))
    return instructions


def last(dockerfile: list[Instruction], word: str) -> str:
    """Give what the finished image's last `word` says."""
    return [each.rest for each in dockerfile if (each.stage, each.word) == ("runtime", word)][-1]


def copied(dockerfile: list[Instruction], stage: str = "") -> list[str]:
    """Give the paths that are copied from the repository, into `stage` or into any."""
    copies = [each.rest.split()[:-1] for each in dockerfile if each.word == "COPY" and stage in each.stage]
    return [path.rstrip("/") for paths in copies for path in paths if not paths[0].startswith("--from")]


def test_base_images_are_exact_versions(dockerfile: list[Instruction]) -> None:
    images = [each.rest.split()[0] for each in dockerfile if each.word == "FROM"]
    exact = re.compile(r"[a-z]+:\d+\.\d+\.\d+-(slim-trixie|trixie-slim)")

    assert [image for image in images if not exact.fullmatch(image)] == []


def test_all_that_is_copied_exists_and_nothing_else_is_sent_to_the_build(
    root: Path, dockerfile: list[Instruction]
) -> None:
    paths = copied(dockerfile)
    sent = [line[1:] for line in (root / ".dockerignore").read_text().splitlines() if line.startswith("!")]

    assert [path for path in paths if not (root / path).exists()] == []
    assert sorted(sent) == sorted({"frontend" if path.startswith("frontend") else path for path in paths})


def test_the_image_holds_the_packages_that_are_the_product_and_no_other(
    root: Path, dockerfile: list[Instruction]
) -> None:
    project: dict[str, Any] = tomllib.loads((root / "pyproject.toml").read_text())
    packages = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]

    assert sorted(copied(dockerfile, "runtime")) == sorted(["manage.py", *packages])


def test_packages_come_from_the_lock_with_their_hashes_checked(dockerfile: list[Instruction]) -> None:
    installs = [each.rest for each in dockerfile if "pip install" in each.rest]

    assert ["--require-hashes" in each for each in installs] == [True, True]
    assert [each.split()[-1] for each in installs] == ["requirements-bootstrap.lock", "requirements.lock"]


def test_it_runs_as_the_user_the_chart_names_and_that_is_not_root(
    dockerfile: list[Instruction], pods: dict[str, dict[str, Any]]
) -> None:
    confined = pods["web"]["spec"]["securityContext"]

    user = f"{confined['runAsUser']}:{confined['runAsGroup']}"
    assert last(dockerfile, "USER") == user == "10001:10001"


def test_no_secret_stays_in_the_image(dockerfile: list[Instruction]) -> None:
    kept = [each.rest for each in dockerfile if each.word in {"ENV", "ARG", "LABEL"}]
    names = [name for rest in kept for name in re.findall(r"([A-Z_]+)=", rest)]

    assert names == [
        *["UV_LINK_MODE", "UV_PYTHON_DOWNLOADS"],
        *["PATH", "PYTHONPATH", "PYTHONTZPATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"],
        *["HOME", "WEB_DIST"],
    ]


def test_web_is_the_default_and_the_chart_starts_it_the_same_way(
    dockerfile: list[Instruction], pods: dict[str, dict[str, Any]]
) -> None:
    assert json.loads(last(dockerfile, "CMD")) == pods["web"]["spec"]["containers"][0]["command"]


def test_it_stops_by_sigterm_and_asks_itself_for_its_health(dockerfile: list[Instruction]) -> None:
    command = json.loads(last(dockerfile, "HEALTHCHECK").partition("CMD ")[2])

    assert last(dockerfile, "STOPSIGNAL") == "SIGTERM"
    assert command[:2] == ["python", "-c"]
    assert "http://127.0.0.1:8000/health/live" in command[2]
