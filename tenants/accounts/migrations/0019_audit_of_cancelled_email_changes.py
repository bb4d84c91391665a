"""Kind of audit entry for a request for a new email address that was cancelled."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0018_audit_of_merged_patients"),
    ]

    operations = [
        migrations.AlterField(
            model_name="auditentry",
            name="what",
            field=models.CharField(
                choices=[
                    ("signed_in", "signed in"),
                    ("sign_in_refused", "sign-in refused"),
                    ("session_ended", "session ended"),
                    ("signed_out_everywhere", "signed out everywhere"),
                    ("second_factor_refused", "sign-in code refused"),
                    ("second_factor_on", "two-step sign-in turned on"),
                    ("second_factor_off", "two-step sign-in turned off"),
                    ("second_factor_reset", "two-step sign-in reset"),
                    ("recovery_codes_made", "recovery codes created"),
                    ("recovery_code_used", "recovery code used"),
                    ("invited", "invited"),
                    ("withdrawn", "invitation withdrawn"),
                    ("joined", "invitation accepted"),
                    ("read", "viewed"),
                    ("listed", "viewed in a list"),
                    ("added", "added"),
                    ("changed", "changed"),
                    ("address_confirmed", "email address confirmed"),
                    ("address_change_asked", "new email address requested"),
                    (
                        "address_change_cancelled",
                        "request for a new email address cancelled",
                    ),
                    ("address_changed", "email address changed"),
                    ("removed", "removed"),
                    ("booked", "booked"),
                    ("overbooked", "double-booked"),
                    ("confirmed", "confirmed"),
                    ("rescheduled", "rescheduled"),
                    ("checked_in", "checked in"),
                    ("started", "visit started"),
                    ("completed", "completed"),
                    ("step_undone", "last step undone"),
                    ("merged", "merged"),
                    ("merge_undone", "merge undone"),
                    ("no_show", "marked as no-show"),
                    ("cancelled", "cancelled"),
                    ("refused", "refused"),
                    ("exported", "exported"),
                    ("closed", "closed"),
                    ("erased", "erased"),
                    ("opened", "opened"),
                    ("suspended", "suspended"),
                    ("resumed", "resumed"),
                    ("renamed", "renamed"),
                    ("restored", "restored"),
                    ("reopened", "reopened"),
                    ("dropped", "deleted"),
                    ("domain_claimed", "domain added"),
                    ("domain_proven", "domain verified"),
                    ("domain_primary", "domain made primary"),
                    ("domain_removed", "domain removed"),
                    ("approved", "sign-up approved"),
                ],
                max_length=24,
                verbose_name="action",
            ),
        ),
    ]
