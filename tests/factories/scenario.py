"""A clinic with one row of everything, for tests of access rules and isolation, and clients for its users."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django_tenants.utils import schema_context

from clinics.models import Doctor, HomePage, LegalPages, Patient, SmsSettings, Specialty
from console.models import Alarm, SignUp
from notifications.models import (
    EmailReport,
    EmailSender,
    Message,
    MessageWording,
    StaffNotices,
    TextMessage,
    WebhookDelivery,
    WebhookEndpoint,
)
from notifications.services.feeds import NewFeed, create_feed
from notifications.services.sms_limit import month_of
from notifications.services.staff_notices import save_notices
from scheduling.bookings.hold import hold_slot
from scheduling.hours.services import set_exception
from scheduling.models import (
    Booking,
    BookingEvent,
    BusyPeriod,
    Chain,
    DatedException,
    HolidayChoice,
    OutsideCalendar,
    Room,
    Series,
    Slot,
    TimeOff,
    WaitlistOffer,
)
from tenants.accounts.invitations.services import create_invitation
from tenants.accounts.models import Invitation, User, UserSession
from tenants.accounts.models.audit_entry import AuditEntry
from tenants.accounts.sessions.services import start_session
from tenants.base.clock import local_time, now
from tenants.current import enter_clinic
from tenants.models import Clinic
from tenants.phone_numbers import number_digest
from tenants.services.encryption import encrypt_secret
from tests.factories.clinic_client import ClinicClient
from tests.factories.people import (
    PASSWORD,
    make_admin,
    make_dependant,
    make_doctor,
    make_patient,
    make_receptionist,
    make_user,
)
from tests.factories.schedule import make_booking, make_hours, make_slot
from tests.factories.second_factor import sign_in_with_second_factor
from tests.factories.visit_types import make_chain, make_place, make_visit_type
from tests.factories.waitlist import make_entry, make_offer_to

_ADDRESS = "https://127.0.0.1/private.ics"
_OUTSIDE_CALENDARS = ("/api/portal/outside-calendars/", "/api/portal/outside-calendars/test/")
_HOURS = [
    f"/api/appointments/{name}/{preview}"
    for name in ("working-hours", "exceptions")
    for preview in ("", "preview/")
]
_PATHS_OF_A_DOCTOR = (
    "/api/appointments/time-off/",
    "/api/portal/calendar/",
    "/api/portal/bookable/",
    "/api/portal/hours/days/",
    "/api/portal/hours/preview-times/",
    *_OUTSIDE_CALENDARS,
)


@dataclass
class Scenario:
    """The rows of a clinic: at least one of each kind."""

    clinic: Clinic
    patient: Patient
    other_patient: Patient
    dependant: Patient
    doctor: Doctor
    other_doctor: Doctor
    admin: User
    receptionist: User
    slot: Slot
    booking: Booking
    hold: Booking
    exception: DatedException
    time_off: TimeOff
    holiday: HolidayChoice
    message: Message
    email_report: EmailReport
    email_sender: EmailSender
    offer: WaitlistOffer
    feed: NewFeed
    outside_calendar: OutsideCalendar
    series: Series
    chain: Chain
    room: Room
    next_slot: Slot

    @property
    def users(self) -> dict[str, User | None]:
        """The users by the names that the access matrix gives them, in its order."""
        return {
            "nobody": None,
            "patient": self.patient.user,
            "other patient": self.other_patient.user,
            "doctor": self.doctor.user,
            "other doctor": self.other_doctor.user,
            "admin": self.admin,
            "receptionist": self.receptionist,
        }

    def ids(self) -> dict[str, str]:
        """The primary key for each parameter of the API's paths."""
        return {
            "<uuid:doctor_id>": str(self.doctor.pk),
            "<uuid:booking_id>": str(self.booking.pk),
            "<uuid:slot_id>": str(self.slot.pk),
            "<uuid:hold_id>": str(self.hold.pk),
            "<uuid:series_id>": str(self.series.pk),
            "<uuid:chain_id>": str(self.chain.pk),
            "<uuid:entry_id>": str(self.offer.entry_id),
            "<uuid:offer_id>": str(self.offer.pk),
            "<uuid:time_off_id>": str(self.time_off.pk),
            "<uuid:session_id>": str(_make_session(self.patient)),
            "<uuid:patient_id>": str(self.patient.pk),
            "<uuid:dependant_id>": str(self.dependant.pk),
            "<uuid:calendar_id>": str(self.outside_calendar.pk),
            "<uuid:feed_id>": str(self.feed.feed.pk),
            "<str:token>": self.feed.token,
            "<str:name>": "0" * 32 + "-large",
            "<uuid:text_id>": str(_make_text(self.message).pk),
        }

    def rows(self) -> dict[str, Any]:
        """The primary key of one row of each model in the admin."""
        return {
            "accounts/user": self.admin.pk,
            "accounts/invitation": make_invitation(self.admin).pk,
            "accounts/auditentry": make_audit_entry(self.admin).pk,
            "clinics/patient": self.patient.pk,
            "clinics/doctor": self.doctor.pk,
            "clinics/specialty": Specialty.objects.get(code="audiology").pk,
            "clinics/clinicsettings": 1,
            "clinics/smssettings": SmsSettings.objects.get_or_create(pk=1)[0].pk,
            "clinics/homepage": HomePage.objects.get_or_create(pk=1)[0].pk,
            "clinics/legalpages": LegalPages.objects.get_or_create(pk=1)[0].pk,
            "scheduling/slot": self.slot.pk,
            "scheduling/visittype": self.visit_type,
            "scheduling/chain": self.chain.pk,
            "scheduling/place": self.room.place_id,
            "scheduling/room": self.room.pk,
            "scheduling/booking": self.booking.pk,
            "scheduling/datedexception": self.exception.pk,
            "scheduling/waitlistentry": self.offer.entry_id,
            "scheduling/timeoff": self.time_off.pk,
            "scheduling/holidaychoice": self.holiday.pk,
            "notifications/message": self.message.pk,
            "notifications/emailreport": self.email_report.pk,
            "notifications/emailsender": self.email_sender.pk,
            "notifications/messagewording": MessageWording.objects.get_or_create(
                kind="confirmation", defaults={"body": "See you soon."}
            )[0].pk,
            "notifications/webhookdelivery": (delivery := make_webhook_delivery()).pk,
            "notifications/webhookendpoint": delivery.endpoint_id,
            "notifications/staffnotices": make_staff_notices(self.receptionist).pk,
        }

    @cached_property
    def visit_type(self) -> UUID:
        """The visit type of the chain's first visit."""
        return self.chain.steps.all()[0].visit_type_id

    def query_for(self, path: str) -> str:
        """Return the query string that a path requires. Every user names the same doctor."""
        doctor, begins = f"doctor={self.doctor.pk}", self.slot.starts_at
        queries = {
            "/api/appointments/available/nearest/": f"slot={self.slot.pk}&{doctor}&date={begins:%Y-%m-%d}",
            **dict.fromkeys(_HOURS, f"{doctor}&date={self.exception.day}"),
            "/api/appointments/explain/": f"{doctor}&at={begins:%Y-%m-%dT%H:%M}",
            "/api/portal/slots/": f"{doctor}&kind=added",
            "/api/portal/why-not/": f"{doctor}&starts_at={begins:%Y-%m-%dT%H:%M}Z",
            **dict.fromkeys(_PATHS_OF_A_DOCTOR, doctor),
        }
        query = queries.get(path)
        return f"?{query}" if query else ""

    def body_for(self, method: str, path: str) -> Any:
        """Return a valid body for a method and path of the API; None for GET."""
        patient = self.patient.user
        assert patient is not None
        refresh = {"refresh": ""}
        if path in {"/api/auth/refresh/", "/api/auth/logout/"}:
            refresh = {"refresh": start_session(user=patient).refresh}
        local = local_time(self.slot.starts_at, self.clinic.zone)
        period = {"starts_at": _later(self.slot, 10), "ends_at": _later(self.slot, 11)}
        day_off = {"doctor": str(self.doctor.pk), "from": str(self.exception.day), "opens": "12:00"}
        return {
            "/api/portal/bookings/<uuid:booking_id>/undo/": {"status": "COMPLETED"},
            "/api/portal/bookings/<uuid:booking_id>/notes/": {"text": "Seen.", "based_on": 0},
            "/api/portal/bookings/steps/": {"step": "check_in", "bookings": [str(self.booking.pk)]},
            "/api/auth/register/": {
                "email": "new@people.example", "password": PASSWORD, "first_name": "N", "last_name": "New",
            },
            "/api/auth/login/": {"email": patient.email, "password": PASSWORD},
            "/api/auth/login/second-factor/": {"challenge": "none", "code": "123456"},
            "/api/auth/second-factor/set-up/confirm/": {"code": "123456"},
            "/api/auth/second-factor/switch-off/": {"code": "123456", "password": PASSWORD},
            "/api/auth/second-factor/recovery-codes/": {"code": "123456", "password": PASSWORD},
            "/api/auth/refresh/": refresh,
            "/api/auth/logout/": refresh,
            "/api/auth/password/change/": {"current_password": PASSWORD, "new_password": f"my {PASSWORD}"},
            "/api/auth/password/reset/": {"email": patient.email},
            "/api/auth/email/verify/": {"token": "none"},
            "/api/auth/email-code/": {"email": "new@people.example"},
            "/api/auth/email-code/sign-in/": {"code": "123456"},
            "/api/auth/email/change/": {"email": "newer@people.example", "password": PASSWORD},
            "/api/auth/email/change/confirm/": {"token": "none"},
            "/api/auth/password/reset/confirm/": {"token": "none", "password": f"another {PASSWORD}"},
            "/api/auth/invitations/show/": {"token": "none"},
            "/api/auth/invitations/accept/": {"token": "none", "password": f"another {PASSWORD}"},
            "/api/auth/profile/": {"first_name": "Mo", "last_name": "More", "phone": "020 7946 0001"},
            "/api/users/me/message-preferences/": {
                "preferences": [{"topic": "offers", "channel": "email", "is_wanted": False}],
            },
            "/api/portal/patients/<uuid:patient_id>/merge/": {"other": str(self.dependant.pk)},
            "/api/portal/patients/<uuid:patient_id>/merge/preview/": {"other": str(self.dependant.pk)},
            "/api/users/me/close/": {"password": PASSWORD},
            "/api/users/dependants/": {"first_name": "Mia", "last_name": "More"},
            "/api/users/dependants/<uuid:dependant_id>/": {"first_name": "Mia", "last_name": "More"},
            "/api/appointments/bookings/<uuid:booking_id>/reschedule/": {"slot": str(self.slot.pk)},
            "/api/appointments/bookings/<uuid:booking_id>/questions/": {"answers": {}},
            "/api/portal/bookings/<uuid:booking_id>/move/": {
                "starts_at": _later(self.slot, 10), "version": self.booking.version, "outside_hours": True,
            },
            "/api/portal/bookings/<uuid:booking_id>/move/undo/": {"version": 1},
            "/api/appointments/holds/": {"slot": str(self.slot.pk), "visit_type": str(self.visit_type)},
            "/api/appointments/bookings/": {"slot": str(self.slot.pk), "visit_type": str(self.visit_type)},
            "/api/appointments/series/": {
                "doctor": str(self.doctor.pk), "first_on": str(local.on),
                "clock": local.time,
                "unit": "week", "every": 1, "count": 2, "visit_type": str(self.visit_type),
            },
            "/api/appointments/chains/<uuid:chain_id>/book/": {
                "slots": [str(self.slot.pk), str(self.next_slot.pk)],
            },
            "/api/appointments/waitlist/": {
                "doctor": str(self.doctor.pk), "from": "2999-01-01", "to": "2999-01-31",
                "visit_type": str(self.visit_type),
            },
            "/api/portal/patients/": {
                "first_name": "Mia", "last_name": "More", "date_of_birth": "1990-01-31",
            },
            "/api/portal/patients/<uuid:patient_id>/": {"first_name": "Mia"},
            "/api/portal/waitlist/<uuid:entry_id>/offer/": {"slot": str(self.slot.pk)},
            "/api/appointments/availability/": period,
            "/api/appointments/feeds/": {"name": "My phone"},
            "/api/portal/outside-calendars/": {"address": _ADDRESS, "name": "Family"},
            "/api/portal/outside-calendars/test/": {"address": _ADDRESS},
            "/api/appointments/slots/<uuid:slot_id>/": {**period, "status": "free"},
            "/api/appointments/working-hours/": {"hours": []} if method == "POST" else [],
            "/api/appointments/working-hours/preview/": [],
            "/api/appointments/exceptions/preview/": {"date": str(self.exception.day), "intervals": []},
            "/api/appointments/exceptions/": {"date": str(self.exception.day), "intervals": []},
            "/api/appointments/time-off/": day_off,
            "/api/appointments/time-off/preview/": day_off,
        }.get(path, {}) if method != "GET" else None  # fmt: skip


