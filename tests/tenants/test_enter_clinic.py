"""Code enters a clinic only with `enter_clinic(…)`. Ways that are not thread-safe are used nowhere."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("tenants", "clinics", "scheduling", "notifications", "platform/config", "platform/console")
CURRENT_MODULE = ROOT / "tenants" / "current.py"
CONTEXT_MANAGERS = {"enter_clinic", "enter_public", "tenant_context", "schema_context"}
DJANGO_TENANTS = {"tenant_context", "schema_context"}


def forbidden_uses(source: str, *, in_current_module: bool = False) -> list[str]:
    """Return the places in `source` that enter a clinic or use its connection in another way."""
    return [
        use
        for node in ast.walk(ast.parse(source))
        for use in _forbidden_uses_in(node, in_current_module=in_current_module)
    ]


def _forbidden_uses_in(node: ast.AST, *, in_current_module: bool) -> Iterator[str]:
    match node:
        case ast.With(items=items) | ast.AsyncWith(items=items):
            names = [ast.unparse(item.context_expr) for item in items]
            yield from (f"with {name}" for name in names if name.split(".")[-1] in {"clinic", "tenant"})
        case ast.FunctionDef(decorator_list=decorators) | ast.AsyncFunctionDef(decorator_list=decorators):
            yield from (f"@{name}" for name in map(_name_of, decorators) if name in CONTEXT_MANAGERS)
        case ast.Attribute(value=ast.Attribute(attr="connection"), attr="execute" | "cursor"):
            yield ast.unparse(node)
        case ast.ImportFrom(names=names) if not in_current_module:
            yield from (f"import {name.name}" for name in names if name.name in DJANGO_TENANTS)


def _name_of(decorator: ast.expr) -> str:
    function = decorator.func if isinstance(decorator, ast.Call) else decorator
    return ast.unparse(function).split(".")[-1]


def test_all_product_code_enters_clinics_through_one_module() -> None:
    files = [path for folder in PRODUCT for path in (ROOT / folder).rglob("*.py")]

    found = {
        str(path): uses
        for path in files
        if (uses := forbidden_uses(path.read_text(), in_current_module=path == CURRENT_MODULE))
    }

    # The backend itself may set the path on the connection it wraps.
    assert found.pop(str(ROOT / "tenants/backend/base.py"), ["self.connection.cursor"]) == [
        "self.connection.cursor"
    ]
    assert found == {}
    assert len(files) > 100


@pytest.mark.parametrize(
    ("source", "use"),
    [
        ("with clinic:\n    pass", "with clinic"),
        ("with self.clinic:\n    pass", "with self.clinic"),
        ("with tenant, open(x):\n    pass", "with tenant"),
        ("@tenant_context(clinic)\ndef f(): pass", "@tenant_context"),
        ("@schema_context('public')\ndef f(): pass", "@schema_context"),
        ("@current.enter_clinic(clinic)\ndef f(): pass", "@enter_clinic"),
        ("connection.connection.execute('SELECT 1')", "connection.connection.execute"),
        ("from django_tenants.utils import schema_context", "import schema_context"),
    ],
)
def test_every_forbidden_way_is_detected(source: str, use: str) -> None:
    assert forbidden_uses(source) == [use]


def test_the_module_itself_may_use_django_tenants() -> None:
    assert forbidden_uses("with enter_clinic(clinic):\n    connection.cursor()") == []
