"""Notes of doctors about visits, and reasons that only staff read."""

import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import tenants.base.clock


class Migration(migrations.Migration):
    dependencies = [
        ("scheduling", "0014_outside_calendars"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="bookingevent",
            name="private_note",
            field=models.TextField(blank=True, db_default="", verbose_name="private note"),
        ),
        migrations.CreateModel(
            name="VisitNote",
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
                ("version", models.PositiveIntegerField(verbose_name="version")),
                ("text", models.TextField(blank=True, verbose_name="text")),
                (
                    "booking",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visit_notes",
                        to="scheduling.booking",
                        verbose_name="booking",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "visit note",
                "verbose_name_plural": "visit notes",
                "ordering": ["booking", "version"],
                "constraints": [
                    models.UniqueConstraint(fields=("booking", "version"), name="visitnote_one_per_version")
                ],
            },
        ),
    ]
