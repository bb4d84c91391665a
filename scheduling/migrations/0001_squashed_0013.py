"""Migrations 1 to 13 in one, for new databases. Databases that have those keep them."""

import uuid

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import clinics.planning
import clinics.reminder_offsets
import scheduling.models.clock_field
import scheduling.models.time_off
import tenants.base.clock


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("scheduling", "0001_initial"),
        ("scheduling", "0002_closings"),
        ("scheduling", "0003_visits_and_time_off"),
        ("scheduling", "0004_holiday_exceptions"),
        ("scheduling", "0005_texts"),
        ("scheduling", "0006_timestamps"),
        ("scheduling", "0007_hours_overlap_by_place"),
        ("scheduling", "0008_withdrawn_offers"),
        ("scheduling", "0009_booking_version"),
        ("scheduling", "0010_visit_type_messages"),
        ("scheduling", "0011_attendance_confirmed"),
        ("scheduling", "0012_message_details"),
        ("scheduling", "0013_visits_in_progress"),
    ]

    dependencies = [
        ("clinics", "0012_patient_time_zone"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Chain",
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
                ("name", models.CharField(max_length=80, unique=True, verbose_name="name")),
                ("description", models.TextField(blank=True, verbose_name="description for patients")),
                ("is_active", models.BooleanField(default=True, verbose_name="can be booked")),
            ],
            options={
                "verbose_name": "visit sequence",
                "verbose_name_plural": "visit sequences",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Closing",
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
                ("email", models.EmailField(max_length=254, verbose_name="email address")),
            ],
            options={
                "verbose_name": "closed account",
                "verbose_name_plural": "closed accounts",
                "ordering": ["created_at"],
            },
        ),
        migrations.CreateModel(
            name="HolidayChoice",
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
                ("day", models.DateField(unique=True, verbose_name="day")),
                (
                    "is_open",
                    models.BooleanField(
                        default=True,
                        help_text="Tick to open on a public holiday. Leave unticked to close on a day that is not one.",
                        verbose_name="open",
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=80, verbose_name="name")),
            ],
            options={
                "verbose_name": "holiday exception",
                "verbose_name_plural": "holiday exceptions",
                "ordering": ["day"],
            },
        ),
        migrations.CreateModel(
            name="NextOpen",
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
                    "doctor",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="next_open",
                        serialize=False,
                        to="clinics.doctor",
                    ),
                ),
                ("starts_at", models.DateTimeField(db_index=True, null=True)),
            ],
            options={
                "ordering": ["starts_at"],
            },
        ),
        migrations.CreateModel(
            name="Place",
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
                ("name", models.CharField(max_length=120, unique=True, verbose_name="name")),
                ("address", models.TextField(blank=True, verbose_name="address")),
                ("phone", models.CharField(blank=True, max_length=32, verbose_name="telephone")),
                (
                    "time_zone",
                    models.CharField(
                        help_text="For example Europe/London.",
                        max_length=64,
                        validators=[tenants.base.clock.validate_time_zone],
                        verbose_name="time zone",
                    ),
                ),
                ("is_active", models.BooleanField(db_default=True, default=True, verbose_name="in use")),
            ],
            options={
                "verbose_name": "place",
                "verbose_name_plural": "places",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Booking",
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
                ("starts_at", models.DateTimeField(verbose_name="start")),
                ("ends_at", models.DateTimeField(verbose_name="end")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("HELD", "held"),
                            ("PENDING", "awaiting approval"),
                            ("CONFIRMED", "confirmed"),
                            ("CHECKED_IN", "checked in"),
                            ("IN_PROGRESS", "in progress"),
                            ("COMPLETED", "completed"),
                            ("CANCELLED", "cancelled"),
                            ("NO_SHOW", "no-show"),
                        ],
                        default="CONFIRMED",
                        max_length=12,
                        verbose_name="status",
                    ),
                ),
                ("reason", models.TextField(blank=True, verbose_name="reason for the visit")),
                (
                    "answers",
                    models.JSONField(blank=True, db_default=[], default=list, verbose_name="answers"),
                ),
                ("busy_from", models.DateTimeField(blank=True, editable=False, null=True)),
                ("busy_until", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "overbooked",
                    models.BooleanField(
                        db_default=False, default=False, editable=False, verbose_name="double booking"
                    ),
                ),
                (
                    "held_until",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="held until"),
                ),
                ("only_held", models.BooleanField(db_default=False, default=False, editable=False)),
                ("offset_minutes", models.SmallIntegerField(blank=True, editable=False, null=True)),
                ("cancelled_at", models.DateTimeField(blank=True, null=True, verbose_name="cancelled at")),
                (
                    "attendance_confirmed_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="patient will come, said at"
                    ),
                ),
                ("version", models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                (
                    "doctor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bookings",
                        to="clinics.doctor",
                        verbose_name="doctor",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bookings",
                        to="clinics.patient",
                        verbose_name="patient",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="scheduling.place",
                        verbose_name="place",
                    ),
                ),
            ],
            options={
                "verbose_name": "booking",
                "verbose_name_plural": "bookings",
                "ordering": ["starts_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="BookingEvent",
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
                        choices=[
                            ("held", "held"),
                            ("released", "hold released"),
                            ("booked", "booked"),
                            ("confirmed", "confirmed"),
                            ("rescheduled", "rescheduled"),
                            ("details_changed", "details changed"),
                            ("cancelled", "cancelled"),
                            ("checked_in", "checked in"),
                            ("started", "started"),
                            ("completed", "completed"),
                            ("reopened", "last step undone"),
                            ("no_show", "no-show"),
                            ("attendance_confirmed", "patient will come"),
                            ("answered", "questions answered"),
                        ],
                        max_length=24,
                        verbose_name="event",
                    ),
                ),
                ("note", models.TextField(blank=True, verbose_name="note")),
                ("details", models.JSONField(db_default={}, default=dict, editable=False)),
                (
                    "booking",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="scheduling.booking",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "event",
                "verbose_name_plural": "events",
                "ordering": ["created_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="DatedException",
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
                ("day", models.DateField(verbose_name="day")),
                (
                    "slot_minutes",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(5),
                            django.core.validators.MaxValueValidator(480),
                        ],
                        verbose_name="appointment length (minutes)",
                    ),
                ),
                (
                    "doctor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="exceptions",
                        to="clinics.doctor",
                        verbose_name="doctor",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="scheduling.place",
                        verbose_name="place",
                    ),
                ),
            ],
            options={
                "verbose_name": "exception to working hours",
                "verbose_name_plural": "exceptions to working hours",
                "ordering": ["day"],
            },
        ),
        migrations.CreateModel(
            name="Room",
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
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("is_active", models.BooleanField(db_default=True, default=True, verbose_name="in use")),
                (
                    "place",
                    models.ForeignKey(
                        blank=True,
                        help_text="Leave empty for the clinic's main address.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rooms",
                        to="scheduling.place",
                        verbose_name="place",
                    ),
                ),
            ],
            options={
                "verbose_name": "room",
                "verbose_name_plural": "rooms",
                "ordering": ["name", "id"],
            },
        ),
        migrations.AddField(
            model_name="booking",
            name="room",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="scheduling.room",
                verbose_name="room",
            ),
        ),
        migrations.CreateModel(
            name="Series",
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
                ("first_on", models.DateField(verbose_name="first day")),
                ("clock", scheduling.models.clock_field.ClockField(verbose_name="time")),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("week", "weeks"),
                            ("month_day", "months, on the same day of the month"),
                            ("month_weekday", "months, on the same weekday of the month"),
                        ],
                        max_length=16,
                        verbose_name="repeats by",
                    ),
                ),
                (
                    "every",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(12),
                        ],
                        verbose_name="weeks or months between visits",
                    ),
                ),
                (
                    "count",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(2),
                            django.core.validators.MaxValueValidator(52),
                        ],
                        verbose_name="number of visits",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="created by",
                    ),
                ),
                (
                    "doctor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="series",
                        to="clinics.doctor",
                        verbose_name="doctor",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="series",
                        to="clinics.patient",
                        verbose_name="patient",
                    ),
                ),
            ],
            options={
                "verbose_name": "recurring visit",
                "verbose_name_plural": "recurring visits",
                "ordering": ["-created_at", "id"],
            },
        ),
        migrations.AddField(
            model_name="booking",
            name="series",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="bookings",
                to="scheduling.series",
            ),
        ),
        migrations.CreateModel(
            name="Slot",
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
                ("starts_at", models.DateTimeField(verbose_name="start")),
                ("ends_at", models.DateTimeField(verbose_name="end")),
                (
                    "status",
                    models.CharField(
                        choices=[("free", "available"), ("blocked", "blocked"), ("withdrawn", "removed")],
                        default="free",
                        max_length=12,
                        verbose_name="status",
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[("hours", "working hours"), ("hand", "added by hand")],
                        default="hand",
                        max_length=8,
                        verbose_name="source",
                    ),
                ),
                (
                    "fits_hours",
                    models.BooleanField(
                        default=True,
                        help_text="Off when a slot is booked but no longer within the doctor's working hours.",
                        verbose_name="within working hours",
                    ),
                ),
                (
                    "doctor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="slots",
                        to="clinics.doctor",
                        verbose_name="doctor",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        blank=True,
                        help_text="Leave empty for the clinic's main address.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="scheduling.place",
                        verbose_name="place",
                    ),
                ),
            ],
            options={
                "verbose_name": "slot",
                "verbose_name_plural": "slots",
                "ordering": ["starts_at", "id"],
            },
        ),
        migrations.AddField(
            model_name="booking",
            name="slot",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="bookings",
                to="scheduling.slot",
                verbose_name="slot",
            ),
        ),
        migrations.CreateModel(
            name="TimeOff",
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
                ("first_on", models.DateField(verbose_name="first day")),
                (
                    "last_on",
                    models.DateField(
                        blank=True,
                        help_text="Leave empty if it has no end.",
                        null=True,
                        verbose_name="last day",
                    ),
                ),
                ("opens", scheduling.models.clock_field.ClockField(default=0, verbose_name="from")),
                (
                    "closes",
                    scheduling.models.clock_field.ClockField(
                        default=1440, help_text="Enter 24:00 for the end of the day.", verbose_name="until"
                    ),
                ),
                (
                    "weekdays",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(
                            choices=[
                                (0, "Monday"),
                                (1, "Tuesday"),
                                (2, "Wednesday"),
                                (3, "Thursday"),
                                (4, "Friday"),
                                (5, "Saturday"),
                                (6, "Sunday"),
                            ]
                        ),
                        default=scheduling.models.time_off.every_day,
                        size=None,
                        verbose_name="on",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=120, verbose_name="reason")),
                (
                    "undone_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="removed at"),
                ),
                (
                    "by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="added by",
                    ),
                ),
                (
                    "doctor",
                    models.ForeignKey(
                        blank=True,
                        help_text="Leave empty to close the whole clinic.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="time_off",
                        to="clinics.doctor",
                        verbose_name="doctor",
                    ),
                ),
            ],
            options={
                "verbose_name": "period of time off",
                "verbose_name_plural": "periods of time off",
                "ordering": ["first_on", "opens", "id"],
            },
        ),
        migrations.CreateModel(
            name="TimeOffEffect",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
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
                    "done",
                    models.CharField(
                        choices=[("cancelled", "cancelled"), ("moved", "rescheduled")], max_length=12
                    ),
                ),
                ("old_starts_at", models.DateTimeField()),
                ("old_ends_at", models.DateTimeField()),
                (
                    "booking",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="scheduling.booking"
                    ),
                ),
                (
                    "old_slot",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="scheduling.slot",
                    ),
                ),
                (
                    "time_off",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="effects",
                        to="scheduling.timeoff",
                    ),
                ),
            ],
            options={
                "ordering": ["old_starts_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="VisitType",
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
                ("name", models.CharField(max_length=80, unique=True, verbose_name="name")),
                ("description", models.TextField(blank=True, verbose_name="description for patients")),
                (
                    "preparation",
                    models.TextField(
                        blank=True,
                        db_default="",
                        help_text="Patients read it in the confirmation and in reminders. For example: Do not eat for 8 hours.",
                        max_length=1000,
                        verbose_name="how to prepare",
                    ),
                ),
                (
                    "bring",
                    models.TextField(
                        blank=True,
                        db_default="",
                        help_text="Patients read it in the confirmation and in reminders.",
                        max_length=1000,
                        verbose_name="what to bring",
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(db_default=0, default=0, verbose_name="order in lists"),
                ),
                (
                    "is_active",
                    models.BooleanField(db_default=True, default=True, verbose_name="can be booked"),
                ),
                (
                    "duration_minutes",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Leave empty to use one slot. A longer visit takes several slots in a row.",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(5),
                            django.core.validators.MaxValueValidator(480),
                        ],
                        verbose_name="duration (minutes)",
                    ),
                ),
                (
                    "buffer_before_minutes",
                    models.PositiveSmallIntegerField(
                        db_default=0,
                        default=0,
                        validators=[django.core.validators.MaxValueValidator(240)],
                        verbose_name="free time before (minutes)",
                    ),
                ),
                (
                    "buffer_after_minutes",
                    models.PositiveSmallIntegerField(
                        db_default=0,
                        default=0,
                        validators=[django.core.validators.MaxValueValidator(240)],
                        verbose_name="free time after (minutes)",
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("in_person", "in person"),
                            ("video", "by video"),
                            ("phone", "by telephone"),
                        ],
                        db_default="in_person",
                        default="in_person",
                        max_length=12,
                        verbose_name="type of appointment",
                    ),
                ),
                (
                    "video_link",
                    models.CharField(
                        blank=True,
                        max_length=200,
                        validators=[django.core.validators.URLValidator(schemes=["https"])],
                        verbose_name="video call link",
                    ),
                ),
                (
                    "price",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=9,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="price",
                    ),
                ),
                (
                    "currency",
                    models.CharField(
                        blank=True,
                        help_text="For example EUR.",
                        max_length=3,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Z]{3}\\Z", "Enter a currency code of three letters, for example EUR."
                            )
                        ],
                        verbose_name="currency",
                    ),
                ),
                (
                    "is_named_in_messages",
                    models.BooleanField(
                        db_default=True,
                        default=True,
                        help_text="Patients then read the name of the visit type in emails about their appointment. Subjects and text messages never contain it.",
                        verbose_name="name it in emails",
                    ),
                ),
                (
                    "colour",
                    models.CharField(
                        default="#0b5c8a",
                        max_length=7,
                        validators=[clinics.planning.check_colour],
                        verbose_name="colour",
                    ),
                ),
                (
                    "who_may_book",
                    models.CharField(
                        choices=[
                            ("public", "all patients"),
                            ("known", "patients who have been to the clinic before"),
                            ("staff", "staff only"),
                        ],
                        db_default="public",
                        default="public",
                        max_length=8,
                        verbose_name="who may book it",
                    ),
                ),
                (
                    "new_patients_only",
                    models.BooleanField(db_default=False, default=False, verbose_name="first visits only"),
                ),
                (
                    "needs_approval",
                    models.BooleanField(
                        db_default=False, default=False, verbose_name="staff must confirm each booking"
                    ),
                ),
                (
                    "needs_room",
                    models.BooleanField(db_default=False, default=False, verbose_name="needs a room"),
                ),
                (
                    "notice_minutes",
                    models.PositiveIntegerField(
                        db_default=0,
                        default=0,
                        help_text="How long before the start patients can still book. One day is 1440 minutes.",
                        validators=[django.core.validators.MaxValueValidator(86400)],
                        verbose_name="minimum notice for booking (minutes)",
                    ),
                ),
                (
                    "window_days",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Leave empty to use the clinic's setting.",
                        null=True,
                        validators=[django.core.validators.MaxValueValidator(730)],
                        verbose_name="how far ahead patients can book (days)",
                    ),
                ),
                (
                    "window_counts",
                    models.CharField(
                        choices=[
                            ("all", "all days"),
                            ("business", "working days (Monday to Friday, without public holidays)"),
                        ],
                        db_default="all",
                        default="all",
                        max_length=8,
                        verbose_name="days counted",
                    ),
                ),
                (
                    "reminder_minutes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveIntegerField(),
                        blank=True,
                        null=True,
                        size=None,
                        validators=[clinics.reminder_offsets.check_reminder_offsets],
                        verbose_name="reminders before the visit",
                    ),
                ),
                (
                    "questionnaire_days",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Patients get a link to the questions that are asked before the visit. Leave empty to send none.",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(60),
                        ],
                        verbose_name="ask the later questions (days before the visit)",
                    ),
                ),
                (
                    "follow_up_days",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="It is sent after a visit that was completed. Leave empty to send none.",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(365),
                        ],
                        verbose_name="send a follow-up message (days after the visit)",
                    ),
                ),
                (
                    "follow_up_text",
                    models.TextField(
                        blank=True,
                        db_default="",
                        help_text="Do not write anything about health: emails can be read by others.",
                        max_length=1000,
                        verbose_name="follow-up message",
                    ),
                ),
                (
                    "doctors",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Leave empty if every doctor offers it.",
                        related_name="visit_types",
                        to="clinics.doctor",
                        verbose_name="offered by",
                    ),
                ),
                (
                    "rooms",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Leave empty to allow any room at the place of the visit.",
                        related_name="visit_types",
                        to="scheduling.room",
                        verbose_name="suitable rooms",
                    ),
                ),
            ],
            options={
                "verbose_name": "visit type",
                "verbose_name_plural": "visit types",
                "ordering": ["position", "name"],
            },
        ),
        migrations.CreateModel(
            name="IntakeQuestion",
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
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                ("text", models.CharField(max_length=200, verbose_name="question")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("text", "text"),
                            ("yes_no", "yes or no"),
                            ("choice", "one answer from a list"),
                        ],
                        default="text",
                        max_length=8,
                        verbose_name="type of answer",
                    ),
                ),
                (
                    "choices",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80),
                        blank=True,
                        default=list,
                        help_text="Separate answers with commas.",
                        size=None,
                        verbose_name="list of answers",
                    ),
                ),
                ("is_required", models.BooleanField(default=False, verbose_name="required")),
                (
                    "asked",
                    models.CharField(
                        choices=[("when_booking", "when booking"), ("before_visit", "before the visit")],
                        db_default="when_booking",
                        default="when_booking",
                        max_length=12,
                        verbose_name="asked",
                    ),
                ),
                (
                    "visit_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="questions",
                        to="scheduling.visittype",
                        verbose_name="visit type",
                    ),
                ),
            ],
            options={
                "verbose_name": "question",
                "verbose_name_plural": "questions",
                "ordering": ["position", "id"],
            },
        ),
        migrations.CreateModel(
            name="ChainStep",
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
                ("position", models.PositiveSmallIntegerField(verbose_name="order")),
                (
                    "longest_wait_minutes",
                    models.PositiveSmallIntegerField(
                        default=30,
                        help_text="Counted from the end of the visit before it. Ignored for the first visit. One day is 1440.",
                        validators=[django.core.validators.MaxValueValidator(1440)],
                        verbose_name="longest wait before this visit (minutes)",
                    ),
                ),
                (
                    "chain",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="scheduling.chain",
                        verbose_name="visit sequence",
                    ),
                ),
                (
                    "visit_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="scheduling.visittype",
                        verbose_name="visit type",
                    ),
                ),
            ],
            options={
                "verbose_name": "visit in the sequence",
                "verbose_name_plural": "visits in the sequence",
                "ordering": ["position"],
            },
        ),
        migrations.AddField(
            model_name="booking",
            name="visit_type",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="scheduling.visittype",
                verbose_name="visit type",
            ),
        ),
        migrations.CreateModel(
            name="WaitlistEntry",
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
                ("first_on", models.DateField(verbose_name="first day")),
                ("last_on", models.DateField(verbose_name="last day")),
                (
                    "weekdays",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(
                            choices=[
                                (0, "Monday"),
                                (1, "Tuesday"),
                                (2, "Wednesday"),
                                (3, "Thursday"),
                                (4, "Friday"),
                                (5, "Saturday"),
                                (6, "Sunday"),
                            ]
                        ),
                        default=scheduling.models.time_off.every_day,
                        size=None,
                        verbose_name="weekdays",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("offered", "offer sent"),
                            ("booked", "booked"),
                            ("ended", "ended"),
                        ],
                        default="waiting",
                        max_length=8,
                        verbose_name="status",
                    ),
                ),
                (
                    "offers_missed",
                    models.PositiveSmallIntegerField(default=0, verbose_name="unanswered offers"),
                ),
                (
                    "doctor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="clinics.doctor",
                        verbose_name="doctor",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="waitlist",
                        to="clinics.patient",
                        verbose_name="patient",
                    ),
                ),
                (
                    "specialty",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="clinics.specialty",
                        verbose_name="specialty",
                    ),
                ),
                (
                    "visit_type",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="scheduling.visittype",
                        verbose_name="visit type",
                    ),
                ),
            ],
            options={
                "verbose_name": "waiting list entry",
                "verbose_name_plural": "waiting list entries",
                "ordering": ["created_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="WaitlistOffer",
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
                ("ends_at", models.DateTimeField(verbose_name="expires at")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("open", "waiting for an answer"),
                            ("taken", "accepted"),
                            ("declined", "declined"),
                            ("expired", "expired"),
                            ("revoked", "withdrawn by the clinic"),
                        ],
                        default="open",
                        max_length=8,
                        verbose_name="outcome",
                    ),
                ),
                ("answered_at", models.DateTimeField(null=True, verbose_name="answered at")),
                (
                    "booking",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="offer",
                        to="scheduling.booking",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="offers",
                        to="scheduling.waitlistentry",
                    ),
                ),
            ],
            options={
                "verbose_name": "offer",
                "verbose_name_plural": "offers",
                "ordering": ["created_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="WorkingHours",
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
                ("opens", scheduling.models.clock_field.ClockField(verbose_name="opens")),
                (
                    "closes",
                    scheduling.models.clock_field.ClockField(
                        help_text="Enter 24:00 for the end of the day.", verbose_name="closes"
                    ),
                ),
                (
                    "slot_minutes",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(5),
                            django.core.validators.MaxValueValidator(480),
                        ],
                        verbose_name="appointment length (minutes)",
                    ),
                ),
                (
                    "weeks",
                    models.PositiveSmallIntegerField(
                        choices=[(0, "every week"), (1, "A weeks"), (2, "B weeks")],
                        db_default=0,
                        default=0,
                        verbose_name="weeks",
                    ),
                ),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="valid from")),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="valid until")),
                (
                    "doctor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="working_hours",
                        to="clinics.doctor",
                        verbose_name="doctor",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        blank=True,
                        help_text="Leave empty for the clinic's main address.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="scheduling.place",
                        verbose_name="place",
                    ),
                ),
            ],
            options={
                "verbose_name": "working period",
                "verbose_name_plural": "working hours",
                "ordering": ["weekday", "opens", "valid_from"],
            },
        ),
        migrations.CreateModel(
            name="ExceptionInterval",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
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
                ("opens", scheduling.models.clock_field.ClockField(verbose_name="opens")),
                (
                    "closes",
                    scheduling.models.clock_field.ClockField(
                        help_text="Enter 24:00 for the end of the day.", verbose_name="closes"
                    ),
                ),
                (
                    "exception",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="intervals",
                        to="scheduling.datedexception",
                    ),
                ),
            ],
            options={
                "verbose_name": "working period",
                "verbose_name_plural": "working hours on that day",
                "ordering": ["opens"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("closes__lte", 1440), ("opens__lt", models.F("closes"))),
                        name="exceptioninterval_closes_after_opening",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("exception", "="),
                            (models.Func(models.F("opens"), models.F("closes"), function="int4range"), "&&"),
                        ],
                        name="exceptioninterval_do_not_overlap",
                        violation_error_message="These hours overlap other hours on the same day.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IdempotentAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                ("key", models.CharField(max_length=255)),
                ("request_digest", models.CharField(max_length=64)),
                ("answer", models.JSONField()),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        db_index=True,
                        default=tenants.base.clock.now,
                        editable=False,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["created_at"],
                "constraints": [
                    models.UniqueConstraint(fields=("user", "key"), name="idempotentanswer_one_per_key")
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="datedexception",
            constraint=models.UniqueConstraint(fields=("doctor", "day"), name="datedexception_one_per_day"),
        ),
        migrations.AddConstraint(
            model_name="room",
            constraint=models.UniqueConstraint(
                fields=("place", "name"), name="room_has_a_name_of_its_own", nulls_distinct=False
            ),
        ),
        migrations.AddIndex(
            model_name="slot",
            index=models.Index(fields=["starts_at"], name="slot_by_start"),
        ),
        migrations.AddConstraint(
            model_name="slot",
            constraint=models.CheckConstraint(
                condition=models.Q(("starts_at__lt", models.F("ends_at"))), name="slot_ends_after_it_starts"
            ),
        ),
        migrations.AddConstraint(
            model_name="slot",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("status", "withdrawn"), _negated=True),
                expressions=[
                    ("doctor", "="),
                    (models.Func(models.F("starts_at"), models.F("ends_at"), function="tstzrange"), "&&"),
                ],
                name="slot_doctor_is_in_one_place",
                violation_error_message="This time overlaps another slot of this doctor.",
            ),
        ),
        migrations.AddConstraint(
            model_name="slot",
            constraint=models.UniqueConstraint(
                fields=("doctor", "starts_at", "ends_at"), name="slot_is_there_once"
            ),
        ),
        migrations.AddIndex(
            model_name="timeoff",
            index=models.Index(fields=["doctor", "first_on"], name="timeoff_by_doctor"),
        ),
        migrations.AddConstraint(
            model_name="timeoff",
            constraint=models.CheckConstraint(
                condition=models.Q(("closes__lte", 1440), ("opens__lt", models.F("closes"))),
                name="timeoff_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="timeoff",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("last_on", None), ("last_on__gte", models.F("first_on")), _connector="OR"
                ),
                name="timeoff_last_is_after_first",
            ),
        ),
        migrations.AddConstraint(
            model_name="timeoff",
            constraint=models.CheckConstraint(
                condition=models.Q(("weekdays__len__gte", 1)), name="timeoff_is_on_some_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="timeoffeffect",
            constraint=models.UniqueConstraint(
                fields=("time_off", "booking"), name="timeoffeffect_one_per_booking"
            ),
        ),
        migrations.AddConstraint(
            model_name="visittype",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("duration_minutes", None),
                    models.Q(("duration_minutes__gte", 5), ("duration_minutes__lte", 480)),
                    _connector="OR",
                ),
                name="visittype_duration_is_sensible",
            ),
        ),
        migrations.AddConstraint(
            model_name="visittype",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("price", None), models.Q(("currency", ""), _negated=True), _connector="XOR"
                ),
                name="visittype_price_has_a_currency",
                violation_error_message="Enter both a price and a currency, or neither.",
            ),
        ),
        migrations.AddConstraint(
            model_name="visittype",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("mode", "video"), _negated=True),
                    models.Q(("video_link", ""), _negated=True),
                    _connector="OR",
                ),
                name="visittype_by_video_has_a_link",
                violation_error_message="A video appointment needs a video call link.",
            ),
        ),
        migrations.AddConstraint(
            model_name="visittype",
            constraint=models.CheckConstraint(
                condition=models.Q(("new_patients_only", True), ("who_may_book", "known"), _negated=True),
                name="visittype_is_for_somebody",
                violation_error_message="A first visit cannot be limited to patients who have been to the clinic before.",
            ),
        ),
        migrations.AddConstraint(
            model_name="visittype",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("follow_up_days", None), models.Q(("follow_up_text", ""), _negated=True), _connector="OR"
                ),
                name="visittype_follow_up_has_a_text",
                violation_error_message="Enter the text of the follow-up message.",
            ),
        ),
        migrations.AddConstraint(
            model_name="intakequestion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "choice"), _negated=True), ("choices__len__gte", 2), _connector="OR"
                ),
                name="intakequestion_choice_has_choices",
                violation_error_message="Enter at least two answers to choose from.",
            ),
        ),
        migrations.AddConstraint(
            model_name="chainstep",
            constraint=models.UniqueConstraint(
                fields=("chain", "position"), name="chainstep_one_per_position"
            ),
        ),
        migrations.AddIndex(
            model_name="booking",
            index=models.Index(fields=["patient", "starts_at"], name="booking_by_patient"),
        ),
        migrations.AddIndex(
            model_name="booking",
            index=models.Index(fields=["doctor", "starts_at"], name="booking_by_doctor"),
        ),
        migrations.AddIndex(
            model_name="booking",
            index=models.Index(fields=["starts_at"], name="booking_by_start"),
        ),
        migrations.AddIndex(
            model_name="booking",
            index=models.Index(
                condition=models.Q(("overbooked", True)),
                fields=["doctor", "starts_at"],
                name="booking_overbooked",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=models.Q(("starts_at__lt", models.F("ends_at"))),
                name="booking_ends_after_it_starts",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("slot__isnull", False),
                    models.Q(
                        (
                            "status__in",
                            ["HELD", "PENDING", "CONFIRMED", "CHECKED_IN", "IN_PROGRESS", "COMPLETED"],
                        ),
                        _negated=True,
                    ),
                    _connector="OR",
                ),
                name="booking_that_takes_time_has_a_slot",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=models.Q(("cancelled_at", None), ("status", "CANCELLED"), _connector="XOR"),
                name="booking_cancelled_has_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("busy_from", None), ("busy_from__lte", models.F("starts_at")), _connector="OR"),
                    models.Q(("busy_until", None), ("busy_until__gte", models.F("ends_at")), _connector="OR"),
                ),
                name="booking_buffers_lie_around_it",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "HELD"), _negated=True),
                    models.Q(("held_until__isnull", False), ("only_held", True)),
                    _connector="OR",
                ),
                name="booking_hold_has_an_end",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("overbooked", False),
                    (
                        "status__in",
                        ["HELD", "PENDING", "CONFIRMED", "CHECKED_IN", "IN_PROGRESS", "COMPLETED"],
                    ),
                ),
                fields=("slot",),
                name="booking_one_live_per_slot",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(
                    ("overbooked", False),
                    (
                        "status__in",
                        ["HELD", "PENDING", "CONFIRMED", "CHECKED_IN", "IN_PROGRESS", "COMPLETED"],
                    ),
                ),
                expressions=[
                    ("doctor", "="),
                    (
                        models.Func(
                            django.db.models.functions.comparison.Coalesce("busy_from", "starts_at"),
                            django.db.models.functions.comparison.Coalesce("busy_until", "ends_at"),
                            function="tstzrange",
                        ),
                        "&&",
                    ),
                ],
                name="booking_doctor_is_in_one_place",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(
                    ("room__isnull", False),
                    (
                        "status__in",
                        ["HELD", "PENDING", "CONFIRMED", "CHECKED_IN", "IN_PROGRESS", "COMPLETED"],
                    ),
                ),
                expressions=[
                    ("room", "="),
                    (
                        models.Func(
                            django.db.models.functions.comparison.Coalesce("busy_from", "starts_at"),
                            django.db.models.functions.comparison.Coalesce("busy_until", "ends_at"),
                            function="tstzrange",
                        ),
                        "&&",
                    ),
                ],
                name="booking_room_is_used_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(
                    ("status__in", ["HELD", "PENDING", "CONFIRMED", "CHECKED_IN", "IN_PROGRESS", "COMPLETED"])
                ),
                expressions=[
                    ("patient", "="),
                    (models.Func(models.F("starts_at"), models.F("ends_at"), function="tstzrange"), "&&"),
                ],
                name="booking_patient_is_in_one_place",
            ),
        ),
        migrations.AddIndex(
            model_name="waitlistentry",
            index=models.Index(
                condition=models.Q(("status__in", ["waiting", "offered"])),
                fields=["first_on", "last_on"],
                name="waitlist_by_days",
            ),
        ),
        migrations.AddConstraint(
            model_name="waitlistentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("doctor", None), ("specialty", None), _connector="XOR"),
                name="waitlistentry_says_with_whom",
            ),
        ),
        migrations.AddConstraint(
            model_name="waitlistentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("last_on__gte", models.F("first_on"))),
                name="waitlistentry_last_is_after_first",
            ),
        ),
        migrations.AddConstraint(
            model_name="waitlistoffer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("outcome", "open")),
                fields=("entry",),
                name="waitlistoffer_one_open_per_entry",
            ),
        ),
        migrations.AddConstraint(
            model_name="workinghours",
            constraint=models.CheckConstraint(
                condition=models.Q(("closes__lte", 1440), ("opens__lt", models.F("closes"))),
                name="workinghours_close_after_opening",
            ),
        ),
        migrations.AddConstraint(
            model_name="workinghours",
            constraint=models.CheckConstraint(
                condition=models.Q(("slot_minutes__gte", 5), ("slot_minutes__lte", 480)),
                name="workinghours_slot_length_is_sensible",
            ),
        ),
        migrations.AddConstraint(
            model_name="workinghours",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_from", None),
                    ("valid_until", None),
                    ("valid_until__gte", models.F("valid_from")),
                    _connector="OR",
                ),
                name="workinghours_end_after_they_begin",
            ),
        ),
        migrations.AddConstraint(
            model_name="workinghours",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("doctor", "="),
                    (
                        models.Func(
                            models.F("place"),
                            template="coalesce(%(expressions)s, '00000000-0000-0000-0000-000000000000'::uuid)",
                        ),
                        "=",
                    ),
                    ("weekday", "="),
                    (
                        models.Func(
                            models.Case(models.When(then=models.Value(2), weeks=2), default=models.Value(1)),
                            models.Case(models.When(then=models.Value(2), weeks=1), default=models.Value(3)),
                            function="int4range",
                        ),
                        "&&",
                    ),
                    (models.Func(models.F("opens"), models.F("closes"), function="int4range"), "&&"),
                    (
                        models.Func(
                            models.F("valid_from"),
                            models.F("valid_until"),
                            models.Value("[]"),
                            function="daterange",
                        ),
                        "&&",
                    ),
                ],
                name="workinghours_of_a_day_do_not_overlap",
                violation_error_message="These hours overlap other hours on the same day.",
            ),
        ),
    ]
