"""The language of the email that confirms a closed account."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("scheduling", "0021_place_directions"),
    ]

    operations = [
        migrations.AddField(
            model_name="closing",
            name="language",
            field=models.CharField(
                blank=True,
                choices=[("en", "English"), ("es", "Español"), ("de", "Deutsch"), ("ar", "العربية")],
                db_default="",
                max_length=2,
            ),
        ),
    ]
