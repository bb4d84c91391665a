"""Let an email address have one owner and any number of accounts that have not confirmed it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0011_rename_attempt_counter"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="user",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("email_verified_at__isnull", False),
                    models.Q(("role", "patient"), _negated=True),
                    _connector="OR",
                ),
                fields=("email",),
                name="user_email_has_one_owner",
                violation_error_message="There is already an account with this email address.",
            ),
        ),
        migrations.AddIndex(
            model_name="user",
            index=models.Index(fields=["email"], name="user_email"),
        ),
        migrations.AlterField(
            model_name="user",
            name="email",
            field=models.EmailField(max_length=254, verbose_name="email address"),
        ),
    ]
