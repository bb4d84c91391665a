"""Records of newcomers who hold a time, and whether new patients are asked for their date of birth."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0019_audit_of_cancelled_email_changes"),
        ("clinics", "0016_home_page"),
    ]

    operations = [
        migrations.AddField(
            model_name="patient",
            name="is_newcomer",
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
        migrations.AddConstraint(
            model_name="patient",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_newcomer", False))
                | models.Q(
                    ("date_of_birth", None),
                    ("first_name", ""),
                    ("last_name", ""),
                    ("phone", ""),
                    ("user", None),
                ),
                name="patient_newcomer_has_no_details",
            ),
        ),
        migrations.AddField(
            model_name="clinicsettings",
            name="ask_date_of_birth",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="New patients then enter it when they book for the first time.",
                verbose_name="ask new patients for their date of birth",
            ),
        ),
    ]
