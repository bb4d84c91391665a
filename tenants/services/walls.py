"""Who may touch what in the database. Run by the owner's login whenever it has migrated.

There are three kinds of role (PostgreSQL's documentation, chapter 21). The *owner* owns every schema and
table and is used by migrations only. The *application's login* owns nothing, makes nothing, and works in
`public`. Each *clinic's role*, named like its schema, works there and nowhere else; the application's login
takes it on for as long as it serves the clinic.

So a query that names another clinic's table is refused by Postgres. This is a wall against our own mistakes:
who can run any statement as the application's login can also take on every clinic's role.
"""

import psycopg
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from psycopg import sql
from psycopg.conninfo import make_conninfo

from tenants.migrating.rendering import PLACEHOLDER

NEW_ROLE = """
DO $body$ BEGIN
    IF to_regrole({literal}) IS NULL THEN
        CREATE ROLE {role} {options};
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL;  -- another database of this server was faster; roles belong to the server
END $body$
"""

IN_PUBLIC = """
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public, extensions TO {app}, {every};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {app};
GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {app};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO {app};
REVOKE UPDATE, DELETE ON public.accounts_auditentry FROM {app};
REVOKE INSERT, UPDATE, DELETE ON public.django_migrations FROM {app};
-- What is opened from the one, and repeated from the other, is done as the owner.
REVOKE INSERT, UPDATE, DELETE ON public.tenants_blueprint, public.tenants_recording FROM {app};
-- Inside a clinic one may see where clinics are, and leave a line of work; not read the others' lines.
GRANT SELECT ON public.tenants_clinic, public.tenants_domain TO {every};
GRANT INSERT, SELECT (id) ON public.tenants_queueline TO {every};
"""

FUNCTIONS = """
CREATE OR REPLACE FUNCTION public.wall_in_clinic_schema(name text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
    IF to_regrole(quote_ident(name)) IS NULL THEN
        EXECUTE format('CREATE ROLE %I NOLOGIN', name);
    END IF;
    EXECUTE replace($statements$
        GRANT {every} TO "<clinic>";
        GRANT "<clinic>" TO {app};
        GRANT USAGE ON SCHEMA "<clinic>" TO "<clinic>";
        GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "<clinic>" TO "<clinic>";
        GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA "<clinic>" TO "<clinic>";
        ALTER DEFAULT PRIVILEGES IN SCHEMA "<clinic>"
            GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "<clinic>";
        ALTER DEFAULT PRIVILEGES IN SCHEMA "<clinic>" GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO "<clinic>";
        REVOKE UPDATE, DELETE ON "<clinic>".accounts_auditentry FROM "<clinic>";
        REVOKE INSERT, UPDATE, DELETE ON "<clinic>".django_migrations FROM "<clinic>";
    $statements$, '<clinic>', name);
END $body$;

CREATE OR REPLACE FUNCTION public.check_clinic_schema_name(name text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
    IF name IS NULL OR name !~ '^clinic_[0-9a-f]{{16}}$' THEN
        RAISE EXCEPTION 'This is not the name of a clinic''s schema: %', name
            USING ERRCODE = 'invalid_schema_name';
    END IF;
END $body$;

CREATE OR REPLACE FUNCTION public.open_clinic_schema(name text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
DECLARE
    statements text;
BEGIN
    PERFORM public.check_clinic_schema_name(name);
    SELECT replace(script, {placeholder}, quote_ident(name)) INTO STRICT statements
        FROM public.tenants_blueprint;
    EXECUTE statements;
    PERFORM public.wall_in_clinic_schema(name);
END $body$;

CREATE OR REPLACE FUNCTION public.drop_clinic_schema(name text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
    PERFORM public.check_clinic_schema_name(name);
    IF EXISTS (
        SELECT FROM public.tenants_clinic AS clinic
        WHERE clinic.schema_name = drop_clinic_schema.name AND clinic.status = 'live'
    ) THEN
        RAISE EXCEPTION 'A clinic that is live is not dropped: %', name USING ERRCODE = 'object_in_use';
    END IF;
    EXECUTE format('DROP SCHEMA IF EXISTS %I CASCADE', name);
    BEGIN
        EXECUTE format('DROP ROLE IF EXISTS %I', name);
    EXCEPTION WHEN dependent_objects_still_exist THEN
        RAISE NOTICE 'The role % stays: another database of this server knows it too.', name;
    END;
END $body$;

REVOKE ALL ON FUNCTION public.wall_in_clinic_schema(text), public.check_clinic_schema_name(text),
    public.open_clinic_schema(text), public.drop_clinic_schema(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.open_clinic_schema(text), public.drop_clinic_schema(text) TO {app};
"""

UNWALLED = """
SELECT DISTINCT schema_name FROM public.tenants_clinic
JOIN pg_namespace ON nspname = schema_name
JOIN pg_class ON relnamespace = pg_namespace.oid
WHERE relkind = 'r' AND relacl IS NULL
ORDER BY schema_name
"""
"""Clinics with a table that nobody was ever let in to: from before the walls, or from a clone by hand."""


@transaction.atomic
def raise_walls() -> None:
    """Make the roles, and give each what it may do. Again and again: what is right stays as it is.

    :raises ImproperlyConfigured: this process does not know an owner's login apart from the application's
    """
    app = settings.DB_APP_USER
    if connection.settings_dict["USER"] == app:
        raise ImproperlyConfigured(
            "Migrations run as the owner of all tables, which web and workers must not be: set DB_OWNER_USER "
            "and DB_OWNER_PASSWORD for this process. DB_USER is the others' login; it is made if need be."
        )
    every = f"{app}_clinic"
    names = {"app": sql.Identifier(app), "every": sql.Identifier(every)}
    with connection.cursor() as cursor:
        _let_in(cursor, app, settings.DB_APP_PASSWORD)
        _make_role(cursor, every, "NOLOGIN")
        cursor.execute(sql.SQL(IN_PUBLIC).format(**names))
        cursor.execute(sql.SQL(FUNCTIONS).format(**names, placeholder=sql.Literal(PLACEHOLDER)))
        cursor.execute(UNWALLED)
        for (schema,) in cursor.fetchall():
            cursor.execute("SELECT public.wall_in_clinic_schema(%s)", [schema])


def _make_role(cursor: CursorWrapper, name: str, options: str) -> None:
    role = {"role": sql.Identifier(name), "literal": sql.Literal(f'"{name}"')}
    cursor.execute(sql.SQL(NEW_ROLE).format(**role, options=sql.SQL(options)))


def _let_in(cursor: CursorWrapper, app: str, password: str) -> None:
    """Make the application's login, or give it the password that the application has now."""
    _make_role(cursor, app, "LOGIN NOINHERIT")
    if _gets_in():
        return
    # Only what Postgres keeps of a password is sent, so that none of its logs can have the word itself.
    kept = cursor.connection.pgconn.encrypt_password(password.encode(), app.encode(), b"scram-sha-256")
    change = sql.SQL("ALTER ROLE {} LOGIN NOINHERIT PASSWORD {}")
    cursor.execute(change.format(sql.Identifier(app), sql.Literal(kept.decode())))


def _gets_in() -> bool:
    """Whether the application's login works already. The owner's then need not change it."""
    ours = connection.get_connection_params()
    address = make_conninfo(
        host=ours["host"],
        port=ours["port"],
        dbname=ours["dbname"],
        user=settings.DB_APP_USER,
        password=settings.DB_APP_PASSWORD,
    )
    try:
        psycopg.connect(address, connect_timeout=3).close()
    except psycopg.OperationalError:
        return False
    return True
