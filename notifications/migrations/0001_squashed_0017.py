"""Migrations 1 to 17 in one, for new databases. Databases that have those keep them."""

import uuid

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import notifications.models.webhooks
import tenants.base.clock


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("notifications", "0001_initial"),
        ("notifications", "0002_calendar_feeds"),
        ("notifications", "0003_more_messages"),
        ("notifications", "0004_texts"),
        ("notifications", "0005_timestamps"),
        ("notifications", "0006_unconfirmed_addresses"),
        ("notifications", "0007_withdrawn_offers"),
        ("notifications", "0008_ledger"),
        ("notifications", "0009_ledger_constraints"),
        ("notifications", "0010_text_messages"),
        ("notifications", "0011_webhooks"),
        ("notifications", "0012_email_reports"),
        ("notifications", "0013_staff_notices"),
        ("notifications", "0014_message_texts"),
        ("notifications", "0015_wording"),
        ("notifications", "0016_email_sender"),
        ("notifications", "0017_message_not_recipient"),
    ]

    dependencies = [
        ("scheduling", "0013_visits_in_progress"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="InboundText",
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
                ("provider_id", models.CharField(max_length=200, unique=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SmsMonth",
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
                ("month", models.DateField(unique=True, verbose_name="month")),
                ("segments", models.PositiveIntegerField(db_default=0, default=0)),
                ("warned_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["-month"],
            },
        ),
        migrations.CreateModel(
            name="CalendarFeed",
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
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("last_read_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                ("content_digest", models.CharField(blank=True, max_length=64)),
                ("content_changed_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="calendar_feeds",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "calendar feed",
                "verbose_name_plural": "calendar feeds",
                "ordering": ["created_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="EmailSender",
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
                ("is_only", models.BooleanField(default=True, editable=False, unique=True)),
                (
                    "name",
                    models.CharField(
                        blank=True,
                        help_text="The name that recipients see. Leave empty to use the clinic's name.",
                        max_length=78,
                        verbose_name="sender name",
                    ),
                ),
                (
                    "reply_to",
                    models.EmailField(
                        blank=True,
                        help_text="Where answers to emails go. Leave empty to use the clinic's email address.",
                        max_length=254,
                        verbose_name="replies to",
                    ),
                ),
                (
                    "domain",
                    models.CharField(
                        blank=True,
                        help_text="Send emails from this domain, for example clinic.example. It is used once its DNS records are found. Leave empty to use the platform's address.",
                        max_length=253,
                        verbose_name="own domain",
                    ),
                ),
                (
                    "local_part",
                    models.CharField(
                        db_default="appointments",
                        default="appointments",
                        max_length=64,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Za-z0-9]+([._+-][A-Za-z0-9]+)*\\Z",
                                "Use letters, digits and single dots or hyphens between them.",
                            )
                        ],
                        verbose_name="part of the address before the @",
                    ),
                ),
                ("selector", models.CharField(blank=True, db_default="", editable=False, max_length=40)),
                ("public_key", models.TextField(blank=True, db_default="", editable=False)),
                ("private_key", models.TextField(blank=True, db_default="", editable=False)),
                (
                    "checked_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="DNS records checked at"),
                ),
                (
                    "verified_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="DNS records last found at"),
                ),
                (
                    "missing",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(choices=[("dkim", "DKIM"), ("spf", "SPF")], max_length=8),
                        db_default=[],
                        default=list,
                        editable=False,
                        size=None,
                    ),
                ),
            ],
            options={
                "verbose_name": "sender of emails",
                "verbose_name_plural": "sender of emails",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("is_only", True)), name="emailsender_is_one_row"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Message",
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
                ("version", models.PositiveIntegerField(db_default=0, default=0)),
                ("about_on", models.DateField(null=True, verbose_name="about the day")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("confirmation", "appointment booked"),
                            ("requested", "appointment requested"),
                            ("rescheduled", "appointment rescheduled"),
                            ("details_changed", "appointment details changed"),
                            ("cancellation", "appointment cancelled"),
                            ("reminder", "reminder"),
                            ("questionnaire", "questions before the visit"),
                            ("follow_up", "follow-up after the visit"),
                            ("offer", "waiting list offer"),
                            ("offer_withdrawn", "waiting list offer withdrawn"),
                            ("staff_booked", "to staff: appointment booked"),
                            ("staff_cancelled", "to staff: appointment cancelled"),
                            ("staff_rescheduled", "to staff: appointment rescheduled"),
                            ("staff_offer_taken", "to staff: waiting list offer accepted"),
                            ("staff_attendance", "to staff: patient will come"),
                            ("staff_not_delivered", "to staff: message not delivered"),
                            ("staff_digest", "to staff: changes of a day"),
                            ("staff_day", "to staff: schedule of a day"),
                        ],
                        max_length=24,
                        verbose_name="about",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[("email", "email"), ("sms", "text message")],
                        db_default="email",
                        default="email",
                        max_length=8,
                        verbose_name="channel",
                    ),
                ),
                (
                    "offset_minutes",
                    models.PositiveIntegerField(db_default=0, default=0, verbose_name="offset (minutes)"),
                ),
                ("repeat", models.PositiveSmallIntegerField(db_default=0, default=0, verbose_name="repeat")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("PLANNED", "planned"),
                            ("SENDING", "being sent"),
                            ("SENT", "sent"),
                            ("DROPPED", "not sent"),
                            ("PARKED", "failed, waiting for staff"),
                        ],
                        db_default="PLANNED",
                        default="PLANNED",
                        max_length=8,
                        verbose_name="status",
                    ),
                ),
                ("due_at", models.DateTimeField(verbose_name="due at")),
                ("not_after", models.DateTimeField(verbose_name="do not send after")),
                ("attempts", models.PositiveIntegerField(db_default=0, default=0, verbose_name="attempts")),
                (
                    "last_error",
                    models.CharField(blank=True, db_default="", max_length=500, verbose_name="last error"),
                ),
                ("sent_at", models.DateTimeField(null=True, verbose_name="sent at")),
                (
                    "subject",
                    models.CharField(blank=True, db_default="", max_length=300, verbose_name="subject"),
                ),
                ("text", models.TextField(blank=True, db_default="", verbose_name="text")),
                ("provider_id", models.CharField(blank=True, db_default="", editable=False, max_length=200)),
                ("dropped_at", models.DateTimeField(null=True, verbose_name="cancelled at")),
                (
                    "dropped_because",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("offer_over", "the offer had expired"),
                            ("too_late", "it was too late"),
                            ("account_closed", "the account was closed"),
                            ("cancelled_since", "the appointment had been cancelled"),
                            ("confirmed_since", "the appointment had been confirmed"),
                            ("moved_since", "the appointment had been rescheduled again"),
                            ("answered_since", "the questions had been answered"),
                            ("not_recipient", "the recipient no longer looks after the patient"),
                            ("not_wanted", "the recipient has switched such messages off"),
                            ("refused", "the mail server rejected the address"),
                            ("unconfirmed", "the email address is not confirmed"),
                            ("restored", "the clinic was restored from an export"),
                            ("by_staff", "cancelled by staff"),
                        ],
                        max_length=40,
                        verbose_name="reason not sent",
                    ),
                ),
                ("parked_at", models.DateTimeField(null=True, verbose_name="failed at")),
                (
                    "parked_because",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("refused", "the recipient's server refused it"),
                            ("bad_address", "the address or number is not valid"),
                            ("undeliverable", "earlier messages to this address were returned"),
                            ("complaint", "the recipient reported messages as spam"),
                            ("too_many_attempts", "it failed too often"),
                            ("limit_reached", "the monthly limit was reached"),
                            ("not_rendered", "its text could not be made"),
                        ],
                        db_default="",
                        max_length=40,
                        verbose_name="reason for the failure",
                    ),
                ),
                (
                    "booking",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="scheduling.booking",
                        verbose_name="booking",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="scheduling.bookingevent",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="to",
                    ),
                ),
                (
                    "sent_with",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="included",
                        to="notifications.message",
                        verbose_name="sent with",
                    ),
                ),
            ],
            options={
                "verbose_name": "message",
                "verbose_name_plural": "messages",
                "ordering": ["-due_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="EmailReport",
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
                            ("bounced", "returned: the address does not exist or refuses emails"),
                            ("delayed", "not delivered for the moment, such as a full mailbox"),
                            ("complaint", "reported as spam"),
                            ("unsubscribed", "unsubscribed"),
                        ],
                        max_length=16,
                        verbose_name="what happened",
                    ),
                ),
                ("email", models.EmailField(max_length=254, verbose_name="email address")),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        db_default="",
                        max_length=500,
                        verbose_name="answer of the recipient's server",
                    ),
                ),
                ("happened_at", models.DateTimeField(verbose_name="happened at")),
                ("digest", models.CharField(editable=False, max_length=64)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="email_reports",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="recipient",
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="reports",
                        to="notifications.message",
                        verbose_name="message",
                    ),
                ),
            ],
            options={
                "verbose_name": "returned email",
                "verbose_name_plural": "returned emails",
                "ordering": ["-happened_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="MessagePreference",
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
                    "topic",
                    models.CharField(
                        choices=[
                            ("reminders", "reminders"),
                            ("questionnaires", "questions before a visit"),
                            ("follow_ups", "follow-up messages"),
                            ("offers", "waiting list offers"),
                        ],
                        max_length=16,
                        verbose_name="topic",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[("email", "email"), ("sms", "text message")],
                        max_length=8,
                        verbose_name="channel",
                    ),
                ),
                ("is_wanted", models.BooleanField(verbose_name="wanted")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="message_preferences",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "message preference",
                "verbose_name_plural": "message preferences",
                "ordering": ["user", "topic", "channel"],
            },
        ),
        migrations.CreateModel(
            name="MessageWording",
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
                            ("confirmation", "appointment booked"),
                            ("requested", "appointment requested"),
                            ("rescheduled", "appointment rescheduled"),
                            ("details_changed", "appointment details changed"),
                            ("cancellation", "appointment cancelled"),
                            ("reminder", "reminder"),
                            ("questionnaire", "questions before the visit"),
                            ("follow_up", "follow-up after the visit"),
                            ("offer", "waiting list offer"),
                            ("offer_withdrawn", "waiting list offer withdrawn"),
                        ],
                        max_length=24,
                        verbose_name="message",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[("email", "email"), ("sms", "text message")],
                        default="email",
                        max_length=8,
                        verbose_name="channel",
                    ),
                ),
                (
                    "language",
                    models.CharField(db_default="en", default="en", max_length=8, verbose_name="language"),
                ),
                ("subject", models.CharField(blank=True, max_length=150, verbose_name="subject")),
                ("body", models.TextField(max_length=2000, verbose_name="text")),
            ],
            options={
                "verbose_name": "wording",
                "verbose_name_plural": "wording of messages",
                "ordering": ["kind", "channel", "language"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "channel", "language"), name="messagewording_one_per_message"
                    )
                ],
            },
        ),
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
        migrations.CreateModel(
            name="TextMessage",
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
                ("number_digest", models.CharField(editable=False, max_length=64)),
                ("provider_id", models.CharField(blank=True, db_default="", max_length=200)),
                ("month", models.DateField()),
                ("segments", models.PositiveSmallIntegerField(db_default=1, default=1)),
                ("price", models.DecimalField(decimal_places=5, max_digits=10, null=True)),
                ("currency", models.CharField(blank=True, db_default="", max_length=3)),
                ("sent_at", models.DateTimeField()),
                ("delivered_at", models.DateTimeField(null=True)),
                ("failed_at", models.DateTimeField(null=True)),
                ("error", models.CharField(blank=True, db_default="", max_length=80)),
                (
                    "message",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="text_messages",
                        to="notifications.message",
                    ),
                ),
            ],
            options={
                "ordering": ["-sent_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="WebhookEndpoint",
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
                    "url",
                    models.URLField(
                        help_text="An https address on the internet.", max_length=500, verbose_name="URL"
                    ),
                ),
                ("description", models.CharField(blank=True, max_length=120, verbose_name="description")),
                (
                    "event_types",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("booking.created", "booking created"),
                                ("booking.confirmed", "booking confirmed by the clinic"),
                                ("booking.attendance_confirmed", "booking: patient will come"),
                                ("booking.rescheduled", "booking rescheduled"),
                                ("booking.details_changed", "booking: place or doctor's name changed"),
                                ("booking.cancelled", "booking cancelled"),
                                ("booking.checked_in", "booking: patient checked in"),
                                ("booking.completed", "booking completed"),
                                ("booking.no_show", "booking: patient did not come"),
                                ("patient.created", "patient created"),
                                ("patient.updated", "patient changed"),
                                ("patient.erased", "patient erased"),
                                ("waitlist.joined", "waiting list joined"),
                                ("waitlist.offered", "waiting list: time offered"),
                                ("waitlist.offer_ended", "waiting list: offer not accepted"),
                                ("waitlist.booked", "waiting list: offer accepted"),
                                ("waitlist.ended", "waiting list left"),
                            ],
                            max_length=40,
                        ),
                        default=notifications.models.webhooks.all_event_types,
                        size=None,
                        verbose_name="events",
                    ),
                ),
                ("stored_secret", models.TextField(editable=False)),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                (
                    "off_because",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("by_staff", "switched off by staff"),
                            ("failing", "it failed for days"),
                            ("gone", "it answered 410 Gone"),
                            ("restored", "the clinic was restored from an export"),
                        ],
                        editable=False,
                        max_length=12,
                        verbose_name="reason why it is off",
                    ),
                ),
                ("active_since", models.DateTimeField(editable=False, verbose_name="active since")),
                (
                    "failing_since",
                    models.DateTimeField(editable=False, null=True, verbose_name="failing since"),
                ),
                (
                    "failures",
                    models.PositiveIntegerField(default=0, editable=False, verbose_name="failures in a row"),
                ),
                (
                    "paused_until",
                    models.DateTimeField(editable=False, null=True, verbose_name="paused until"),
                ),
            ],
            options={
                "verbose_name": "webhook",
                "verbose_name_plural": "webhooks",
                "ordering": ["created_at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_active", True),
                            models.Q(("off_because", ""), _negated=True),
                            _connector="XOR",
                        ),
                        name="webhookendpoint_off_has_a_reason",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WebhookDelivery",
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
                ("event_type", models.CharField(max_length=40, verbose_name="event")),
                ("event_id", models.UUIDField(verbose_name="event id")),
                ("stream", models.UUIDField(editable=False)),
                ("sequence", models.PositiveIntegerField(editable=False)),
                ("body", models.TextField(verbose_name="body")),
                ("happened_at", models.DateTimeField(verbose_name="time of the event")),
                (
                    "status",
                    models.CharField(
                        choices=[("pending", "waiting"), ("delivered", "delivered"), ("failed", "failed")],
                        db_default="pending",
                        default="pending",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("attempts", models.PositiveIntegerField(db_default=0, default=0, verbose_name="attempts")),
                ("next_attempt_at", models.DateTimeField(null=True, verbose_name="next attempt at")),
                ("last_attempt_at", models.DateTimeField(null=True, verbose_name="last attempt at")),
                ("last_status", models.PositiveSmallIntegerField(null=True, verbose_name="last HTTP status")),
                ("last_answer", models.TextField(blank=True, verbose_name="last answer")),
                (
                    "endpoint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="notifications.webhookendpoint",
                        verbose_name="webhook",
                    ),
                ),
            ],
            options={
                "verbose_name": "webhook delivery",
                "verbose_name_plural": "webhook deliveries",
                "ordering": ["-happened_at", "id"],
            },
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["recipient", "due_at"], name="message_by_recipient"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("provider_id", ""), _negated=True),
                fields=["provider_id"],
                name="message_by_provider_id",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.UniqueConstraint(
                condition=models.Q(("booking__isnull", False)),
                fields=("booking", "version", "kind", "offset_minutes", "recipient", "channel", "repeat"),
                name="message_once_per_booking",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.UniqueConstraint(
                condition=models.Q(("about_on__isnull", False), ("booking__isnull", True)),
                fields=("kind", "about_on", "recipient", "channel", "repeat"),
                name="message_once_per_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(("sent_at", None), ("dropped_at", None), _connector="OR"),
                name="message_is_sent_or_dropped",
            ),
        ),
        migrations.AddIndex(
            model_name="emailreport",
            index=models.Index(fields=["user", "happened_at"], name="emailreport_by_user"),
        ),
        migrations.AddConstraint(
            model_name="emailreport",
            constraint=models.UniqueConstraint(fields=("user", "digest"), name="emailreport_once_per_report"),
        ),
        migrations.AddConstraint(
            model_name="messagepreference",
            constraint=models.UniqueConstraint(
                fields=("user", "topic", "channel"), name="messagepreference_once_per_channel"
            ),
        ),
        migrations.AddIndex(
            model_name="textmessage",
            index=models.Index(fields=["month"], name="textmessage_by_month"),
        ),
        migrations.AddConstraint(
            model_name="textmessage",
            constraint=models.UniqueConstraint(
                condition=models.Q(("provider_id", ""), _negated=True),
                fields=("provider_id",),
                name="textmessage_once_per_provider_id",
            ),
        ),
        migrations.AddConstraint(
            model_name="textmessage",
            constraint=models.CheckConstraint(
                condition=models.Q(("delivered_at", None), ("failed_at", None), _connector="OR"),
                name="textmessage_is_delivered_or_failed",
            ),
        ),
        migrations.AddIndex(
            model_name="webhookdelivery",
            index=models.Index(
                fields=["endpoint", "status", "happened_at"], name="webhookdelivery_by_status"
            ),
        ),
        migrations.AddIndex(
            model_name="webhookdelivery",
            index=models.Index(fields=["happened_at"], name="webhookdelivery_by_time"),
        ),
        migrations.AddConstraint(
            model_name="webhookdelivery",
            constraint=models.UniqueConstraint(
                fields=("endpoint", "event_id"), name="webhookdelivery_once_per_event"
            ),
        ),
        migrations.AddConstraint(
            model_name="webhookdelivery",
            constraint=models.UniqueConstraint(
                fields=("endpoint", "stream", "sequence"), name="webhookdelivery_has_its_place"
            ),
        ),
        migrations.AddConstraint(
            model_name="webhookdelivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "pending"), _negated=True),
                    ("next_attempt_at__isnull", False),
                    _connector="OR",
                ),
                name="webhookdelivery_pending_has_a_time",
            ),
        ),
    ]
