"""An index of the messages that failed, which the portal lists."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0017_message_not_recipient"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("status", "PARKED")), fields=["parked_at"], name="message_failed"
            ),
        ),
    ]
