"""Messages per visit type: preparation, reminders, questions before the visit, follow-up."""

import django.contrib.postgres.fields
import django.core.validators
from django.db import migrations, models

import clinics.reminder_offsets


class Migration(migrations.Migration):
    dependencies = [
        ("clinics", "0010_reminder_offsets"),
        ("scheduling", "0009_booking_version"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="intakequestion",
            options={
                "ordering": ["position", "id"],
                "verbose_name": "question",
                "verbose_name_plural": "questions",
            },
        ),
        migrations.AddField(
            model_name="intakequestion",
            name="asked",
            field=models.CharField(
                choices=[("when_booking", "when booking"), ("before_visit", "before the visit")],
                db_default="when_booking",
                default="when_booking",
                max_length=12,
                verbose_name="asked",
            ),
        ),
        migrations.AddField(
            model_name="visittype",
            name="bring",
            field=models.TextField(
                blank=True,
                db_default="",
                help_text="Patients read it in the confirmation and in reminders.",
                max_length=1000,
                verbose_name="what to bring",
            ),
        ),
        migrations.AddField(
            model_name="visittype",
            name="follow_up_days",
            field=models.PositiveSmallIntegerField(
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
        migrations.AddField(
            model_name="visittype",
            name="follow_up_text",
            field=models.TextField(
                blank=True,
                db_default="",
                help_text="Do not write anything about health: emails can be read by others.",
                max_length=1000,
                verbose_name="follow-up message",
            ),
        ),
        migrations.AddField(
            model_name="visittype",
            name="preparation",
            field=models.TextField(
                blank=True,
                db_default="",
                help_text="Patients read it in the confirmation and in reminders. For example: Do not eat for 8 hours.",
                max_length=1000,
                verbose_name="how to prepare",
            ),
        ),
        migrations.AddField(
            model_name="visittype",
            name="questionnaire_days",
            field=models.PositiveSmallIntegerField(
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
        migrations.AddField(
            model_name="visittype",
            name="reminder_minutes",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.PositiveIntegerField(),
                blank=True,
                null=True,
                size=None,
                validators=[clinics.reminder_offsets.check_reminder_offsets],
                verbose_name="reminders before the visit",
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
    ]
