"""Codes that are emailed to sign in or register with."""

import uuid

import django.db.models.functions.datetime
from django.db import migrations, models

import tenants.base.clock


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0020_user_language"),
    ]

    operations = [
        migrations.CreateModel(
            name="EmailCode",
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
                ("email", models.EmailField(max_length=254)),
                (
                    "language",
                    models.CharField(
                        blank=True,
                        choices=[("en", "English"), ("es", "Español"), ("de", "Deutsch"), ("ar", "العربية")],
                        db_default="",
                        max_length=2,
                    ),
                ),
                ("expires_at", models.DateTimeField(db_index=True)),
                ("attempts", models.PositiveSmallIntegerField(db_default=0, default=0)),
                ("sent_at", models.DateTimeField(null=True)),
                ("used_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["expires_at"],
            },
        ),
    ]
