from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_audit_log")]

    operations = [
        migrations.AlterField(
            model_name="user",
            name="role",
            field=models.CharField(
                choices=[
                    ("patient", "patient"),
                    ("doctor", "doctor"),
                    ("admin", "clinic admin"),
                    ("receptionist", "receptionist"),
                    ("operator", "platform operator"),
                ],
                default="patient",
                max_length=12,
                verbose_name="role",
            ),
        ),
    ]
