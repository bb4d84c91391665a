"""Reasons not to send: the recipient is no carer any more, the questions are answered."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0016_email_sender"),
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
    ]
