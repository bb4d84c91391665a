"""Check the Markdown documents for broken relative links and size limits."""

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

from embedded.run_folder import ROOT
from embedded.setup_error import SetupError, run_reporting_errors

MAX_BYTES = {"README.md": 8 * 1024, "ARCHITECTURE.md": 12 * 1024}
"""Size limits, by path relative to the checkout."""

_PARSER = MarkdownIt("commonmark").enable("table")
_LINK_ATTRIBUTES = {"link_open": "href", "image": "src"}
_DROPPED_FROM_ANCHORS = re.compile(r"[^\w\- ]")


def check_documents() -> int:
    """Check all tracked documents and print the problems. Return 0 if there are none.

    :raises SetupError: the documents cannot be listed
    """
    problems = find_problems(ROOT, tracked_documents(ROOT))
    for problem in problems:
        print(problem)
    return 1 if problems else 0


def tracked_documents(root: Path) -> list[Path]:
    """Return the Markdown files of the Git checkout at `root`.

    :raises SetupError: it is not a Git checkout
    """
    command = ["git", "-C", str(root), "ls-files", "-z", "--", "*.md"]
    try:
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise SetupError("The documents cannot be listed: make lint needs git and a Git checkout.") from error
    # A file that is deleted but not committed yet is still listed.
    return [root / name for name in output.split("\0") if name and (root / name).exists()]


def find_problems(root: Path, documents: Iterable[Path]) -> list[str]:
    """Return one line for each broken link, broken anchor and document that is too long."""
    problems = []
    for document in documents:
        name = document.relative_to(root).as_posix()
        size, limit = document.stat().st_size, MAX_BYTES.get(name)
        if limit and size > limit:
            problems.append(f"{name}: {size} bytes, the limit is {limit}")
        problems += [f"{name}:{line}: {problem}" for line, problem in _broken_links(root, document)]
    return problems


def _broken_links(root: Path, document: Path) -> Iterator[tuple[int, str]]:
    for line, link in _links(document):
        url = urlsplit(link)
        if url.scheme or url.netloc:
            continue
        base = root if url.path.startswith("/") else document.parent
        target = base / unquote(url.path).lstrip("/") if url.path else document
        if not target.exists():
            yield line, f"{link} does not exist"
        elif url.fragment and url.fragment not in _anchors(target):
            yield line, f"{link} has no such heading"


def _links(document: Path) -> Iterator[tuple[int, str]]:
    """Yield every link and image target with the line number of its paragraph."""
    for block in _parse(document):
        for token in block.children or ():
            if token.type in _LINK_ATTRIBUTES:
                yield (block.map or [0])[0] + 1, str(token.attrs[_LINK_ATTRIBUTES[token.type]])


@cache
def _anchors(document: Path) -> frozenset[str]:
    """Return the anchors that GitHub gives a document's headings; none for a file that is not Markdown."""
    if document.suffix != ".md":
        return frozenset()
    tokens = _parse(document)
    titles = [title for heading, title in pairwise(tokens) if heading.type == "heading_open"]
    counts: Counter[str] = Counter()
    anchors = set()
    for title in titles:
        text = "".join(part.content for part in title.children or ())
        anchor = _DROPPED_FROM_ANCHORS.sub("", text.lower()).replace(" ", "-")
        anchors.add(f"{anchor}-{counts[anchor]}" if counts[anchor] else anchor)
        counts[anchor] += 1
    return frozenset(anchors)


def _parse(document: Path) -> list[Token]:
    return _PARSER.parse(document.read_text(encoding="utf-8"))


if __name__ == "__main__":
    sys.exit(run_reporting_errors(check_documents))
