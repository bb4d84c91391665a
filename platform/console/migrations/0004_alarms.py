"""Alarms: problems of the installation of which operators are notified."""

import uuid

import django.db.models.functions.datetime
from django.db import migrations, models

import tenants.base.clock


class Migration(migrations.Migration):
    dependencies = [
        ("console", "0003_timestamps"),
    ]

    operations = [
        migrations.CreateModel(
            name="Alarm",
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
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("key", models.CharField(editable=False, max_length=200)),
                ("text", models.CharField(max_length=500, verbose_name="problem")),
                ("raised_at", models.DateTimeField(verbose_name="since")),
                ("cleared_at", models.DateTimeField(null=True, verbose_name="until")),
                ("told_at", models.DateTimeField(null=True, verbose_name="operators notified at")),
                (
                    "told_over_at",
                    models.DateTimeField(null=True, verbose_name="operators notified of the end at"),
                ),
            ],
            options={
                "verbose_name": "alarm",
                "verbose_name_plural": "alarms",
                "ordering": ["-raised_at", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("cleared_at", None)),
                        fields=("key",),
                        name="alarm_once_while_it_lasts",
                    )
                ],
            },
        ),
    ]
