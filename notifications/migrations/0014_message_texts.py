"""Store the text of sent messages, and count how often staff sent one again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0013_staff_notices")]

    operations = [
        migrations.AddField(
            model_name="message",
            name="subject",
            field=models.CharField(blank=True, db_default="", max_length=300, verbose_name="subject"),
        ),
        migrations.AddField(
            model_name="message",
            name="text",
            field=models.TextField(blank=True, db_default="", verbose_name="text"),
        ),
        migrations.AddField(
            model_name="message",
            name="repeat",
            field=models.PositiveSmallIntegerField(db_default=0, default=0, verbose_name="repeat"),
        ),
        migrations.RemoveConstraint(model_name="message", name="message_once_per_booking"),
        migrations.RemoveConstraint(model_name="message", name="message_once_per_day"),
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
    ]