def _make_text(message: Message) -> TextMessage:
    """Return a text message that was sent."""
    return TextMessage.objects.create(
        message=message, number_digest=number_digest("+447911123456"), month=month_of(now()), sent_at=now()
    )


def _later(slot: Slot, hours: int) -> str:
    return (slot.starts_at + timedelta(hours=hours)).isoformat()


def _in_two_days() -> datetime:
    """Return the start of an hour in two days."""
    return now().replace(minute=0, second=0, microsecond=0) + timedelta(days=2)


def make_scenario(clinic: Clinic, *, text: str = "") -> Scenario:
    """Fill the clinic, which must be entered. Every text that users can write contains `word`."""
    doctor, patient = make_doctor(bio=text), make_patient(last_name=f"{text}Patient")
    Patient.objects.filter(pk=patient.pk).update(allergies=text, phone=text, address=text)
    make_hours(doctor, (0, "09:00", "12:00"), now=now())
    booking = make_booking(make_slot(doctor, _in_two_days()), patient, now=now(), reason=text)
    day = (_in_two_days() + timedelta(days=30)).date()
    assert patient.user is not None
    series = Series.objects.create(
        patient=patient, by=patient.user, doctor=doctor, first_on=_in_two_days().date(), clock=0,
        unit="week", every=1, count=2,
    )  # fmt: skip
    Booking.objects.filter(pk=booking.pk).update(series=series)
    other_doctor, visit_type = make_doctor(), make_visit_type()
    return Scenario(
        clinic=clinic,
        patient=patient,
        other_patient=make_patient(),
        dependant=make_dependant(patient, last_name=f"{text}Child", allergies=text),
        doctor=doctor,
        other_doctor=other_doctor,
        admin=make_admin(last_name=f"{text}Admin"),
        receptionist=make_receptionist(),
        slot=make_slot(doctor, _in_two_days() + timedelta(hours=1)),
        booking=booking,
        # With the other doctor, who gets no access to the patient by a hold.
        hold=hold_slot(
            slot_id=make_slot(other_doctor, _in_two_days() + timedelta(hours=5)).pk,
            patient=patient,
            by=patient.user,
            now=now(),
        ),
        exception=set_exception(doctor=doctor, day=day, intervals=[], now=now()),
        time_off=TimeOff.objects.create(doctor=doctor, first_on=day, last_on=day, note=text),
        holiday=HolidayChoice.objects.create(day=day, is_open=False, name="Works outing"),
        series=series,
        chain=make_chain(visit_type, visit_type),
        room=Room.objects.create(name="1", place=make_place()),
        next_slot=make_slot(other_doctor, _in_two_days() + timedelta(minutes=90)),
        message=Message.objects.create(
            booking=booking,
            event=BookingEvent.objects.get(booking=booking),
            recipient=patient.user,
            kind="confirmation",
            due_at=now(),
            not_after=booking.starts_at,
        ),
        email_report=EmailReport.objects.create(
            user=patient.user, kind="delayed", email=patient.user.email, answer=text, happened_at=now()
        ),
        email_sender=EmailSender.objects.create(),
        offer=_make_offered_slot(doctor, patient),
        feed=create_feed(user=patient.user, name=f"{text}Phone", now=now()),
        outside_calendar=_make_outside_calendar(doctor, name=f"{text}Family"),
    )


