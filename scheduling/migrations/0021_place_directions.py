"""How to get to a place, for the home page."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("scheduling", "0020_addresses_entered_again"),
    ]

    operations = [
        migrations.AddField(
            model_name="place",
            name="directions",
            field=models.TextField(
                blank=True,
                db_default="",
                help_text="Public transport, parking and access without steps. Shown on the home page.",
                max_length=1000,
                verbose_name="how to get there",
            ),
        ),
    ]
