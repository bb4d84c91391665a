from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0002_calendar_feeds"),
    ]

    operations = [
        migrations.AlterField(
            model_name="message",
            name="kind",
            field=models.CharField(
                choices=[
                    ("confirmation", "appointment confirmed"),
                    ("requested", "appointment requested"),
                    ("rescheduled", "appointment moved"),
                    ("cancellation", "appointment cancelled"),
                    ("offer", "free time offered"),
                ],
                max_length=16,
                verbose_name="what",
            ),
        ),
    ]
