"""Creates the database roles and grants their privileges. The owner's login runs this after each migration.

There are three kinds of role (PostgreSQL's documentation, chapter 21). The *owner* owns all schemas and
tables; only migrations use it. The *application's login* owns nothing, cannot create anything, and works in
`public`. Each *clinic's role* has the name of the clinic's schema and works in that schema only. The
application's login switches to a clinic's role while it serves the clinic.

So Postgres rejects a query that names another clinic's table. This protects against our own mistakes only:
anybody who can run any SQL as the application's login can also switch to every clinic's role.
"""

import psycopg
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from psycopg import sql
from psycopg.conninfo import make_conninfo

from tenants.migrating.rendering import PLACEHOLDER

_CREATE_ROLE = """
DO $body$ BEGIN
    IF to_regrole({literal}) IS NULL THEN
        CREATE ROLE {role} {options};
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL;  -- created concurrently by another database of this server; they share roles
END $body$
"""

_GRANTS_IN_PUBLIC = """
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public, extensions TO {app}, {clinics};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {app};
GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {app};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO {app};
REVOKE UPDATE, DELETE ON public.accounts_auditentry, public.accounts_auditbatch FROM {app};
REVOKE INSERT, UPDATE, DELETE ON public.django_migrations FROM {app};
-- Clinics are created from the blueprint and migrated from the recordings with the owner's privileges.
REVOKE INSERT, UPDATE, DELETE ON public.tenants_blueprint, public.tenants_recording FROM {app};
-- A clinic's role may read the host map and add jobs to the queue, but not read the jobs of other clinics.
GRANT SELECT ON public.tenants_clinic, public.tenants_domain TO {clinics};
GRANT INSERT, SELECT (id) ON public.tenants_queueline TO {clinics};
"""

_FUNCTIONS = """
CREATE OR REPLACE FUNCTION public.grant_clinic_privileges(name text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
    IF to_regrole(quote_ident(name)) IS NULL THEN
        EXECUTE format('CREATE ROLE %I NOLOGIN', name);
    END IF;
    -- Grant on existing tables and, as default privileges, on tables that migrations add later. Audit entries
    -- and batches of them can be inserted only.
    EXECUTE replace($statements$
        GRANT {clinics} TO "<clinic>";
        GRANT "<clinic>" TO {app};
        GRANT USAGE ON SCHEMA "<clinic>" TO "<clinic>";
        GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "<clinic>" TO "<clinic>";
        GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA "<clinic>" TO "<clinic>";
        ALTER DEFAULT PRIVILEGES IN SCHEMA "<clinic>"
            GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "<clinic>";
        ALTER DEFAULT PRIVILEGES IN SCHEMA "<clinic>" GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO "<clinic>";
        REVOKE UPDATE, DELETE ON "<clinic>".accounts_auditentry, "<clinic>".accounts_auditbatch
            FROM "<clinic>";
        REVOKE INSERT, UPDATE, DELETE ON "<clinic>".django_migrations FROM "<clinic>";
    $statements$, '<clinic>', name);
END $body$;

CREATE OR REPLACE FUNCTION public.check_clinic_schema_name(name text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
    IF name IS NULL OR name !~ '^clinic_[0-9a-f]{{16}}$' THEN
        RAISE EXCEPTION 'Not the name of a clinic''s schema: %', name
            USING ERRCODE = 'invalid_schema_name';
    END IF;
END $body$;

-- SECURITY DEFINER: it runs with the owner's privileges, and the fixed search_path prevents hijacking.
CREATE OR REPLACE FUNCTION public.open_clinic_schema(name text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
DECLARE
    statements text;
BEGIN
    PERFORM public.check_clinic_schema_name(name);
    SELECT replace(script, {placeholder}, quote_ident(name)) INTO STRICT statements
        FROM public.tenants_blueprint;
    EXECUTE statements;
    PERFORM public.grant_clinic_privileges(name);
END $body$;

CREATE OR REPLACE FUNCTION public.drop_clinic_schema(name text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
    PERFORM public.check_clinic_schema_name(name);
    IF EXISTS (
        SELECT FROM public.tenants_clinic AS clinic
        WHERE clinic.schema_name = drop_clinic_schema.name AND clinic.status = 'live'
    ) THEN
        RAISE EXCEPTION 'Cannot drop the schema of a live clinic: %', name USING ERRCODE = 'object_in_use';
    END IF;
    EXECUTE format('DROP SCHEMA IF EXISTS %I CASCADE', name);
    BEGIN
        EXECUTE format('DROP ROLE IF EXISTS %I', name);
    EXCEPTION WHEN dependent_objects_still_exist THEN
        RAISE NOTICE 'Keeping the role %: another database of this server uses it as well.', name;
    END;
END $body$;

-- The former name of grant_clinic_privileges
DROP FUNCTION IF EXISTS public.wall_in_clinic_schema(text);

-- Functions are executable by everybody unless revoked.
REVOKE ALL ON FUNCTION public.grant_clinic_privileges(text), public.check_clinic_schema_name(text),
    public.open_clinic_schema(text), public.drop_clinic_schema(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.open_clinic_schema(text), public.drop_clinic_schema(text) TO {app};
"""

