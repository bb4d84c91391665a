"""The home page, opening hours, pictures and legal pages of a clinic; qualifications of doctors."""

import datetime
import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import tenants.base.clock


class Migration(migrations.Migration):
    dependencies = [
        ("clinics", "0015_doctor_photo"),
    ]

    operations = [
        migrations.CreateModel(
            name="ClinicPicture",
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
                    "kind",
                    models.CharField(
                        choices=[("logo", "Logo"), ("icon", "Icon"), ("photo", "Picture of the clinic")],
                        max_length=10,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("digest", models.CharField(max_length=32)),
                ("width", models.PositiveIntegerField()),
                ("height", models.PositiveIntegerField()),
                ("file", models.BinaryField()),
            ],
            options={
                "ordering": ["kind"],
            },
        ),
        migrations.AddField(
            model_name="clinicsettings",
            name="pictures",
            field=models.JSONField(db_default={}, default=dict, editable=False),
        ),
        migrations.AddField(
            model_name="doctor",
            name="qualification",
            field=models.CharField(
                blank=True,
                db_default="",
                help_text="Shown after the name, for example MBBS, MRCGP.",
                max_length=120,
                verbose_name="qualifications",
            ),
        ),
        migrations.CreateModel(
            name="HomePage",
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
                    models.PositiveSmallIntegerField(
                        default=1, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "heading",
                    models.CharField(
                        blank=True,
                        help_text="The large text at the top. Leave empty for “Welcome to” and the clinic's name.",
                        max_length=120,
                        verbose_name="heading",
                    ),
                ),
                (
                    "welcome",
                    models.TextField(
                        blank=True,
                        help_text="Who you are and whom you care for. An empty line starts a paragraph. You can write **bold**, lists with - and links.",
                        max_length=3000,
                        verbose_name="welcome text",
                    ),
                ),
                (
                    "urgent_note",
                    models.TextField(
                        blank=True,
                        help_text="What people should do in an emergency, and when the clinic is closed.",
                        max_length=1000,
                        verbose_name="urgent care",
                    ),
                ),
                (
                    "hours_note",
                    models.CharField(
                        blank=True,
                        help_text="For example: Closed on public holidays.",
                        max_length=200,
                        verbose_name="note about opening hours",
                    ),
                ),
                (
                    "directions",
                    models.TextField(
                        blank=True,
                        help_text="Public transport, parking and access without steps.",
                        max_length=1000,
                        verbose_name="how to get to the main address",
                    ),
                ),
                (
                    "picture_description",
                    models.CharField(
                        blank=True,
                        help_text="For people who cannot see the picture. Leave empty if it is only decoration.",
                        max_length=200,
                        verbose_name="description of the picture",
                    ),
                ),
                ("shows_team", models.BooleanField(default=True, verbose_name="show the team")),
            ],
            options={
                "verbose_name": "home page",
                "verbose_name_plural": "home page",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="homepage_is_one_row")
                ],
            },
        ),
        migrations.CreateModel(
            name="LegalPages",
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
                    models.PositiveSmallIntegerField(
                        default=1, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("privacy", models.TextField(blank=True, max_length=20000, verbose_name="privacy notice")),
                (
                    "accessibility",
                    models.TextField(blank=True, max_length=20000, verbose_name="accessibility statement"),
                ),
                ("terms", models.TextField(blank=True, max_length=20000, verbose_name="terms of use")),
                ("privacy_changed_on", models.DateField(blank=True, editable=False, null=True)),
                ("accessibility_changed_on", models.DateField(blank=True, editable=False, null=True)),
                ("terms_changed_on", models.DateField(blank=True, editable=False, null=True)),
            ],
            options={
                "verbose_name": "legal pages",
                "verbose_name_plural": "legal pages",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="legalpages_is_one_row")
                ],
            },
        ),
        migrations.CreateModel(
            name="OpeningHours",
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
                    "weekday",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "Monday"),
                            (1, "Tuesday"),
                            (2, "Wednesday"),
                            (3, "Thursday"),
                            (4, "Friday"),
                            (5, "Saturday"),
                            (6, "Sunday"),
                        ],
                        verbose_name="weekday",
                    ),
                ),
                ("opens", models.TimeField(verbose_name="opens")),
                ("closes", models.TimeField(help_text="Enter 00:00 for midnight.", verbose_name="closes")),
                (
                    "home_page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="opening_hours",
                        to="clinics.homepage",
                    ),
                ),
            ],
            options={
                "verbose_name": "opening hours",
                "verbose_name_plural": "opening hours",
                "ordering": ["weekday", "opens"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closes__gt", models.F("opens")),
                            ("closes", datetime.time(0, 0)),
                            _connector="OR",
                        ),
                        name="openinghours_close_after_opening",
                        violation_error_message="The closing time must be after the opening time.",
                    )
                ],
            },
        ),
    ]
