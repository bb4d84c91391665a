"""Add the id of the request that caused a job to the queue."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tenants", "0011_lane_of_feeds"),
    ]

    operations = [
        migrations.AddField(
            model_name="queueline",
            name="request_id",
            field=models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
    ]