_CLINICS_WITHOUT_GRANTS = """
SELECT DISTINCT schema_name FROM public.tenants_clinic
JOIN pg_namespace ON nspname = schema_name
JOIN pg_class ON relnamespace = pg_namespace.oid
WHERE relkind = 'r' AND (
    relacl IS NULL
    -- A migration has added this table, so the role got the default privileges.
    OR relname = 'accounts_auditbatch'
        AND has_table_privilege(to_regrole(quote_ident(schema_name))::oid, pg_class.oid, 'UPDATE')
)
ORDER BY schema_name
"""
"""Clinics with a table without any grants (created before roles existed, or cloned by hand), or too many."""


@transaction.atomic
def update_roles_and_grants() -> None:
    """Create the roles and grant their privileges. It can run repeatedly.

    :raises ImproperlyConfigured: the current login is the application's, not an owner's
    """
    app = settings.DB_APP_USER
    if connection.settings_dict["USER"] == app:
        raise ImproperlyConfigured(
            "Migrations need the login of the owner of all tables. Set DB_OWNER_USER and DB_OWNER_PASSWORD "
            "for this process. DB_USER is the login of web and workers; migrations create it if needed."
        )
    clinic_group = f"{app}_clinic"
    names = {"app": sql.Identifier(app), "clinics": sql.Identifier(clinic_group)}
    with connection.cursor() as cursor:
        _set_up_login(cursor, app, settings.DB_APP_PASSWORD)
        _create_role(cursor, clinic_group, "NOLOGIN")
        cursor.execute(sql.SQL(_GRANTS_IN_PUBLIC).format(**names))
        cursor.execute(sql.SQL(_FUNCTIONS).format(**names, placeholder=sql.Literal(PLACEHOLDER)))
        cursor.execute(_CLINICS_WITHOUT_GRANTS)
        for (schema,) in cursor.fetchall():
            cursor.execute("SELECT public.grant_clinic_privileges(%s)", [schema])


def _create_role(cursor: CursorWrapper, name: str, options: str) -> None:
    role = {"role": sql.Identifier(name), "literal": sql.Literal(f'"{name}"')}
    cursor.execute(sql.SQL(_CREATE_ROLE).format(**role, options=sql.SQL(options)))


def _set_up_login(cursor: CursorWrapper, app: str, password: str) -> None:
    """Create the application's login, or set the password that the application uses now."""
    _create_role(cursor, app, "LOGIN NOINHERIT")
    if _login_works():
        return
    # Send the SCRAM verifier instead of the password, so that the password cannot end up in Postgres' log.
    verifier = cursor.connection.pgconn.encrypt_password(password.encode(), app.encode(), b"scram-sha-256")
    change = sql.SQL("ALTER ROLE {} LOGIN NOINHERIT PASSWORD {}")
    cursor.execute(change.format(sql.Identifier(app), sql.Literal(verifier.decode())))


def _login_works() -> bool:
    """Return whether the application's login works already, so that it need not be changed."""
    params = connection.get_connection_params()
    address = make_conninfo(
        host=params["host"],
        port=params["port"],
        dbname=params["dbname"],
        user=settings.DB_APP_USER,
        password=settings.DB_APP_PASSWORD,
    )
    try:
        psycopg.connect(address, connect_timeout=3).close()
    except psycopg.OperationalError:
        return False
    return True
