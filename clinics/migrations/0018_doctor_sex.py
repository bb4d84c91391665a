"""The sex of doctors, which patients can search for."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clinics", "0017_newcomers"),
    ]

    operations = [
        migrations.AddField(
            model_name="doctor",
            name="sex",
            field=models.CharField(
                blank=True,
                choices=[("female", "female"), ("male", "male")],
                db_default="",
                help_text="Patients can search by it. Leave empty if the doctor does not want to state it.",
                max_length=8,
                verbose_name="sex",
            ),
        ),
    ]
