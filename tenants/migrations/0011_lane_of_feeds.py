"""Add the lane of outside calendars to the queue. It changes no table."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tenants", "0010_heartbeats"),
    ]

    operations = [
        migrations.AlterField(
            model_name="queueline",
            name="lane",
            field=models.CharField(
                choices=[("work", "Work"), ("delivery", "Delivery"), ("feeds", "Feeds")],
                db_default="work",
                default="work",
                max_length=8,
            ),
        ),
    ]
