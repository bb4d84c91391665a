"""The ledger of messages: booking and version, channel, offset, status, attempts and errors."""

import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import tenants.base.clock

BACKFILL = """
UPDATE notifications_message AS message SET updated_at = now(), booking_id = event.booking_id,
    version = (
        SELECT count(*) FROM scheduling_bookingevent AS earlier
        WHERE earlier.booking_id = event.booking_id AND earlier.kind = 'rescheduled'
            AND (earlier.created_at, earlier.id) <= (event.created_at, event.id)),
    status = CASE WHEN message.sent_at IS NOT NULL THEN 'SENT'
        WHEN message.dropped_at IS NOT NULL THEN 'DROPPED' ELSE 'PLANNED' END
FROM scheduling_bookingevent AS event WHERE event.id = message.event_id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0007_withdrawn_offers"),
        ("scheduling", "0009_booking_version"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
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
            ],
            options={
                "verbose_name": "message preference",
                "verbose_name_plural": "message preferences",
                "ordering": ["user", "topic", "channel"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="message",
            name="message_one_per_event_and_recipient",
        ),
        migrations.AddField(
            model_name="message",
            name="about_on",
            field=models.DateField(null=True, verbose_name="about the day"),
        ),
        migrations.AddField(
            model_name="message",
            name="attempts",
            field=models.PositiveIntegerField(db_default=0, default=0, verbose_name="attempts"),
        ),
        migrations.AddField(
            model_name="message",
            name="booking",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="messages",
                to="scheduling.booking",
                verbose_name="booking",
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="channel",
            field=models.CharField(
                choices=[("email", "email"), ("sms", "text message")],
                db_default="email",
                default="email",
                max_length=8,
                verbose_name="channel",
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="last_error",
            field=models.CharField(blank=True, db_default="", max_length=500, verbose_name="last error"),
        ),
        migrations.AddField(
            model_name="message",
            name="offset_minutes",
            field=models.PositiveIntegerField(db_default=0, default=0, verbose_name="offset (minutes)"),
        ),
        migrations.AddField(
            model_name="message",
            name="parked_at",
            field=models.DateTimeField(null=True, verbose_name="failed at"),
        ),
        migrations.AddField(
            model_name="message",
            name="parked_because",
            field=models.CharField(
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
        migrations.AddField(
            model_name="message",
            name="provider_id",
            field=models.CharField(blank=True, db_default="", editable=False, max_length=200),
        ),
        migrations.AddField(
            model_name="message",
            name="sent_with",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="included",
                to="notifications.message",
                verbose_name="sent with",
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="status",
            field=models.CharField(
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
        migrations.AddField(
            model_name="message",
            name="version",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AlterField(
            model_name="message",
            name="dropped_because",
            field=models.CharField(
                blank=True,
                choices=[
                    ("offer_over", "the offer had expired"),
                    ("too_late", "it was too late"),
                    ("account_closed", "the account was closed"),
                    ("cancelled_since", "the appointment had been cancelled"),
                    ("confirmed_since", "the appointment had been confirmed"),
                    ("moved_since", "the appointment had been rescheduled again"),
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
        migrations.AlterField(
            model_name="message",
            name="event",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="messages",
                to="scheduling.bookingevent",
            ),
        ),
        migrations.AlterField(
            model_name="message",
            name="kind",
            field=models.CharField(
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
        migrations.RunSQL(BACKFILL, migrations.RunSQL.noop, elidable=True),
        migrations.AddField(
            model_name="messagepreference",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="message_preferences",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="messagepreference",
            constraint=models.UniqueConstraint(
                fields=("user", "topic", "channel"), name="messagepreference_once_per_channel"
            ),
        ),
    ]
