"""The kinds of messages to staff, and what each member of staff wants to receive."""

from datetime import timedelta

from notifications.models import Message
from notifications.models.staff_notices import NoticeMode, StaffNotices
from tenants.accounts.models import User

_Kind = Message.Kind

TOPICS = {
    _Kind.STAFF_BOOKED: "booked",
    _Kind.STAFF_CANCELLED: "cancelled",
    _Kind.STAFF_RESCHEDULED: "rescheduled",
    _Kind.STAFF_OFFER_TAKEN: "offer_taken",
    _Kind.STAFF_ATTENDANCE: "attendance",
    _Kind.STAFF_NOT_DELIVERED: "not_delivered",
}
"""The field of `StaffNotices` by the kind of message about one booking."""
STAFF_KINDS = frozenset({*TOPICS, _Kind.STAFF_DIGEST, _Kind.STAFF_DAY})
LATEST = timedelta(hours=4)
"""How long after its hour a schedule or digest is still sent, for example after downtime."""
STAFF_ROLES = (User.Role.DOCTOR, User.Role.ADMIN, User.Role.RECEPTIONIST)
KINDS_BY_EVENT = {
    "booked": _Kind.STAFF_BOOKED,
    "cancelled": _Kind.STAFF_CANCELLED,
    "rescheduled": _Kind.STAFF_RESCHEDULED,
    "attendance_confirmed": _Kind.STAFF_ATTENDANCE,
}
"""The kind of message by the kind of `BookingEvent`. A booking from the waiting list is an accepted offer."""


def default_notices(user: User) -> StaffNotices:
    """Return the defaults: changes once a day for doctors, failed messages once a day for the front desk."""
    is_doctor = user.role == User.Role.DOCTOR
    changes = NoticeMode.DIGEST if is_doctor else NoticeMode.OFF
    modes = dict.fromkeys(TOPICS.values(), changes)
    failed = NoticeMode.OFF if is_doctor else NoticeMode.DIGEST
    return StaffNotices(user=user, **{**modes, "not_delivered": failed})


def notices_of(user: User) -> StaffNotices:
    """Return what a member of staff has chosen, or the defaults of the role (not stored)."""
    return StaffNotices.objects.filter(user=user).first() or default_notices(user)


def mode_of(notices: StaffNotices, kind: str) -> str:
    """Return how somebody wants to hear of changes of this kind."""
    return str(getattr(notices, TOPICS[Message.Kind(kind)]))
