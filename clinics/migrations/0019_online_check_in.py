"""Whether patients can check in online."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clinics", "0018_doctor_sex"),
    ]

    operations = [
        migrations.AddField(
            model_name="clinicsettings",
            name="online_check_in",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="For appointments in person. Patients then tell the clinic on their phone that they have arrived, from 60 minutes before the start. Print the sign with the QR code for the door.",
                verbose_name="patients can check in online",
            ),
        ),
    ]
