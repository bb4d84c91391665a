"""The check of the documents' links and sizes."""

from pathlib import Path

import pytest

from embedded.doc_links import find_problems, tracked_documents
from embedded.setup_error import SetupError


@pytest.fixture
def document(tmp_path: Path) -> Path:
    (tmp_path / "guide").mkdir()
    (tmp_path / "guide" / "setup.md").write_text("# Set up\n\n## `make demo`, and more\n\n## Set up\n")
    return tmp_path / "README.md"


@pytest.mark.parametrize(
    "link",
    [
        "guide/setup.md",
        "guide/",
        "/guide/setup.md",
        "guide/setup.md#make-demo-and-more",
        "guide/setup.md#set-up",
        "guide/setup.md#set-up-1",
        "#here",
        "https://example.org/missing.md#nowhere",
        "mailto:someone@example.org",
    ],
)
def test_a_valid_link_is_no_problem(document: Path, link: str) -> None:
    document.write_text(f"# Here\n\n[text]({link})\n")

    assert find_problems(document.parent, [document]) == []


@pytest.mark.parametrize(
    ("link", "problem"),
    [
        ("guide/missing.md", "does not exist"),
        ("guide/setup.md#set-up-2", "has no such heading"),
        ("#there", "has no such heading"),
        ("guide/#set-up", "has no such heading"),
    ],
)
def test_a_broken_link_is_a_problem(document: Path, link: str, problem: str) -> None:
    document.write_text(f"# Here\n\nA paragraph with a [link]({link}).\n")

    assert find_problems(document.parent, [document]) == [f"README.md:3: {link} {problem}"]


def test_an_image_and_a_link_in_a_table_are_checked(document: Path) -> None:
    document.write_text("| a | b |\n|---|---|\n| ![phone](phone.png) | [guide](guide/none.md) |\n")

    problems = find_problems(document.parent, [document])

    assert problems == [
        "README.md:3: phone.png does not exist",
        "README.md:3: guide/none.md does not exist",
    ]


def test_code_is_not_searched_for_links(document: Path) -> None:
    document.write_text("`[text](none.md)`\n\n```\n[text](none.md)\n```\n")

    assert find_problems(document.parent, [document]) == []


@pytest.mark.parametrize(
    ("size", "problems"), [(8192, []), (8193, ["README.md: 8193 bytes, the limit is 8192"])]
)
def test_the_readme_has_a_size_limit(document: Path, size: int, problems: list[str]) -> None:
    document.write_text("x" * size)

    assert find_problems(document.parent, [document]) == problems


def test_a_folder_without_git_is_reported_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="needs git"):
        tracked_documents(tmp_path)
