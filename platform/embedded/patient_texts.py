"""Which files hold texts that patients read. Only these texts are translated into further languages.

Staff and operators read English. A file that is not listed here is taken to be for patients, so that a new
text is never forgotten.
"""

from fnmatch import fnmatchcase

STAFF_FILES = (
    # Django Admin, the names of models and fields in it, and the operators' console.
    "*/admin.py",
    "*/admin/*",
    "*_admin.py",
    "*/admin_*.py",
    "*/apps.py",
    "*/models.py",
    "*/models/*",
    "platform/console/*",
    "platform/config/templates/admin/*",
    "tenants/accounts/audit/*",
    "tenants/accounts/invitations/*",
    "tenants/accounts/second_factor/pages.py",
    "tenants/accounts/templates/accounts/audit_*",
    "tenants/accounts/templates/accounts/second_factor_*",
    "tenants/accounts/templates/admin/*",
    "tenants/domains/*",
    "tenants/services/*",
    "tenants/base/locales.py",
    "clinics/image_processing.py",
    "clinics/planning.py",
    "clinics/reminder_offsets.py",
    "clinics/api/invitations.py",
    "clinics/api/photos.py",
    "clinics/services/*",
    "clinics/templates/clinics/check_in_sign.html",
    "clinics/templates/clinics/domain*",
    "clinics/templates/clinics/portal.html",
    "clinics/templates/clinics/preview*",
    "clinics/templates/clinics/settings_form.html",
    "scheduling/bookings/api/panel.py",
    "scheduling/bookings/panel.py",
    "scheduling/bookings/undo.py",
    "scheduling/bookings/last_change.py",
    "scheduling/calendar/local_times.py",
    "scheduling/clock/overlaps.py",
    "scheduling/clock/planning.py",
    "scheduling/clock/time_off.py",
    "scheduling/hours/*",
    "scheduling/merging/*",
    "scheduling/moving/*",
    "scheduling/outside_calendars/*",
    "scheduling/patients/*",
    "scheduling/schedule_changes/*",
    "scheduling/slots/*",
    "scheduling/staff_calendar/*",
    "scheduling/staff_home/*",
    "scheduling/time_off/*",
    "scheduling/visit_notes/*",
    "scheduling/waitlist/api/portal.py",
    "scheduling/templates/scheduling/*.html",
    # The texts about messages that staff read, and the messages to staff.
    "notifications/api/absences.py",
    "notifications/api/contact_log.py",
    "notifications/api/staff_notices.py",
    "notifications/linting/*",
    "notifications/services/*",
    "notifications/staff_emails.py",
    "notifications/templates/notifications/invitation.*",
    "notifications/templates/notifications/outside_calendar*",
    "notifications/templates/notifications/own_notices.html",
    "notifications/templates/notifications/placeholders.html",
    "notifications/templates/notifications/messages.html",
    "notifications/templates/notifications/message.html",
    "notifications/templates/notifications/preview*",
    "notifications/templates/notifications/sms_*",
    "notifications/templates/notifications/staff_*",
    "notifications/templates/notifications/webhook*",
    "notifications/templates/notifications/wording_*",
    "notifications/wording/placeholders.py",
)
"""Files whose texts only staff read, as patterns. `*` stands for folders too."""

PATIENT_FILES = (
    # Texts of refusals and statuses that a patient can get.
    "tenants/accounts/models/users.py",
    "scheduling/models/clock_field.py",
    "notifications/models/preferences.py",
    "clinics/services/text_messages.py",
    "scheduling/templates/scheduling/pages/*",
)
"""Exceptions: files with texts for patients, which a pattern of `STAFF_FILES` matches."""


def is_for_patients(path: str) -> bool:
    """Return whether patients read texts of a file, given its path in the project."""
    return _matches(path, PATIENT_FILES) or not _matches(path, STAFF_FILES)


def _matches(path: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(path, pattern) for pattern in patterns)
