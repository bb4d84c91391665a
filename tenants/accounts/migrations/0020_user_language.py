"""The language that a user has chosen for pages and messages."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0019_audit_of_cancelled_email_changes"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="language",
            field=models.CharField(
                blank=True,
                choices=[("en", "English"), ("es", "Español"), ("de", "Deutsch"), ("ar", "العربية")],
                db_default="",
                help_text="For patients. Leave empty for the clinic's default language.",
                max_length=2,
                verbose_name="language of pages and messages",
            ),
        ),
    ]
