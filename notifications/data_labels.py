"""The words of the page on which patients read their own data: labels of fields, and codes as text."""

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from scheduling.bookings.status_labels import STATUS_LABELS

_PERSON: dict[str, Promise] = {
    "first_name": _("First name"),
    "last_name": _("Last name"),
    "name": _("Name"),
    "email": _("Email address"),
    "old_email": _("Old email address"),
    "email_verified_at": _("Email address confirmed"),
    "email_problem": _("Problem with emails to you"),
    "has_password": _("You have a password"),
    "language": _("Language"),
    "phone_display": _("Phone number"),
    "date_of_birth": _("Date of birth"),
    "address": _("Address"),
    "allergies": _("Allergies"),
    "conditions": _("Medical conditions"),
    "medication": _("Medication"),
    "emergency_contact_name": _("Emergency contact"),
    "emergency_contact_phone_display": _("Emergency contact’s phone number"),  # noqa: RUF001
    "insurance_provider": _("Insurance company"),
    "insurance_number": _("Policy number"),
}
_APPOINTMENTS: dict[str, Promise] = {
    "when": _("Date and time"),
    "status": _("Status"),
    "doctor": _("Doctor"),
    "specialty": _("Specialty"),
    "patient": _("Patient"),
    "visit_type": _("Type of visit"),
    "place": _("Place"),
    "room": _("Room"),
    "reason": _("Reason"),
    "answers": _("Your answers"),
    "attendance_confirmed_at": _("You confirmed that you will come"),
    "history": _("History"),
    "visit_notes": _("Doctor’s notes"),  # noqa: RUF001
    "cancelled_at": _("Cancelled"),
    "first_on": _("Earliest date"),
    "last_on": _("Latest date"),
    "weekdays": _("Days of the week"),
    "offers": _("Offers"),
    "offers_missed": _("Offers not answered"),
    "offered_at": _("Offered"),
    "answered_at": _("Answered"),
    "outcome": _("Result"),
}
_ACCOUNT: dict[str, Promise] = {
    "created_at": _("Created"),
    "made_at": _("Created"),
    "last_login": _("Last sign-in"),
    "at": _("Date and time"),
    "happened_at": _("Date and time"),
    "what": _("Action"),
    "channel": _("Sent by"),
    "topic": _("Messages"),
    "is_wanted": _("You want these messages"),
    "answer": _("Answer of the mail server"),
    "subject": _("Subject"),
    "text": _("Text"),
    "ip_address": _("IP address"),
    "browser": _("Browser"),
    "system": _("Device"),
    "begun_at": _("Signed in"),
    "last_used_at": _("Last used"),
    "last_read_at": _("Last used"),
    "expires_at": _("Expires"),
    "ended_at": _("Revoked"),
    "asked_at": _("Requested"),
    "confirmed_at": _("Confirmed"),
    "due_at": _("Planned"),
    "sent_at": _("Sent"),
    "used_at": _("Used"),
    "not_sent_because": _("Not sent because"),
}
LABELS = {**_PERSON, **_APPOINTMENTS, **_ACCOUNT}
"""The label of each field of the export that is shown."""

