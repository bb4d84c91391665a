"""The owner of the tables need not be a superuser: the right to create roles is enough."""

import os
import subprocess
import sys
from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from embedded import database_logins
from embedded.run_folder import ROOT
from tests.factories.database_logins import owner_connection

OPEN_AND_DROP = """
from clinics.services.open_clinic import FirstAdmin, open_clinic
from tenants.accounts.models import User
from tenants.current import enter_clinic
from tenants.models import Clinic
from tenants.services.schema import drop_schema

admin = FirstAdmin(email="a@b.example", password="correct horse battery", first_name="A", last_name="B")
clinic = open_clinic(name="Limited", slug="limited", time_zone="Europe/London", admin=admin)
with enter_clinic(clinic):
    print("admins", User.objects.count())
Clinic.objects.update(status="suspended")
drop_schema(clinic.schema_name)
clinic.delete()
"""


@pytest.fixture
def limited(django_db_setup: None) -> Iterator[dict[str, str]]:
    """Return the settings of a separate database whose owner may only create roles."""
    name = f"limited_{uuid4().hex[:8]}"
    own_settings = connection.settings_dict
    address = {"DB_HOST": str(own_settings["HOST"]), "DB_PORT": str(own_settings["PORT"])}
    login = database_logins.login_settings(name, "only for this test")
    role_name = sql.Identifier(name)
    with owner_connection() as owner:
        owner.execute(
            sql.SQL("CREATE ROLE {} LOGIN CREATEROLE PASSWORD 'only for this test'").format(role_name)
        )
        owner.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(role_name, role_name))
        yield address | login | {"DB_NAME": name}
        owner.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(role_name))
        remaining = "SELECT rolname FROM pg_roles WHERE rolname LIKE %s ORDER BY length(rolname) DESC"
        for (role,) in owner.execute(remaining, [f"{name}%"]).fetchall():
            owner.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


def manage(env: dict[str, str], *arguments: str, stdin: str | None = None) -> str:
    """Run a command of manage.py and return its output."""
    completed = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        env=os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}"} | env,
        cwd=ROOT,
        input=stdin,
        text=True,
        capture_output=True,
        check=False,
    )
    assert completed.returncode == 0, completed.stderr[-2000:]
    return completed.stdout


def test_an_owner_without_superuser_rights_migrates_and_the_application_opens_and_drops_a_clinic(
    limited: dict[str, str],
) -> None:
    manage(limited, "migrate_schemas")
    output = manage(database_logins.without_owner(limited), "shell", stdin=OPEN_AND_DROP)
    manage(limited, "migrate_schemas")

    assert "admins 1" in output
    address = psycopg.conninfo.make_conninfo(
        host=limited["DB_HOST"],
        port=limited["DB_PORT"],
        dbname=limited["DB_NAME"],
        user=limited["DB_OWNER_USER"],
        password=limited["DB_OWNER_PASSWORD"],
    )
    with psycopg.connect(address) as connected:
        result = connected.execute(
            "SELECT current_setting('is_superuser'), count(*) FROM pg_namespace WHERE nspname LIKE 'clinic_%'"
        ).fetchone()
    assert result == ("off", 1), "the template alone is left"
