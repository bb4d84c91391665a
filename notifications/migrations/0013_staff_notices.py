"""The notices that members of staff have chosen."""

import uuid

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import tenants.base.clock


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0012_email_reports"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="StaffNotices",
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
                (
                    "booked",
                    models.CharField(
                        choices=[
                            ("each", "one email for each"),
                            ("digest", "in one email a day"),
                            ("off", "not at all"),
                        ],
                        max_length=6,
                        verbose_name="new appointments",
                    ),
                ),
                (
                    "cancelled",
                    models.CharField(
                        choices=[
                            ("each", "one email for each"),
                            ("digest", "in one email a day"),
                            ("off", "not at all"),
                        ],
                        max_length=6,
                        verbose_name="cancelled appointments",
                    ),
                ),
                (
                    "rescheduled",
                    models.CharField(
                        choices=[
                            ("each", "one email for each"),
                            ("digest", "in one email a day"),
                            ("off", "not at all"),
                        ],
                        max_length=6,
                        verbose_name="rescheduled appointments",
                    ),
                ),
                (
                    "offer_taken",
                    models.CharField(
                        choices=[
                            ("each", "one email for each"),
                            ("digest", "in one email a day"),
                            ("off", "not at all"),
                        ],
                        max_length=6,
                        verbose_name="waiting list offers accepted",
                    ),
                ),
                (
                    "attendance",
                    models.CharField(
                        choices=[
                            ("each", "one email for each"),
                            ("digest", "in one email a day"),
                            ("off", "not at all"),
                        ],
                        max_length=6,
                        verbose_name="patients who confirm that they will come",
                    ),
                ),
                (
                    "not_delivered",
                    models.CharField(
                        choices=[
                            ("each", "one email for each"),
                            ("digest", "in one email a day"),
                            ("off", "not at all"),
                        ],
                        max_length=6,
                        verbose_name="messages to patients that failed",
                    ),
                ),
                (
                    "digest_hour",
                    models.PositiveSmallIntegerField(
                        default=16,
                        help_text="A full hour from 4 to 22, by the clock of the place where the doctor works.",
                        validators=[
                            django.core.validators.MinValueValidator(4),
                            django.core.validators.MaxValueValidator(22),
                        ],
                        verbose_name="hour of the email with the changes of a day",
                    ),
                ),
                (
                    "day_schedule",
                    models.BooleanField(
                        default=False, verbose_name="the schedule of the day by email (doctors)"
                    ),
                ),
                (
                    "day_hour",
                    models.PositiveSmallIntegerField(
                        default=7,
                        help_text="A full hour from 4 to 22, by the clock of the place where the doctor works.",
                        validators=[
                            django.core.validators.MinValueValidator(4),
                            django.core.validators.MaxValueValidator(22),
                        ],
                        verbose_name="hour of the schedule",
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        limit_choices_to={"role__in": ["doctor", "admin", "receptionist"]},
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="staff_notices",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
            ],
            options={
                "verbose_name": "staff notices",
                "verbose_name_plural": "staff notices",
                "ordering": ["user"],
            },
        ),
    ]
