"""Webhooks for started visits and undone steps; follow-ups of visits that were completed no longer."""

import django.contrib.postgres.fields
from django.db import migrations, models

import notifications.models.webhooks


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0018_index_of_failed_messages"),
    ]

    operations = [
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
                    ("reopened_since", "the visit was no longer marked as completed"),
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
        migrations.AlterField(
            model_name="webhookendpoint",
            name="event_types",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("booking.created", "booking created"),
                        ("booking.confirmed", "booking confirmed by the clinic"),
                        ("booking.attendance_confirmed", "booking: patient will come"),
                        ("booking.rescheduled", "booking rescheduled"),
                        ("booking.details_changed", "booking: place or doctor's name changed"),
                        ("booking.cancelled", "booking cancelled"),
                        ("booking.checked_in", "booking: patient checked in"),
                        ("booking.started", "booking: visit started"),
                        ("booking.completed", "booking completed"),
                        ("booking.no_show", "booking: patient did not come"),
                        ("booking.reopened", "booking: last step undone"),
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
    ]
