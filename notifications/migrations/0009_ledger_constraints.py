"""One message for each booking, version, kind, offset, recipient and channel."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0008_ledger")]

    operations = [
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
                fields=("booking", "version", "kind", "offset_minutes", "recipient", "channel"),
                name="message_once_per_booking",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.UniqueConstraint(
                condition=models.Q(("about_on__isnull", False), ("booking__isnull", True)),
                fields=("kind", "about_on", "recipient", "channel"),
                name="message_once_per_day",
            ),
        ),
    ]
