"""An offer can be withdrawn by the clinic. The choices are not in the database: no SQL."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("scheduling", "0007_hours_overlap_by_place")]

    operations = [
        migrations.AlterField(
            model_name="waitlistoffer",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("open", "waiting for an answer"),
                    ("taken", "accepted"),
                    ("declined", "declined"),
                    ("expired", "expired"),
                    ("revoked", "withdrawn by the clinic"),
                ],
                default="open",
                max_length=8,
                verbose_name="outcome",
            ),
        ),
    ]