def _make_outside_calendar(doctor: Doctor, *, name: str) -> OutsideCalendar:
    """A calendar that was never read, with a busy period in which nobody works."""
    calendar: OutsideCalendar = OutsideCalendar.objects.create(
        doctor=doctor, kind="ics", name=name, host="127.0.0.1", stored_address=encrypt_secret(_ADDRESS)
    )
    begins = _in_two_days().replace(hour=0) + timedelta(days=40)
    BusyPeriod.objects.create(
        calendar=calendar, doctor=doctor, starts_at=begins, ends_at=begins + timedelta(hours=1)
    )
    return calendar


def make_staff_notices(user: User) -> StaffNotices:
    """Store the defaults as somebody's choice."""
    return save_notices(user=user, changes={}, by=user, now=now())


def make_webhook_delivery() -> WebhookDelivery:
    """Create a failed delivery of a webhook that is off."""
    endpoint = WebhookEndpoint.objects.create(
        url="https://hooks.clinic.example/", is_active=False, off_because="by_staff", active_since=now()
    )
    return WebhookDelivery.objects.create(
        endpoint=endpoint,
        event_type="booking.created",
        event_id=uuid4(),
        stream=uuid4(),
        sequence=1,
        body="{}",
        happened_at=now(),
        status="failed",
    )


