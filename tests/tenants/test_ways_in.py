"""There is one way into a clinic, `with enter_clinic(…)`; those that threads share are in no file."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("tenants", "clinics", "scheduling", "notifications", "platform/config", "platform/console")
DOOR = ROOT / "tenants" / "door.py"
WAYS_IN = {"enter_clinic", "enter_public", "tenant_context", "schema_context"}
BEHIND_THE_DOOR = {"tenant_context", "schema_context"}


def faults(source: str, *, door: bool = False) -> list[str]:
    """What in `source` goes into a clinic, or to its connection, in a way that is not ours."""
    return [fault for node in ast.walk(ast.parse(source)) for fault in _faults_of(node, door=door)]


def _faults_of(node: ast.AST, *, door: bool) -> Iterator[str]:
    match node:
        case ast.With(items=items) | ast.AsyncWith(items=items):
            names = [ast.unparse(item.context_expr) for item in items]
            yield from (f"with {name}" for name in names if name.split(".")[-1] in {"clinic", "tenant"})
        case ast.FunctionDef(decorator_list=worn) | ast.AsyncFunctionDef(decorator_list=worn):
            yield from (f"@{name}" for name in map(_called, worn) if name in WAYS_IN)
        case ast.Attribute(value=ast.Attribute(attr="connection"), attr="execute" | "cursor"):
            yield ast.unparse(node)
        case ast.ImportFrom(names=names) if not door:
            yield from (f"import {name.name}" for name in names if name.name in BEHIND_THE_DOOR)


def _called(decorator: ast.expr) -> str:
    function = decorator.func if isinstance(decorator, ast.Call) else decorator
    return ast.unparse(function).split(".")[-1]


def test_every_file_of_the_product_enters_clinics_by_the_door() -> None:
    files = [path for folder in PRODUCT for path in (ROOT / folder).rglob("*.py")]

    found = {str(path): there for path in files if (there := faults(path.read_text(), door=path == DOOR))}

    # The backend itself is below the door: it sets the path on the connection it wraps.
    assert found.pop(str(ROOT / "tenants/backend/base.py"), ["self.connection.cursor"]) == [
        "self.connection.cursor"
    ]
    assert found == {}
    assert len(files) > 100


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("with clinic:\n    pass", "with clinic"),
        ("with self.clinic:\n    pass", "with self.clinic"),
        ("with tenant, open(x):\n    pass", "with tenant"),
        ("@tenant_context(clinic)\ndef f(): pass", "@tenant_context"),
        ("@schema_context('public')\ndef f(): pass", "@schema_context"),
        ("@door.enter_clinic(clinic)\ndef f(): pass", "@enter_clinic"),
        ("connection.connection.execute('SELECT 1')", "connection.connection.execute"),
        ("from django_tenants.utils import schema_context", "import schema_context"),
    ],
)
def test_each_other_way_is_found(source: str, fault: str) -> None:
    assert faults(source) == [fault]


def test_the_door_is_no_fault() -> None:
    assert faults("with enter_clinic(clinic):\n    connection.cursor()") == []
