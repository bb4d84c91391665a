"""Imports between folders point one way, and files and functions stay short."""

import ast
import re
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 50
MAX_MEDIAN_LINES = 80
TYPESCRIPT_IMPORT = re.compile(r"""^(?:import|export)\b[^'"]*?['"]([^'"]+)['"]""", re.MULTILINE)


def files(*patterns: str) -> list[str]:
    """Return the files of the repository, without generated ones and migrations."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split()
    skipped = ("/migrations/", "/gen/")
    return [name for name in listed if (ROOT / name).is_file() and not any(part in name for part in skipped)]


def source_files() -> list[str]:
    """Return the Python and TypeScript files that are neither tests nor generated."""
    return [
        name
        for name in files("*.py", "frontend/src/*.ts", "frontend/src/*.tsx")
        if not name.startswith("tests/") and not re.search(r"\.test\.tsx?$|\.d\.ts$", name)
    ]


def module_of(name: str) -> str:
    """Return the dotted name of a Python file."""
    return name.removeprefix("platform/").removesuffix(".py").replace("/", ".").removesuffix(".__init__")


def python_imports() -> Iterator[tuple[str, str]]:
    """Yield every import between our modules, inside functions and for type checking too."""
    modules = {module_of(path): path for path in files("*.py")}
    for module, path in modules.items():
        for node in ast.walk(ast.parse((ROOT / path).read_text())):
            if isinstance(node, ast.Import):
                imported = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                full = [f"{node.module}.{alias.name}" for alias in node.names]
                imported = [name if name in modules else node.module for name in full]
            else:
                continue
            yield from ((module, name) for name in imported if name in modules)


def typescript_imports() -> Iterator[tuple[str, str]]:
    """Yield every import between files of the web app, as dotted paths."""
    base = ROOT / "frontend/src"
    for name in files("frontend/src/*.ts", "frontend/src/*.tsx"):
        source = ROOT / name
        for imported in TYPESCRIPT_IMPORT.findall(source.read_text()):
            if imported.startswith((".", "@/")):
                root, path = (base, imported[2:]) if imported.startswith("@/") else (source.parent, imported)
                target = (root / path).resolve()
                yield ".".join(source.relative_to(base).parts), ".".join(target.relative_to(base).parts)


def two_way_imports(imports: Iterable[tuple[str, str]]) -> list[str]:
    """Return the pairs of folders, or of modules in one folder, that import each other."""
    between = defaultdict(set)
    for importer, imported in imports:
        first, second = importer.split("."), imported.split(".")
        shared = 0
        while shared < min(len(first), len(second)) and first[shared] == second[shared]:
            shared += 1
        if shared < min(len(first), len(second)):
            pair = ".".join(first[: shared + 1]), ".".join(second[: shared + 1])
            between[pair].add(f"{importer} -> {imported}")
    return [
        f"{a} and {b}: {sorted(lines)[0]}, {sorted(between[b, a])[0]}"
        for (a, b), lines in between.items()
        if a < b and (b, a) in between
    ]


def test_no_two_python_folders_import_each_other() -> None:
    assert two_way_imports(python_imports()) == []


def test_no_two_typescript_folders_import_each_other() -> None:
    assert two_way_imports(typescript_imports()) == []


def test_no_source_file_is_longer_than_400_lines() -> None:
    lengths = {name: len((ROOT / name).read_text().splitlines()) for name in source_files()}
    assert {name: lines for name, lines in lengths.items() if lines > MAX_FILE_LINES} == {}


def test_no_python_function_is_longer_than_50_lines() -> None:
    too_long = [
        f"{name}:{node.lineno} {node.name}"
        for name in source_files()
        if name.endswith(".py")
        for node in ast.walk(ast.parse((ROOT / name).read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and function_length(node) > MAX_FUNCTION_LINES
    ]
    assert too_long == []


def function_length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return the number of lines of a function without its docstring."""
    docstring = node.body[0] if ast.get_docstring(node, clean=False) is not None else None
    written = (docstring.end_lineno or 0) - docstring.lineno + 1 if docstring else 0
    return (node.end_lineno or 0) - node.lineno + 1 - written


def test_the_median_source_file_has_at_most_80_lines() -> None:
    lengths = [len((ROOT / name).read_text().splitlines()) for name in source_files()]
    assert median([lines for lines in lengths if lines]) <= MAX_MEDIAN_LINES