def _make_offered_slot(doctor: Doctor, patient: Patient) -> WaitlistOffer:
    """Offer the patient a slot from the waiting list."""
    slot = make_slot(doctor, _in_two_days() + timedelta(hours=4))
    entry = make_entry(patient, doctor, now=now())
    return make_offer_to(entry, slot, ends_at=now() + timedelta(hours=2), now=now())


def client_at_host(host: Clinic | None, *, home: Clinic | None, user: User | None) -> ClinicClient:
    """Return a client for a clinic's host, signed in with a token and a cookie issued by `home`.

    :param host: None for the platform's host
    :param home: the clinic of `user`, None for an operator
    """
    client = ClinicClient(host) if host else ClinicClient(home or Clinic(slug="x"))
    if host is None:
        client.defaults["SERVER_NAME"] = settings.BASE_DOMAIN
    if user is None:
        return client
    if home is None:
        with schema_context("public"):  # type: ignore[no-untyped-call]
            sign_in_with_second_factor(client, user)
        return client
    with enter_clinic(home):
        client.force_login(user)
        session = start_session(user=user)
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {session.access}")
        client.cookies[settings.REFRESH_COOKIE] = session.refresh
    return client


def make_audit_entry(user: User) -> AuditEntry:
    """An entry in the audit log of the current clinic, or of the public schema."""
    return AuditEntry.objects.create(
        what=AuditEntry.Action.SIGNED_IN, by=user, kind="user", record_id=str(user.pk)
    )


