"""The Dockerfile, which is read and not built: content, user and commands of the image."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

import pytest


class Instruction(NamedTuple):
    stage: str
    name: str
    argument: str


@pytest.fixture(scope="session")
def dockerfile(root: Path) -> list[Instruction]:
    """The instructions in order, each with the name of its stage."""
    lines = (line for line in (root / "Dockerfile").read_text().splitlines() if not line.startswith("#"))
    joined = re.sub(r"\s*\\\n\s*", " ", "\n".join(lines))
    instructions, stage = [], ""
    for line in filter(None, joined.splitlines()):
        name, argument = line.split(maxsplit=1)
        stage = argument.rpartition(" AS ")[2] if name == "FROM" else stage
        instructions.append(Instruction(stage, name, argument))
    return instructions


def last_argument(dockerfile: list[Instruction], name: str) -> str:
    """Return the argument of the last instruction `name` in the final stage."""
    return [
        instruction.argument
        for instruction in dockerfile
        if (instruction.stage, instruction.name) == ("runtime", name)
    ][-1]


def copied_paths(dockerfile: list[Instruction], stage: str = "") -> list[str]:
    """Return the paths that are copied from the repository, into `stage` or into any stage."""
    copies = [
        instruction.argument.split()[:-1]
        for instruction in dockerfile
        if instruction.name == "COPY" and stage in instruction.stage
    ]
    return [path.rstrip("/") for paths in copies for path in paths if not paths[0].startswith("--from")]


def test_base_images_are_exact_versions(dockerfile: list[Instruction]) -> None:
    images = [instruction.argument.split()[0] for instruction in dockerfile if instruction.name == "FROM"]
    exact = re.compile(r"[a-z]+:\d+\.\d+\.\d+-(slim-trixie|trixie-slim)")

    assert [image for image in images if not exact.fullmatch(image)] == []


def test_every_copied_path_exists_and_nothing_else_is_in_the_build_context(
    root: Path, dockerfile: list[Instruction]
) -> None:
    paths = copied_paths(dockerfile)
    allowed = [line[1:] for line in (root / ".dockerignore").read_text().splitlines() if line.startswith("!")]

    assert [path for path in paths if not (root / path).exists()] == []
    assert sorted(allowed) == sorted({"frontend" if path.startswith("frontend") else path for path in paths})


def test_the_image_contains_only_the_packages_of_the_product(
    root: Path, dockerfile: list[Instruction]
) -> None:
    project: dict[str, Any] = tomllib.loads((root / "pyproject.toml").read_text())
    packages = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]

    assert sorted(copied_paths(dockerfile, "runtime")) == sorted(["manage.py", *packages])


def test_packages_come_from_the_lock_with_their_hashes_checked(dockerfile: list[Instruction]) -> None:
    installs = [instruction.argument for instruction in dockerfile if "pip install" in instruction.argument]

    assert ["--require-hashes" in install for install in installs] == [True, True]
    assert [install.split()[-1] for install in installs] == [
        "requirements-bootstrap.lock",
        "requirements.lock",
    ]


def test_the_image_runs_as_the_user_of_the_chart_who_is_not_root(
    dockerfile: list[Instruction], pods: dict[str, dict[str, Any]]
) -> None:
    security = pods["web"]["spec"]["securityContext"]

    user = f"{security['runAsUser']}:{security['runAsGroup']}"
    assert last_argument(dockerfile, "USER") == user == "10001:10001"


def test_the_image_contains_no_secret(dockerfile: list[Instruction]) -> None:
    stored = [
        instruction.argument for instruction in dockerfile if instruction.name in {"ENV", "ARG", "LABEL"}
    ]
    names = [variable for argument in stored for variable in re.findall(r"([A-Z_]+)=", argument)]

    assert names == [
        *["UV_LINK_MODE", "UV_PYTHON_DOWNLOADS"],
        *["PATH", "PYTHONPATH", "PYTHONTZPATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"],
        *["HOME", "WEB_DIST"],
    ]


def test_the_default_command_is_web_as_in_the_chart(
    dockerfile: list[Instruction], pods: dict[str, dict[str, Any]]
) -> None:
    assert json.loads(last_argument(dockerfile, "CMD")) == pods["web"]["spec"]["containers"][0]["command"]


def test_the_image_stops_on_sigterm_and_has_a_health_check(dockerfile: list[Instruction]) -> None:
    command = json.loads(last_argument(dockerfile, "HEALTHCHECK").partition("CMD ")[2])

    assert last_argument(dockerfile, "STOPSIGNAL") == "SIGTERM"
    assert command[:2] == ["python", "-c"]
    assert "http://127.0.0.1:8000/health/live" in command[2]
