"""Database roles: what Postgres itself rejects, whatever the application sends."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, ProgrammingError, connection, transaction
from psycopg.errors import InsufficientPrivilege

from tenants.accounts.models import User
from tenants.accounts.models.audit_entry import AuditEntry
from tenants.current import enter_clinic, enter_public
from tenants.models import Clinic
from tenants.services.db_roles import update_roles_and_grants
from tenants.services.schema import create_schema, drop_schema
from tests.factories.database_logins import owner_connection
from tests.factories.people import make_user

TABLE_OWNERS = """
SELECT DISTINCT pg_get_userbyid(relowner) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE nspname = 'public' OR nspname LIKE 'clinic\\_%'
"""


def run(statement: str) -> list[Any]:
    """Return the result of a statement, in a savepoint that is rolled back on an error."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


@contextmanager
def refused() -> Iterator[None]:
    """Expect Postgres to deny permission."""
    with pytest.raises(ProgrammingError) as caught:
        yield
    assert isinstance(caught.value.__cause__, InsufficientPrivilege)


def test_a_clinics_queries_run_under_its_own_role_and_the_platforms_under_the_login(
    clinic: Clinic, other_clinic: Clinic
) -> None:
    query = "SELECT current_user, session_user"
    users = [run(query)]
    with enter_clinic(other_clinic):
        users.append(run(query))
    with enter_public():
        users.append(run(query))

    login = settings.DB_APP_USER
    assert users == [[(clinic.schema_name, login)], [(other_clinic.schema_name, login)], [(login, login)]]


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM {other}.clinics_patient",
        "SELECT count(*) FROM {other}.accounts_user",
        "INSERT INTO {other}.django_session VALUES ('k', 'd', now())",
        "UPDATE {other}.accounts_user SET role = 'admin'",
        "DELETE FROM {other}.scheduling_slot",
        "TRUNCATE {other}.scheduling_slot CASCADE",
        "SELECT * FROM {own}.accounts_user JOIN {other}.accounts_user AS theirs USING (email)",
    ],
)
def test_another_clinics_table_is_refused_even_by_its_full_name(
    clinic: Clinic, other_clinic: Clinic, statement: str
) -> None:
    with refused():
        run(statement.format(own=clinic.schema_name, other=other_clinic.schema_name))


def test_the_owner_can_read_what_a_clinics_role_cannot(clinics: tuple[Clinic, Clinic]) -> None:
    with owner_connection() as owner:
        found = owner.execute(f"SELECT email FROM {clinics[1].schema_name}.accounts_user").fetchall()

    assert found == [("admin@hudson.example",)]


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM public.accounts_user",
        "SELECT * FROM public.django_session",
        "SELECT * FROM public.accounts_auditentry",
        "SELECT clinic_id FROM public.tenants_queueline",
        "UPDATE public.tenants_queueline SET due_at = now()",
        "DELETE FROM public.tenants_queueline",
        "UPDATE public.tenants_clinic SET status = 'suspended'",
        "INSERT INTO public.tenants_domain (domain) VALUES ('a.example')",
        "SELECT * FROM public.tenants_blueprint",
        "SELECT open_clinic_schema('clinic_0123456789abcdef')",
        "SELECT drop_clinic_schema('clinic_0123456789abcdef')",
    ],
)
def test_a_clinics_role_cannot_use_the_platforms_tables(clinic: Clinic, statement: str) -> None:
    with refused():
        run(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (id integer)",
        "CREATE SCHEMA mine",
        "ALTER TABLE accounts_user ADD COLUMN more text",
        "DROP TABLE accounts_auditentry",
        "CREATE INDEX ON accounts_user (phone)",
        "ALTER TABLE accounts_auditentry OWNER TO CURRENT_USER",
        "CREATE ROLE mine",
        "SELECT grant_clinic_privileges('clinic_0123456789abcdef')",
        "UPDATE django_migrations SET name = ''",
    ],
)
@pytest.mark.parametrize("inside", [True, False], ids=["in a clinic", "on the platform"])
def test_only_the_owner_can_create_change_or_drop_tables(
    clinic: Clinic, statement: str, inside: bool
) -> None:
    if inside:
        with refused():
            run(statement)
    else:
        with enter_public(), refused():
            run(statement)


def test_the_application_cannot_change_the_blueprint(clinic: Clinic) -> None:
    with enter_public(), refused():
        run("UPDATE tenants_blueprint SET script = 'DROP SCHEMA public CASCADE'")


def test_the_application_owns_nothing(clinics: tuple[Clinic, Clinic]) -> None:
    with owner_connection() as owner:
        owners = owner.execute(TABLE_OWNERS).fetchall()
        assert owners == owner.execute("SELECT current_user").fetchall()


@pytest.mark.parametrize("inside", [True, False], ids=["in a clinic", "on the platform"])
def test_audit_entries_can_be_added_and_read_but_not_changed(clinic: Clinic, inside: bool) -> None:
    with enter_clinic(clinic) if inside else enter_public():
        user = make_user(User.Role.ADMIN if inside else User.Role.OPERATOR)
        AuditEntry.objects.create(
            what=AuditEntry.Action.SIGNED_IN, by=user, kind="user", record_id=str(user.pk)
        )

        assert len(AuditEntry.objects.filter(by=user)) == 1
        for change in (
            "UPDATE accounts_auditentry SET note = ''",
            "DELETE FROM accounts_auditentry",
            "TRUNCATE accounts_auditentry",
            "UPDATE accounts_auditbatch SET seal = ''",
            "DELETE FROM accounts_auditbatch",
        ):
            with refused():
                run(change)


@pytest.mark.parametrize(
    "name",
    [
        "public",
        "extensions",
        "clinic_template",
        "clinic_x",
        "clinic_0123456789ABCDEF",
        "pg_catalog",
        "",
        "a; --",
    ],
)
@pytest.mark.parametrize("change_schema", [create_schema, drop_schema])
def test_only_a_clinics_schema_can_be_created_or_dropped(
    clinic: Clinic, change_schema: Any, name: str
) -> None:
    refusal = pytest.raises(DatabaseError, match="Not the name of a clinic's schema")
    with enter_public(), refusal, transaction.atomic():
        change_schema(name)


def test_a_live_clinic_cannot_be_dropped(clinic: Clinic) -> None:
    with (
        enter_public(),
        pytest.raises(DatabaseError, match="Cannot drop the schema of a live clinic"),
        transaction.atomic(),
    ):
        drop_schema(clinic.schema_name)

    assert run("SELECT count(*) FROM accounts_user") == [(1,)]


def test_migrations_need_the_owners_login(db: None) -> None:
    with enter_public(), pytest.raises(ImproperlyConfigured, match="Set DB_OWNER_USER"):
        update_roles_and_grants()
