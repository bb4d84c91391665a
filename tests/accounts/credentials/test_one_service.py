"""Only one service writes passwords, roles and `is_active` of users."""

import ast
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth.management.commands import changepassword
from django.core.management import call_command

from tenants.accounts.models import User, UserSession
from tenants.accounts.sessions.services import start_session
from tenants.models import Clinic
from tests.test_structure import ROOT, files

SERVICE = "tenants/accounts/credentials/services.py"
NEW = "another horse, another staple"
FIELDS = {"password", "role", "is_active", "token_version"}
ALLOWED = {
    "tenants/accounts/users.py: user.password": "a new user, who has no session yet",
    "tenants/accounts/models/users.py: set_password": "a new user, for `createsuperuser`",
    "tenants/accounts/sessions/services.py: update(token_version)": "ends all sessions",
    "tenants/accounts/purge.py: update(token_version)": "ends all sessions of a restored clinic",
    "tenants/accounts/passwords/services.py: reset.token_version": "the version that a reset link is for",
    "notifications/services/samples.py: set_unusable_password": "invented people, who are never stored",
    "notifications/services/webhook_delivery.py: update(is_active)": "a webhook that is switched off",
    "notifications/services/webhook_endpoints.py: update(is_active)": "the webhooks of a restored clinic",
    "platform/console/sign_up.py: locked.password": "the password of a sign-up, which is no user",
    "platform/console/sign_up.py: sign_up.password": "the password of a sign-up, which is no user",
}
"""Writes outside the service, each with the reason why it is none of a user's credentials."""


def writes(path: str) -> Iterator[str]:
    """Yield what a module writes to the fields: attributes, updates, and Django's methods for passwords."""
    for node in ast.walk(ast.parse((ROOT / path).read_text())):
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                for part in target.elts if isinstance(target, ast.Tuple) else [target]:
                    if isinstance(part, ast.Attribute) and part.attr in FIELDS:
                        yield ast.unparse(part)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            method = node.func.attr
            if method in {"set_password", "set_unusable_password"}:
                yield method
            elif method in {"update", "update_or_create"} and "Doctor" not in ast.unparse(node.func):
                yield from (f"{method}({word.arg})" for word in node.keywords if word.arg in FIELDS)


def found() -> set[str]:
    """Return all writes in the project outside the service and the tests."""
    sources = [path for path in files("*.py") if not path.startswith("tests/") and path != SERVICE]
    return {f"{path}: {write}" for path in sources for write in writes(path)}


def test_only_the_service_writes_passwords_roles_and_status() -> None:
    assert found() == set(ALLOWED)


def test_djangos_command_for_passwords_ends_the_sessions_too(
    clinic: Clinic, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    start_session(user=user)
    monkeypatch.setattr(changepassword.Command, "_get_pass", lambda *_a, **_k: NEW)

    call_command("changepassword", user.email, stdout=StringIO())

    user.refresh_from_db()
    assert user.check_password(NEW)
    assert (UserSession.objects.filter(user=user).count(), user.token_version) == (0, 2)


def test_the_search_finds_every_way_to_write(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text(
        "user.password = x\nuser.a, user.role = y\nuser.set_password(z)\n"
        "User.objects.update(is_active=False)\nDoctor.objects.update(is_active=False)\n"
    )

    assert sorted(writes(str(module))) == ["set_password", "update(is_active)", "user.password", "user.role"]
