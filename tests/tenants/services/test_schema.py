"""A schema created from the blueprint equals one created by migrations."""

import pytest
from django.core.management import call_command
from django.db import connection

from tenants.migrating.blueprint import TEMPLATE, store_blueprint
from tenants.migrating.rendering import PLACEHOLDER, RenderError, render_schema, script_for_schema
from tenants.models import Blueprint, Clinic
from tenants.services.schema import DatabaseNotMigrated, create_schema
from tests.factories.schema_catalog import describe_schema

pytestmark = pytest.mark.usefixtures("as_owner", "clinics", "db")

SCHEMA = "clinic_0123456789abcdef"


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.fixture
def trial() -> str:
    """Create a schema with one table."""
    run("CREATE SCHEMA clinic_trial; CREATE TABLE clinic_trial.visit (id bigint)")
    return "clinic_trial"


def test_a_schema_from_the_blueprint_equals_one_that_was_migrated() -> None:
    run("CREATE SCHEMA clinic_migrated")
    call_command("migrate_schemas", schema_name="clinic_migrated", interactive=False, verbosity=0)
    create_schema(SCHEMA)

    migrated, created = describe_schema("clinic_migrated"), describe_schema(SCHEMA)

    assert created == migrated
    assert len(created["columns"]) > 100
    assert {kind for _table, _name, kind, *_rest in created["constraints"]} >= {"p", "u", "f", "c", "x"}
    assert len(created["rows of django_content_type"]) > 10


def test_a_schema_rendered_from_one_that_was_rendered_is_the_same() -> None:
    create_schema(SCHEMA)

    run(script_for_schema(render_schema(SCHEMA), "clinic_again"))

    assert describe_schema("clinic_again") == describe_schema(SCHEMA)
    assert render_schema("clinic_again") == render_schema(SCHEMA)


def test_rendering_restores_the_search_path() -> None:
    render_schema(TEMPLATE)

    with connection.cursor() as cursor:
        cursor.execute("SHOW search_path")
        assert cursor.fetchone() == ('"public"',)


def test_the_blueprint_names_the_schema_by_the_placeholder_alone() -> None:
    script = Blueprint.objects.get().script

    assert TEMPLATE not in script
    assert script.count(PLACEHOLDER) > 100


def test_ids_continue_after_the_seeded_rows() -> None:
    create_schema(SCHEMA)

    run(f"INSERT INTO {SCHEMA}.django_content_type (app_label, model) VALUES ('trial', 'visit')")


def test_rendering_supports_features_that_no_model_uses(trial: str) -> None:
    run("""
        CREATE TABLE clinic_trial."Odd one" (
            id integer GENERATED ALWAYS AS IDENTITY,
            "Two words" text COLLATE "C" DEFAULT 'it''s' NOT NULL,
            doubled integer GENERATED ALWAYS AS (id * 2) STORED,
            kept bytea
        ) WITH (fillfactor=70);
        INSERT INTO clinic_trial."Odd one" ("Two words", kept)
        VALUES (E'a\\\\b\\n;%%s', '\\x00ff'), ('', NULL);
        CREATE UNIQUE INDEX ON clinic_trial."Odd one" (lower("Two words")) NULLS NOT DISTINCT WHERE id > 0;
    """)

    run(script_for_schema(render_schema(trial), "clinic_other"))

    other = describe_schema("clinic_other")
    assert other == describe_schema(trial)
    assert len(other["rows of Odd one"]) == 2


@pytest.mark.parametrize(
    ("statement", "objects"),
    [
        ("CREATE VIEW clinic_trial.seen AS SELECT 1", "view clinic_trial.seen"),
        ("CREATE MATERIALIZED VIEW clinic_trial.seen AS SELECT 1", "materialized view clinic_trial.seen"),
        ("CREATE FUNCTION clinic_trial.f() RETURNS int RETURN 1", "function clinic_trial.f()"),
        (
            "CREATE TRIGGER t BEFORE UPDATE ON clinic_trial.visit "
            "FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
            "trigger t on table clinic_trial.visit",
        ),
        (
            "CREATE RULE r AS ON DELETE TO clinic_trial.visit DO INSTEAD NOTHING",
            "rule r on table clinic_trial.visit",
        ),
        ("CREATE TYPE clinic_trial.mood AS ENUM ('well')", "type clinic_trial.mood"),
        ("CREATE SEQUENCE clinic_trial.numbers", "sequence numbers"),
        (
            "ALTER TABLE clinic_trial.visit ALTER id SET NOT NULL, "
            "ALTER id ADD GENERATED ALWAYS AS IDENTITY (START 7)",
            "sequence visit_id_seq",
        ),
        ("CREATE UNLOGGED TABLE clinic_trial.lost (id int)", "table clinic_trial.lost"),
        (
            "CREATE STATISTICS clinic_trial.s ON id, (id + 1) FROM clinic_trial.visit",
            "statistics object clinic_trial.s",
        ),
        ("COMMENT ON COLUMN clinic_trial.visit.id IS 'words'", "comment on visit"),
        ("CREATE TABLE clinic_trial.child () INHERITS (clinic_trial.visit)", "inheritance of child"),
        ("ALTER TABLE clinic_trial.visit ENABLE ROW LEVEL SECURITY", "table clinic_trial.visit"),
        (
            "ALTER TABLE clinic_trial.visit ADD CONSTRAINT f FOREIGN KEY (id) REFERENCES tenants_queueline",
            "foreign key out of the schema f",
        ),
    ],
)
def test_rendering_refuses_objects_that_the_script_would_lose(
    trial: str, statement: str, objects: str
) -> None:
    run(statement)

    with pytest.raises(RenderError) as refused:
        render_schema(trial)

    assert str(refused.value) == f"clinic_trial contains objects that its script would lose: {objects}"


def test_create_schema_refuses_without_a_blueprint() -> None:
    Blueprint.objects.all().delete()

    with pytest.raises(DatabaseNotMigrated):
        create_schema(SCHEMA)


def test_create_schema_refuses_a_blueprint_that_lacks_a_migration_of_the_code() -> None:
    blueprint = Blueprint.objects.get()
    blueprint.migrations.remove("accounts.0001_initial")
    blueprint.save()

    with pytest.raises(DatabaseNotMigrated):
        create_schema(SCHEMA)


def test_create_schema_accepts_a_blueprint_that_is_ahead_of_the_code() -> None:
    blueprint = Blueprint.objects.get()
    blueprint.migrations.append("accounts.9999_of_the_next_version")
    blueprint.save()

    create_schema(SCHEMA)


def test_the_template_is_not_a_clinic() -> None:
    assert not Clinic.objects.filter(schema_name=TEMPLATE).exists()


def test_store_blueprint_keeps_a_blueprint_that_is_up_to_date() -> None:
    before = Blueprint.objects.get()

    store_blueprint()

    assert Blueprint.objects.get().made_at == before.made_at


def test_store_blueprint_replaces_an_outdated_blueprint() -> None:
    before = Blueprint.objects.get()
    run(f"ALTER TABLE {TEMPLATE}.scheduling_slot ADD colour text")

    store_blueprint()

    after = Blueprint.objects.get()
    assert "colour text" in after.script
    assert after.made_at > before.made_at
