"""Add lanes to the queue, the state of circuit breakers, and when periodic tasks last ran."""

import django.db.models.functions.datetime
from django.db import migrations, models

import tenants.base.clock


class Migration(migrations.Migration):
    dependencies = [
        ("tenants", "0008_clinic_maintained_on"),
    ]

    operations = [
        migrations.CreateModel(
            name="CircuitBreaker",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        default=tenants.base.clock.now,
                        editable=False,
                    ),
                ),
                (
                    "updated_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        default=tenants.base.clock.now,
                        editable=False,
                    ),
                ),
                ("name", models.CharField(max_length=255, primary_key=True, serialize=False)),
                ("failures", models.PositiveIntegerField(default=0)),
                ("open_until", models.DateTimeField(null=True)),
                ("last_error", models.CharField(blank=True, db_default="", max_length=200)),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="PeriodicRun",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        default=tenants.base.clock.now,
                        editable=False,
                    ),
                ),
                (
                    "updated_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        default=tenants.base.clock.now,
                        editable=False,
                    ),
                ),
                ("name", models.CharField(max_length=100, primary_key=True, serialize=False)),
                ("last_run_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.AddField(
            model_name="queueline",
            name="lane",
            field=models.CharField(
                choices=[("work", "Work"), ("delivery", "Delivery")],
                db_default="work",
                default="work",
                max_length=8,
            ),
        ),
        migrations.AddIndex(
            model_name="queueline",
            index=models.Index(
                fields=["lane", "clinic_id", "due_at", "id"], name="queueline_by_lane_and_clinic"
            ),
        ),
        # Jobs that wait for other servers. Processes of the earlier version add more of them to the lane `work`,
        # whose workers run them as well.
        migrations.RunSQL(
            """
            UPDATE tenants_queueline SET updated_at = now(), lane = 'delivery'
            WHERE kind IN ('message', 'password_reset', 'invitation', 'email_verification', 'email_change',
                'email_change_requested', 'email_changed', 'account_closed')
            """,
            migrations.RunSQL.noop,
        ),
        # Jobs are deleted soon after they were added. Vacuum often, or claims read the dead rows.
        migrations.RunSQL(
            """
            ALTER TABLE tenants_queueline SET (
                autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500
            )
            """,
            "ALTER TABLE tenants_queueline RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold)",
        ),
    ]
