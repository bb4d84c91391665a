"""Add a clinic's own wording of messages."""

import uuid

import django.db.models.functions.datetime
from django.db import migrations, models

import tenants.base.clock

_KINDS = [
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
]


def _timestamp() -> models.DateTimeField:
    """Return a field with the time of a row's creation or change."""
    return models.DateTimeField(
        db_default=django.db.models.functions.datetime.Now(), default=tenants.base.clock.now, editable=False
    )


class Migration(migrations.Migration):
    dependencies = [("notifications", "0014_message_texts")]

    operations = [
        migrations.CreateModel(
            name="MessageWording",
            fields=[
                ("created_at", _timestamp()),
                ("updated_at", _timestamp()),
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("kind", models.CharField(choices=_KINDS, max_length=24, verbose_name="message")),
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
    ]