_STATUSES: dict[str, Promise] = {
    **{status.lower(): label for status, label in STATUS_LABELS.items()},
    "waiting": _("Waiting"),
    "offered": _("Offer sent"),
    "booked": _("Booked"),
    "ended": _("Ended"),
    "open": _("Waiting for your answer"),
    "taken": _("Accepted"),
    "declined": _("Declined"),
    "expired": _("Expired"),
    "revoked": _("Withdrawn by the clinic"),
}
_EVENTS: dict[str, Promise] = {
    "released": _("Hold ended"),
    "rescheduled": _("Date or time changed"),
    "details_changed": _("Details changed"),
    "started": _("Visit started"),
    "reopened": _("Last step undone"),
    "attendance_confirmed": _("Confirmed that you will come"),
    "answered": _("Questions answered"),
    "written_to": _("Message sent to you"),
    "patient": _("by you or a carer"),
    "doctor": _("by the doctor"),
    "receptionist": _("by the clinic"),
    "admin": _("by the clinic"),
}
_MESSAGES: dict[str, Promise] = {
    "confirmation": _("Appointment confirmed"),
    "requested": _("Appointment requested"),
    "cancellation": _("Appointment cancelled"),
    "reminder": _("Reminder"),
    "questionnaire": _("Questions before the visit"),
    "follow_up": _("Follow-up after the visit"),
    "clinic_note": _("Message from the clinic"),
    "offer": _("Appointment available"),
    "offer_withdrawn": _("Offer withdrawn"),
    "email": _("Email"),
    "sms": _("Text message"),
    "reminders": _("Reminders"),
    "questionnaires": _("Questions before a visit"),
    "follow_ups": _("Follow-up messages"),
    "offers": _("Waiting list offers"),
    "bounced": _("The email was returned"),
    "delayed": _("The email was delayed"),
    "complaint": _("Reported as spam"),
    "unsubscribed": _("Unsubscribed"),
}
_NOT_SENT: dict[str, Promise] = {
    "offer_over": _("the offer had expired"),
    "too_late": _("it was too late"),
    "account_closed": _("the account was closed"),
    "cancelled_since": _("the appointment had been cancelled"),
    "confirmed_since": _("the appointment had been confirmed"),
    "moved_since": _("the appointment had been changed again"),
    "reopened_since": _("the visit was no longer marked as completed"),
    "answered_since": _("the questions had been answered"),
    "not_recipient": _("you no longer care for the patient"),
    "not_wanted": _("you have switched such messages off"),
    "unconfirmed": _("the email address is not confirmed"),
    "restored": _("the clinic was restored from a copy"),
    "by_staff": _("the clinic cancelled it"),
}
_ACTIVITY: dict[str, Promise] = {
    "signed_in": _("Signed in"),
    "sign_in_refused": _("Sign-in refused"),
    "session_ended": _("Signed out"),
    "signed_out_everywhere": _("Signed out everywhere"),
    "second_factor_refused": _("Sign-in code refused"),
    "second_factor_on": _("Two-step sign-in turned on"),
    "second_factor_off": _("Two-step sign-in turned off"),
    "second_factor_reset": _("Two-step sign-in reset"),
    "recovery_codes_made": _("Recovery codes created"),
    "recovery_code_used": _("Recovery code used"),
    "read": _("Viewed"),
    "listed": _("Viewed in a list"),
    "added": _("Created"),
    "changed": _("Changed"),
    "address_confirmed": _("Email address confirmed"),
    "address_change_asked": _("New email address requested"),
    "address_change_cancelled": _("Request for a new email address cancelled"),
    "address_changed": _("Email address changed"),
    "removed": _("Removed"),
    "step_undone": _("Last step undone"),
    "merged": _("Merged"),
    "merge_undone": _("Merge undone"),
    "overbooked": _("Booked"),
    "refused": _("Refused"),
    "exported": _("Data downloaded or viewed"),
    "closed": _("Closed"),
    "erased": _("Deleted"),
}
CODES = {**_STATUSES, **_EVENTS, **_MESSAGES, **_NOT_SENT, **_ACTIVITY}
"""The text of each code of the API, in lower case."""


def field_label(name: str) -> str:
    """Return the label of a field of the export. A field without one gets its own name: “Room number”."""
    return str(LABELS[name]) if name in LABELS else _sentence(name)


def code_text(code: str) -> str:
    """Return a code of the API as text. One without a text is spelled out."""
    return str(CODES[code.lower()]) if code.lower() in CODES else _sentence(code)


def yes_or_no(value: bool) -> str:
    """Return the value in words."""
    return gettext("Yes") if value else gettext("No")


def _sentence(name: str) -> str:
    words = name.lower().replace("_", " ")
    return words[:1].upper() + words[1:]
