"""Migrations 1 to 12 in one, for new databases. Databases that have those keep them."""

import datetime
import uuid

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import clinics.models.settings
import clinics.models.text_messages
import clinics.planning
import clinics.reminder_offsets
import tenants.base.clock


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("clinics", "0001_initial"),
        ("clinics", "0002_second_factor_settings"),
        ("clinics", "0003_dependants"),
        ("clinics", "0004_booking_policies"),
        ("clinics", "0005_texts"),
        ("clinics", "0006_timestamps"),
        ("clinics", "0007_unconfirmed_limit"),
        ("clinics", "0008_desk_sees_clinical"),
        ("clinics", "0009_staff_idle_minutes"),
        ("clinics", "0010_reminder_offsets"),
        ("clinics", "0011_text_messages"),
        ("clinics", "0012_patient_time_zone"),
    ]

    dependencies = [
        ("accounts", "0018_audit_of_merged_patients"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Specialty",
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
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="code")),
                ("name", models.CharField(max_length=80, verbose_name="name")),
            ],
            options={
                "verbose_name": "specialty",
                "verbose_name_plural": "specialties",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="StoppedNumber",
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
                ("digest", models.CharField(editable=False, max_length=64, unique=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ClinicSettings",
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
                ("phone", models.CharField(blank=True, max_length=32, verbose_name="telephone")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="email address")),
                ("address", models.TextField(blank=True, verbose_name="address")),
                (
                    "languages",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            max_length=35,
                            validators=[
                                django.core.validators.RegexValidator(
                                    "^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\\Z",
                                    "Enter a language code, for example en or pt-BR.",
                                )
                            ],
                        ),
                        default=clinics.models.settings.default_languages,
                        help_text="Languages spoken at the clinic: codes separated by commas, for example en, pt-BR.",
                        size=None,
                        verbose_name="languages",
                    ),
                ),
                (
                    "primary_color",
                    models.CharField(
                        default="#0b5c8a",
                        max_length=7,
                        validators=[clinics.planning.check_colour, clinics.planning.check_readable_on_white],
                        verbose_name="main colour",
                    ),
                ),
                (
                    "accent_color",
                    models.CharField(
                        default="#e8f1f7",
                        max_length=7,
                        validators=[clinics.planning.check_colour],
                        verbose_name="second colour",
                    ),
                ),
                (
                    "horizon_days",
                    models.PositiveSmallIntegerField(
                        default=90,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(730),
                        ],
                        verbose_name="how far ahead patients can book (days)",
                    ),
                ),
                (
                    "slot_minutes",
                    models.PositiveSmallIntegerField(
                        default=30,
                        validators=[
                            django.core.validators.MinValueValidator(5),
                            django.core.validators.MaxValueValidator(480),
                        ],
                        verbose_name="standard appointment length (minutes)",
                    ),
                ),
                (
                    "cancellation_notice_minutes",
                    models.PositiveIntegerField(
                        default=0,
                        help_text="How long before the start patients can still cancel. One day is 1440 minutes.",
                        validators=[django.core.validators.MaxValueValidator(43200)],
                        verbose_name="minimum notice for cancelling (minutes)",
                    ),
                ),
                (
                    "reschedule_notice_minutes",
                    models.PositiveIntegerField(
                        db_default=0,
                        default=0,
                        help_text="How long before the start patients can still reschedule. One day is 1440 minutes.",
                        validators=[django.core.validators.MaxValueValidator(43200)],
                        verbose_name="minimum notice for rescheduling (minutes)",
                    ),
                ),
                (
                    "booking_notice_minutes",
                    models.PositiveIntegerField(
                        db_default=0,
                        default=0,
                        help_text="How long before the start patients can still book. One day is 1440 minutes.",
                        validators=[django.core.validators.MaxValueValidator(43200)],
                        verbose_name="minimum notice for booking (minutes)",
                    ),
                ),
                (
                    "upcoming_limit",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Leave empty for no limit. Staff can book more.",
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="maximum upcoming appointments per patient",
                    ),
                ),
                (
                    "unconfirmed_limit",
                    models.PositiveSmallIntegerField(
                        db_default=2,
                        default=2,
                        help_text="The most upcoming bookings of an account whose email address is not confirmed, with those of the people it cares for. Holds count too.",
                        validators=[django.core.validators.MaxValueValidator(100)],
                        verbose_name="upcoming bookings before the email address is confirmed",
                    ),
                ),
                (
                    "no_show_limit",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Counted over the last 12 months. Leave empty for no limit.",
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="no-shows after which staff must confirm each booking",
                    ),
                ),
                (
                    "hold_minutes",
                    models.PositiveSmallIntegerField(
                        db_default=10,
                        default=10,
                        validators=[
                            django.core.validators.MinValueValidator(2),
                            django.core.validators.MaxValueValidator(60),
                        ],
                        verbose_name="how long a time is held during booking (minutes)",
                    ),
                ),
                (
                    "offer_minutes",
                    models.PositiveSmallIntegerField(
                        db_default=120,
                        default=120,
                        validators=[
                            django.core.validators.MinValueValidator(10),
                            django.core.validators.MaxValueValidator(2880),
                        ],
                        verbose_name="time to answer a waiting list offer (minutes)",
                    ),
                ),
                (
                    "quiet_from",
                    models.TimeField(
                        db_default=datetime.time(21, 0),
                        default=datetime.time(21, 0),
                        verbose_name="send no reminders or offers from",
                    ),
                ),
                (
                    "quiet_until",
                    models.TimeField(
                        db_default=datetime.time(8, 0), default=datetime.time(8, 0), verbose_name="until"
                    ),
                ),
                (
                    "reminder_minutes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveIntegerField(),
                        blank=True,
                        db_default=[10080, 1440, 120],
                        default=clinics.reminder_offsets.default_reminder_minutes,
                        size=None,
                        validators=[clinics.reminder_offsets.check_reminder_offsets],
                        verbose_name="reminders before each visit",
                    ),
                ),
                (
                    "holiday_country",
                    models.CharField(
                        blank=True,
                        db_default="",
                        help_text="The country code, for example GB. The clinic closes on its public holidays. Leave empty to stay open on all public holidays.",
                        max_length=2,
                        verbose_name="country",
                    ),
                ),
                (
                    "holiday_region",
                    models.CharField(
                        blank=True,
                        db_default="",
                        help_text="The region code, for example SCT for Scotland.",
                        max_length=10,
                        verbose_name="region",
                    ),
                ),
                (
                    "second_factor_for_doctors",
                    models.BooleanField(default=False, verbose_name="require two-step sign-in for doctors"),
                ),
                (
                    "second_factor_for_desk",
                    models.BooleanField(
                        default=False, verbose_name="require two-step sign-in for admins and receptionists"
                    ),
                ),
                (
                    "desk_sees_clinical",
                    models.BooleanField(
                        db_default=False,
                        default=False,
                        help_text="Admins and receptionists then see allergies, conditions, medication and the answers to a visit type's questions. Doctors always see those of their own patients.",
                        verbose_name="front desk can see medical details",
                    ),
                ),
                (
                    "staff_idle_minutes",
                    models.PositiveSmallIntegerField(
                        db_default=30,
                        default=30,
                        help_text="Applies to doctors, receptionists and admins. Patients stay signed in.",
                        validators=[
                            django.core.validators.MinValueValidator(5),
                            django.core.validators.MaxValueValidator(480),
                        ],
                        verbose_name="sign staff out after (minutes without activity)",
                    ),
                ),
            ],
            options={
                "verbose_name": "clinic settings",
                "verbose_name_plural": "clinic settings",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="clinicsettings_is_one_row")
                ],
            },
        ),
        migrations.CreateModel(
            name="Patient",
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
                ("first_name", models.CharField(max_length=80, verbose_name="first name")),
                ("last_name", models.CharField(max_length=80, verbose_name="last name")),
                ("date_of_birth", models.DateField(blank=True, null=True, verbose_name="date of birth")),
                ("phone", models.CharField(blank=True, max_length=32, verbose_name="telephone")),
                (
                    "undeliverable_phone",
                    models.CharField(blank=True, db_default="", editable=False, max_length=32),
                ),
                (
                    "sms_consent_at",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="agreed to text messages at"
                    ),
                ),
                ("address", models.TextField(blank=True, verbose_name="address")),
                (
                    "time_zone",
                    models.CharField(
                        blank=True,
                        db_default="",
                        help_text="If the patient lives in another time zone, for example Europe/Paris. Reminders then respect the night there.",
                        max_length=64,
                        validators=[tenants.base.clock.validate_time_zone],
                        verbose_name="time zone",
                    ),
                ),
                ("allergies", models.TextField(blank=True, verbose_name="allergies")),
                ("conditions", models.TextField(blank=True, verbose_name="conditions")),
                ("medication", models.TextField(blank=True, verbose_name="medication")),
                (
                    "emergency_contact_name",
                    models.CharField(blank=True, max_length=160, verbose_name="emergency contact"),
                ),
                (
                    "emergency_contact_phone",
                    models.CharField(blank=True, max_length=32, verbose_name="emergency contact's telephone"),
                ),
                ("insurance_provider", models.CharField(blank=True, max_length=120, verbose_name="insurer")),
                (
                    "insurance_number",
                    models.CharField(blank=True, max_length=60, verbose_name="insurance number"),
                ),
                (
                    "erased_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="erased"),
                ),
                (
                    "user",
                    models.OneToOneField(
                        blank=True,
                        limit_choices_to={"role": "patient"},
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="patient",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="signs in as",
                    ),
                ),
            ],
            options={
                "verbose_name": "patient",
                "verbose_name_plural": "patients",
                "ordering": ["last_name", "first_name", "id"],
            },
        ),
        migrations.CreateModel(
            name="SmsSettings",
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
                    "is_on",
                    models.BooleanField(
                        default=False,
                        help_text="Patients get them if they have agreed to it and have given a mobile number.",
                        verbose_name="send text messages",
                    ),
                ),
                ("for_reminders", models.BooleanField(default=True, verbose_name="reminders")),
                (
                    "for_cancellations",
                    models.BooleanField(default=True, verbose_name="appointment cancelled"),
                ),
                (
                    "for_reschedules",
                    models.BooleanField(default=True, verbose_name="appointment rescheduled"),
                ),
                ("for_offers", models.BooleanField(default=True, verbose_name="waiting list offers")),
                (
                    "short_name",
                    models.CharField(
                        blank=True,
                        help_text="Used in text messages. If it is empty, the clinic's name is shortened to fit.",
                        max_length=20,
                        verbose_name="short name of the clinic",
                    ),
                ),
                (
                    "provider",
                    models.CharField(
                        choices=[("twilio", "Twilio"), ("generic", "another provider (HTTP)")],
                        default="twilio",
                        max_length=8,
                        verbose_name="provider",
                    ),
                ),
                (
                    "sender",
                    models.CharField(
                        blank=True,
                        help_text="The number or name that patients see or, for Twilio, the id of a messaging service.",
                        max_length=40,
                        verbose_name="sender",
                    ),
                ),
                (
                    "account",
                    models.CharField(
                        blank=True,
                        max_length=34,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^AC[0-9a-fA-F]{32}\\Z", "It begins with AC, and has 34 characters."
                            )
                        ],
                        verbose_name="Twilio account SID",
                    ),
                ),
                ("stored_secret", models.TextField(blank=True, editable=False)),
                (
                    "url",
                    models.CharField(
                        blank=True,
                        help_text="Of another provider's API. It begins with https://.",
                        max_length=500,
                        validators=[django.core.validators.URLValidator(schemes=["https"])],
                        verbose_name="URL",
                    ),
                ),
                (
                    "method",
                    models.CharField(
                        choices=[("POST", "POST"), ("PUT", "PUT")],
                        default="POST",
                        max_length=4,
                        verbose_name="HTTP method",
                    ),
                ),
                (
                    "headers",
                    models.JSONField(
                        blank=True,
                        default=clinics.models.text_messages.default_headers,
                        help_text="{secret} stands for the API key.",
                        validators=[clinics.models.text_messages.check_headers],
                        verbose_name="HTTP headers",
                    ),
                ),
                (
                    "body",
                    models.TextField(
                        blank=True,
                        default='{"to": "{to}", "from": "{from}", "text": "{text}", "reference": "{reference}"}',
                        help_text="{to}, {from}, {text} and {reference} stand for the values of a message.",
                        validators=[clinics.models.text_messages.check_body_template],
                        verbose_name="JSON body",
                    ),
                ),
                (
                    "id_field",
                    models.CharField(
                        blank=True,
                        default="id",
                        help_text="The field of the JSON answer, such as id or message.id.",
                        max_length=40,
                        verbose_name="message id in the answer",
                    ),
                ),
                ("stored_webhook_secret", models.TextField(blank=True, editable=False)),
                (
                    "monthly_limit",
                    models.PositiveIntegerField(
                        default=1000,
                        help_text="Further ones wait until staff release them. Admins are warned at 80 %.",
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="text messages a month, at most",
                    ),
                ),
                (
                    "segment_price",
                    models.DecimalField(
                        blank=True,
                        decimal_places=5,
                        help_text="Used for the costs if the provider does not report a price.",
                        max_digits=8,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="price of a text message",
                    ),
                ),
                (
                    "currency",
                    models.CharField(
                        default="GBP",
                        max_length=3,
                        validators=[
                            django.core.validators.RegexValidator("^[A-Z]{3}\\Z", "Enter a code such as GBP.")
                        ],
                        verbose_name="currency",
                    ),
                ),
            ],
            options={
                "verbose_name": "text message settings",
                "verbose_name_plural": "text message settings",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="smssettings_is_one_row")
                ],
            },
        ),
        migrations.CreateModel(
            name="Doctor",
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
                ("title", models.CharField(blank=True, max_length=40, verbose_name="title")),
                ("name", models.CharField(max_length=160, verbose_name="name")),
                ("bio", models.TextField(blank=True, verbose_name="about")),
                (
                    "years_of_experience",
                    models.PositiveSmallIntegerField(
                        default=0,
                        validators=[django.core.validators.MaxValueValidator(80)],
                        verbose_name="years of experience",
                    ),
                ),
                (
                    "languages",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            max_length=35,
                            validators=[
                                django.core.validators.RegexValidator(
                                    "^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\\Z",
                                    "Enter a language code, for example en or pt-BR.",
                                )
                            ],
                        ),
                        blank=True,
                        default=list,
                        help_text="Language codes separated by commas, for example en, pt-BR.",
                        size=None,
                        verbose_name="languages",
                    ),
                ),
                (
                    "licence_number",
                    models.CharField(blank=True, max_length=60, verbose_name="licence number"),
                ),
                (
                    "accepting_new_patients",
                    models.BooleanField(default=True, verbose_name="accepts new patients"),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="can be booked")),
                (
                    "day_limit",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="bookings per day",
                    ),
                ),
                (
                    "day_limit_minutes",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="booked minutes per day",
                    ),
                ),
                (
                    "week_limit",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="bookings per week",
                    ),
                ),
                (
                    "week_limit_minutes",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="booked minutes per week",
                    ),
                ),
                ("schedule_version", models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                (
                    "invitation",
                    models.OneToOneField(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="doctor",
                        to="accounts.invitation",
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        blank=True,
                        limit_choices_to={"role": "doctor"},
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="doctor",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="signs in as",
                    ),
                ),
                (
                    "specialties",
                    models.ManyToManyField(
                        blank=True, related_name="doctors", to="clinics.specialty", verbose_name="specialties"
                    ),
                ),
            ],
            options={
                "verbose_name": "doctor",
                "verbose_name_plural": "doctors",
                "ordering": ["name", "id"],
            },
        ),
        migrations.CreateModel(
            name="Care",
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
                    "carer",
                    models.ForeignKey(
                        limit_choices_to={"user__isnull": False},
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="cares",
                        to="clinics.patient",
                        verbose_name="carer",
                    ),
                ),
                (
                    "dependant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="cared_for_by",
                        to="clinics.patient",
                        verbose_name="dependant",
                    ),
                ),
            ],
            options={
                "verbose_name": "carer",
                "verbose_name_plural": "carers",
                "ordering": ["created_at", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("carer", "dependant"), name="care_is_said_once"),
                    models.CheckConstraint(
                        condition=models.Q(("carer", models.F("dependant")), _negated=True),
                        name="care_is_for_somebody_else",
                    ),
                ],
            },
        ),
    ]
