"""Outside calendars of doctors, and the periods in which they are busy there."""

import uuid

import django.contrib.postgres.constraints
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import tenants.base.clock


class Migration(migrations.Migration):
    dependencies = [
        ("clinics", "0012_patient_time_zone"),
        ("scheduling", "0013_visits_in_progress"),
    ]

    operations = [
        migrations.CreateModel(
            name="OutsideCalendar",
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
                    "kind",
                    models.CharField(
                        choices=[("ics", "calendar link"), ("caldav", "CalDAV calendar")],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("host", models.CharField(max_length=253, verbose_name="host")),
                ("stored_address", models.TextField(editable=False)),
                ("stored_login", models.TextField(blank=True, editable=False)),
                ("etag", models.CharField(blank=True, editable=False, max_length=200)),
                ("last_modified", models.CharField(blank=True, editable=False, max_length=100)),
                ("digest", models.CharField(blank=True, editable=False, max_length=64)),
                ("covers_until", models.DateTimeField(editable=False, null=True)),
                ("read_at", models.DateTimeField(editable=False, null=True, verbose_name="last read")),
                ("attempted_at", models.DateTimeField(editable=False, null=True)),
                ("attempt_ended_at", models.DateTimeField(editable=False, null=True)),
                ("next_read_at", models.DateTimeField(editable=False, null=True)),
                ("failures", models.PositiveIntegerField(default=0, editable=False)),
                ("failing_since", models.DateTimeField(editable=False, null=True)),
                ("doctor_notified_at", models.DateTimeField(editable=False, null=True)),
                (
                    "problem",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not_allowed", "The address is not one that the clinic may read."),
                            ("not_reached", "The server did not answer in time."),
                            (
                                "refused",
                                "The server refused access. The link or the password may have changed.",
                            ),
                            ("not_found", "There is no calendar at this address any more."),
                            ("no_calendar", "The answer is not a calendar."),
                            ("too_large", "The calendar is too large to be read."),
                            (
                                "enter_again",
                                "The stored address cannot be read. Remove the calendar and add it again.",
                            ),
                        ],
                        editable=False,
                        max_length=12,
                    ),
                ),
                (
                    "doctor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="outside_calendars",
                        to="clinics.doctor",
                        verbose_name="doctor",
                    ),
                ),
            ],
            options={
                "verbose_name": "outside calendar",
                "verbose_name_plural": "outside calendars",
                "ordering": ["name", "id"],
            },
        ),
        migrations.CreateModel(
            name="BusyPeriod",
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
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                (
                    "doctor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="clinics.doctor"
                    ),
                ),
                (
                    "calendar",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="busy_periods",
                        to="scheduling.outsidecalendar",
                    ),
                ),
            ],
            options={
                "ordering": ["starts_at", "id"],
            },
        ),
        migrations.AddConstraint(
            model_name="outsidecalendar",
            constraint=models.UniqueConstraint(
                fields=("doctor", "name"), name="outsidecalendar_name_is_used_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="busyperiod",
            constraint=models.CheckConstraint(
                condition=models.Q(("starts_at__lt", models.F("ends_at"))),
                name="busyperiod_ends_after_it_starts",
            ),
        ),
        migrations.AddConstraint(
            model_name="busyperiod",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("doctor", "="),
                    (models.Func(models.F("starts_at"), models.F("ends_at"), function="tstzrange"), "&&"),
                    ("calendar", "="),
                ],
                name="busyperiod_no_overlap_in_its_calendar",
            ),
        ),
    ]
