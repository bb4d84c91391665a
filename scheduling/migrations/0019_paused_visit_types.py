"""Let doctors pause single visit types."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clinics", "0015_doctor_photo"),
        ("scheduling", "0018_past_overlaps"),
    ]

    operations = [
        migrations.AddField(
            model_name="visittype",
            name="paused_by",
            field=models.ManyToManyField(
                blank=True,
                help_text="These doctors take no bookings for it at present. "
                "They can change this in the portal.",
                related_name="paused_visit_types",
                to="clinics.doctor",
                verbose_name="paused by",
            ),
        ),
    ]
