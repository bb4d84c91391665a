"""Rename the model `Tries` to `AttemptCounter`. The table keeps its name, so no row or lock is touched."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_timestamps"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameModel("Tries", "AttemptCounter"),
                migrations.AlterModelTable("AttemptCounter", "accounts_tries"),
            ],
            # Django's RenameModel renames the content type with Python code, which cannot be replayed.
            database_operations=[
                migrations.RunSQL(
                    "UPDATE django_content_type SET model = 'attemptcounter'"
                    " WHERE app_label = 'accounts' AND model = 'tries'",
                    "UPDATE django_content_type SET model = 'tries'"
                    " WHERE app_label = 'accounts' AND model = 'attemptcounter'",
                )
            ],
        ),
    ]
