"""The introduction of the OpenAPI document and its sections, in the order in which they are shown.

An operation belongs to the first tag with a prefix that its path (below `/api/`) starts with.
"""

from typing import NamedTuple

DESCRIPTION = """\
Book appointments at one clinic. Every clinic has its own host, and each host serves this API below `/api/`.

**Envelope.** A success is `{"success": true, "data": …, "message": "…"}`. The `message` says what has
happened ("Booking confirmed."); it is empty for reads. A failure is
`{"success": false, "data": null, "message": "…", "code": "slot_taken", "errors": {"field": ["…"]}}`. Show
`message` to the user and use `code` in programs. Every operation lists its codes.

**Failures of every operation.** 405 `method_not_allowed`; 406 `not_acceptable`, because responses are JSON;
415 `unsupported_media_type`, because request bodies are JSON; 503 `unavailable` or `clinic_suspended`; 410
`clinic_has_closed`.

**Sign-in.** Send the access token as `Authorization: Bearer …`. It is valid for 10 minutes and only at the
clinic that issued it. Get a new one with `auth/refresh/`.

**Times** are ISO 8601 in UTC. An object with a time also names the clinic's `time_zone` and the local time.
Days in requests are days of the clinic's calendar. **Lists** are paginated with `page` and `page_size`.
"""


class Tag(NamedTuple):
    """A section, its text and the paths in it."""

    name: str
    description: str
    prefixes: tuple[str, ...]


TAGS = (
    Tag(
        "Clinic",
        "The clinic that this host belongs to: name, contact details, branding, booking rules, visit types.",
        ("clinic/",),
    ),
    Tag(
        "Sign-in",
        "Create an account, sign in, refresh and end sessions, verify in two steps, reset a password.",
        ("auth/",),
    ),
    Tag(
        "Patients",
        "Patient records, for the clinic's staff. Every read is written to the audit log.",
        ("users/patients/",),
    ),
    Tag(
        "My account",
        "A patient's dependants, and the export and deletion of personal data.",
        ("users/",),
    ),
    Tag(
        "Availability",
        "Find open slots, and find out why a time cannot be booked.",
        ("appointments/available/", "appointments/explain/", "appointments/holidays/"),
    ),
    Tag(
        "Bookings",
        "Hold a slot, book it, and read, reschedule or cancel the booking.",
        (
            "appointments/bookings/",
            "appointments/check-in/",
            "appointments/holds/",
            "appointments/my-bookings/",
        ),
    ),
    Tag(
        "Recurring visits",
        "Book visits that repeat every week or month.",
        ("appointments/series/",),
    ),
    Tag(
        "Visit chains",
        "Book several visits that follow each other, such as the nurse first and then the doctor.",
        ("appointments/chains/",),
    ),
    Tag(
        "Waiting list",
        "Wait for a slot to become free, and accept or decline it when it is offered.",
        ("appointments/waitlist/",),
    ),
    Tag(
        "Schedule",
        "A doctor's slots, weekly hours and dated exceptions, and the effect of clock changes on them.",
        (
            "appointments/my-appointments/",
            "appointments/availability/",
            "appointments/slots/",
            "appointments/working-hours/",
            "appointments/exceptions/",
            "appointments/clock-report/",
            "portal/hours/",
            "portal/slots/",
        ),
    ),
    Tag(
        "Outside calendars",
        "Calendars outside the clinic whose busy times block a doctor's time.",
        ("portal/outside-calendars/",),
    ),
    Tag(
        "Absences",
        "A doctor is ill or away: preview the appointments in that time, and move or cancel them.",
        ("portal/absences/",),
    ),
    Tag(
        "Time off",
        "Time off for one doctor or for the whole clinic, and what happens to the bookings in it.",
        ("appointments/time-off/",),
    ),
    Tag(
        "Staff portal",
        "What doctors and the front desk work with: calendar, board, patients, free times for a caller.",
        ("portal/",),
    ),
    Tag(
        "Calendar feeds",
        "Links that a calendar program can subscribe to.",
        ("appointments/feeds/",),
    ),
    Tag(
        "Text messages",
        "Reports of the clinic's provider of text messages: deliveries, failures, and answers such as STOP.",
        ("text-messages/",),
    ),
)


def tag_for(path: str) -> str:
    """Return the name of the tag for a path below `/api/`.

    :raises LookupError: no tag has a prefix of it
    """
    for tag in TAGS:
        if path.startswith(tag.prefixes):
            return tag.name
    raise LookupError(f"{path} belongs to no tag of config.api_tags.TAGS.")


ENUM_NAMES = {
    "RoleEnum": "tenants.accounts.models.User.Role",
    "StaffRoleEnum": "tenants.accounts.models.invitation.Invitation.Role",
    "BookingStatusEnum": "scheduling.models.bookings.Booking.Status",
    "BookingEventKindEnum": "scheduling.models.bookings.BookingEvent.Kind",
    "MessageKindEnum": "notifications.models.messages.Message.Kind",
    "WaitlistStatusEnum": "scheduling.models.waitlist.WaitlistEntry.Status",
    "SlotFilterEnum": ["free", "blocked", "booked"],
    "SlotStatusEnum": ["free", "blocked"],
    "NoticeModeEnum": "notifications.models.staff_notices.NoticeMode",
    "ChannelEnum": "notifications.models.messages.Channel",
    "TimeOffActionEnum": ["keep", "move", "cancel"],
}
"""The names of enumerations in the OpenAPI document that drf-spectacular could not tell apart."""
