"""Webhooks: the endpoints of a clinic's own systems, and their deliveries."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import notifications.models.webhooks
import tenants.base.clock


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0010_text_messages"),
    ]

    operations = [
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
                "indexes": [
                    models.Index(
                        fields=["endpoint", "status", "happened_at"], name="webhookdelivery_by_status"
                    ),
                    models.Index(fields=["happened_at"], name="webhookdelivery_by_time"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("endpoint", "event_id"), name="webhookdelivery_once_per_event"
                    ),
                    models.UniqueConstraint(
                        fields=("endpoint", "stream", "sequence"), name="webhookdelivery_has_its_place"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "pending"), _negated=True),
                            ("next_attempt_at__isnull", False),
                            _connector="OR",
                        ),
                        name="webhookdelivery_pending_has_a_time",
                    ),
                ],
            },
        ),
    ]