def make_invitation(by: User) -> Invitation:
    """An invitation to join the staff."""
    email = f"{uuid4().hex}@staff.example"
    return create_invitation(
        email=email, first_name="N", last_name="New", role=User.Role.DOCTOR, by=by, now=now()
    )


def make_operator() -> User:
    """An operator of the platform."""
    with schema_context("public"):  # type: ignore[no-untyped-call]
        return make_user(User.Role.OPERATOR)


def make_alarm() -> Alarm:
    """Create an alarm of the installation, in the public schema."""
    values = {"text": "Beat has stopped.", "raised_at": now()}
    return Alarm.objects.get_or_create(key="beat", defaults=values)[0]


def make_sign_up(*, slug: str = "") -> SignUp:
    """A request for a clinic that waits for approval, with a unique slug by default."""
    return SignUp.objects.create(
        name="Seaside",
        slug=slug or f"seaside-{uuid4().hex[:8]}",
        time_zone="Europe/Lisbon",
        first_name="Sia",
        last_name="Side",
        email="sia@seaside.example",
        status=SignUp.Status.WAITING,
        expires_at=now() + timedelta(days=90),
    )


def _make_session(patient: Patient) -> UUID:
    """The id of a session of `patient`."""
    assert patient.user is not None
    start_session(user=patient.user)
    return UserSession.objects.filter(user=patient.user).latest("created_at").pk
