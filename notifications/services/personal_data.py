"""Export all data that a clinic stores about a user."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Q, QuerySet, When

from clinics.models import Doctor, Patient
from clinics.selectors import dependants_of, get_profile
from notifications.models import CalendarFeed, EmailReport, Message, MessagePreference, StaffNotices
from scheduling.models import Booking, WaitlistEntry
from tenants.accounts.audit.services import AuditAction, write_audit_entries
from tenants.accounts.models import (
    AuditEntry,
    EmailChange,
    EmailCode,
    EmailVerification,
    PasswordReset,
    User,
    UserSession,
)
from tenants.current import current_clinic


@dataclass(frozen=True, slots=True)
class MyData:
    """The data of a user and the user's dependants."""

    exported_at: datetime
    clinic: str
    account: User
    profile: Doctor | Patient | None
    dependants: QuerySet[Patient]
    bookings: QuerySet[Booking]
    waiting_for: QuerySet[WaitlistEntry]
    messages: QuerySet[Message]
    message_preferences: QuerySet[MessagePreference]
    staff_notices: StaffNotices | None
    email_reports: QuerySet[EmailReport]
    calendar_feeds: QuerySet[CalendarFeed]
    sessions: QuerySet[UserSession]
    password_resets: QuerySet[PasswordReset]
    email_codes: QuerySet[EmailCode]
    email_verifications: QuerySet[EmailVerification]
    email_changes: QuerySet[EmailChange]
    log: QuerySet[AuditEntry]


def export_my_data(*, user: User, now: datetime) -> MyData:
    """Return all data about `user` and their dependants. The export is recorded in the audit log."""
    write_audit_entries(what=AuditAction.EXPORTED, by=user, about=[user])
    patients = Patient.objects.of_user(user)
    bookings = Booking.objects.shown().filter(patient__in=patients)
    waiting_for = WaitlistEntry.objects.filter(patient__in=patients).select_related(
        "patient", "doctor", "specialty", "visit_type"
    )
    # Requests that were entered for an address belong to the account that owns it.
    by_address = Q(email=user.email) if user.owns_email else Q()
    resets = PasswordReset.objects.filter(Q(user=user) | by_address)
    codes = EmailCode.objects.filter(by_address) if user.owns_email else EmailCode.objects.none()
    log = AuditEntry.objects.filter(Q(by=user) | Q(kind="accounts.user", record_id=str(user.pk)))
    # Show IP addresses of the user and of unknown people, not those of staff who viewed the account.
    visible_address = Case(When(Q(by=user) | Q(by=None), then="address"))
    return MyData(
        exported_at=now,
        clinic=current_clinic().name,
        account=user,
        profile=get_profile(user),
        dependants=dependants_of(user),
        bookings=bookings.prefetch_related("events__by", "visit_notes").order_by("starts_at", "id"),
        waiting_for=waiting_for.prefetch_related("offers").order_by("created_at", "id"),
        messages=Message.objects.filter(Q(recipient=user) | Q(recipient__patient__merged_into__user=user))
        .select_related("event")
        .order_by("due_at", "id"),
        staff_notices=StaffNotices.objects.filter(user=user).first(),
        message_preferences=MessagePreference.objects.filter(user=user).order_by("topic", "channel"),
        email_reports=EmailReport.objects.filter(user=user).order_by("happened_at", "id"),
        calendar_feeds=CalendarFeed.objects.filter(user=user).order_by("created_at", "id"),
        sessions=UserSession.objects.filter(user=user).order_by("created_at", "id"),
        password_resets=resets.order_by("created_at"),
        email_codes=codes.order_by("created_at"),
        email_verifications=EmailVerification.objects.filter(user=user).order_by("created_at", "id"),
        email_changes=EmailChange.objects.filter(user=user).order_by("created_at", "id"),
        log=log.annotate(visible_address=visible_address).order_by("id"),
    )
