"""Serializers of the board and the dashboard."""

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from scheduling.calendar.api_outputs import TimesOutput
from scheduling.calendar.local_times import local_time_fields
from scheduling.models import Booking
from tenants.accounts.models import User
from tenants.phone_numbers import format_phone


class BoardDoctorOutput(serializers.Serializer[Any]):
    """A doctor who has visits on the day."""

    id = serializers.UUIDField()
    display_name = serializers.CharField()
    visits = serializers.IntegerField(help_text="The visits of the day, without cancelled ones.")


class NamedOutput(serializers.Serializer[Any]):
    """Something with a name."""

    id = serializers.UUIDField()
    name = serializers.CharField()


class BoardPatientOutput(serializers.Serializer[Any]):
    """The patient of a visit."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    date_of_birth = serializers.DateField(allow_null=True)
    phone = serializers.CharField(help_text="E.164.")
    phone_display = serializers.CharField(help_text="The number as people write it.")
    email_problem = serializers.ChoiceField(
        choices=["", *User.EmailProblem.values],
        help_text="Why emails to the patient are held: they are returned, or reported as spam.",
    )


class BoardVisitTypeOutput(serializers.Serializer[Any]):
    """The visit type of a visit."""

    name = serializers.CharField()
    mode = serializers.CharField()
    colour = serializers.CharField()


@extend_schema_serializer(component_name="BoardVisit")
class BoardVisitOutput(TimesOutput):
    """A visit on the board. The rows are built by `board_row`; this describes them."""

    id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=Booking.Status.choices)
    doctor = serializers.UUIDField()
    doctor_name = serializers.CharField()
    patient = BoardPatientOutput()
    visit_type = BoardVisitTypeOutput(allow_null=True)
    place = NamedOutput(allow_null=True, help_text="Null for the clinic's own address.")
    room = serializers.CharField(allow_null=True)
    reason = serializers.CharField()
    overbooked = serializers.BooleanField()
    version = serializers.IntegerField(help_text="Raised when the time, doctor, place or visit type changes.")
    attendance_confirmed_at = serializers.DateTimeField(allow_null=True)
    arrived_at = serializers.DateTimeField(allow_null=True, help_text="When the patient last checked in.")
    began_at = serializers.DateTimeField(allow_null=True, help_text="When the visit last began.")


class BoardOutput(serializers.Serializer[Any]):
    """The visits of a day."""

    date = serializers.DateField()
    read_at = serializers.DateTimeField(
        help_text="The server's clock, from which clients compute how long patients have been waiting."
    )
    doctors = BoardDoctorOutput(many=True, help_text="All doctors with visits on the day, also filtered out.")
    places = NamedOutput(many=True, help_text="The places besides the clinic's own address.")
    visits = BoardVisitOutput(many=True)


def board_row(booking: Any) -> dict[str, Any]:
    """A visit as `BoardVisitOutput` describes it. Much faster than a serializer: a day may have thousands."""
    patient, visit_type, place = booking.patient, booking.visit_type, booking.place
    return {
        **local_time_fields(booking.starts_at, booking.ends_at, place),
        "id": booking.pk,
        "status": booking.status,
        "doctor": booking.doctor_id,
        "doctor_name": booking.doctor.display_name,
        "patient": {
            "id": patient.pk,
            "name": patient.full_name,
            "date_of_birth": patient.date_of_birth,
            "phone": patient.phone,
            "phone_display": format_phone(patient.phone),
            "email_problem": patient.user.email_problem if patient.user else "",
        },
        "visit_type": visit_type
        and {"name": visit_type.name, "mode": visit_type.mode, "colour": visit_type.colour},
        "place": place and {"id": place.pk, "name": place.name},
        "room": booking.room and booking.room.name,
        "reason": booking.reason,
        "overbooked": booking.overbooked,
        "version": booking.version,
        "attendance_confirmed_at": booking.attendance_confirmed_at,
        "arrived_at": getattr(booking, "arrived_at", None),
        "began_at": getattr(booking, "began_at", None),
    }


class UnfilledTimeOutput(TimesOutput):
    """A time that nobody has booked."""

    id = serializers.UUIDField()
    doctor = serializers.UUIDField(source="doctor_id")
    doctor_name = serializers.CharField(source="doctor.display_name")


class UnfilledDayOutput(serializers.Serializer[Any]):
    """The times of one day that nobody has booked."""

    date = serializers.DateField()
    count = serializers.IntegerField()
    times = UnfilledTimeOutput(many=True, help_text="The first of them.")


class ComingTimeOffOutput(serializers.Serializer[Any]):
    """Time off in the next 30 days."""

    id = serializers.UUIDField()
    doctor_name = serializers.CharField(
        source="doctor.display_name", default=None, allow_null=True, help_text="Null: the whole clinic."
    )
    first_on = serializers.DateField()
    last_on = serializers.DateField()
    note = serializers.CharField()


class ComingClockChangeOutput(serializers.Serializer[Any]):
    """A clock change in the next 30 days."""

    local_date = serializers.DateField()
    time_zone = serializers.CharField()
    shift_minutes = serializers.IntegerField(help_text="60: clocks go forward by an hour. -60: back.")


class DashboardDoctorOutput(serializers.Serializer[Any]):
    """The doctor whose dashboard it is."""

    id = serializers.UUIDField()
    display_name = serializers.CharField()
    is_active = serializers.BooleanField(help_text="Whether patients can book them.")
    accepting_new_patients = serializers.BooleanField()


class DashboardOutput(serializers.Serializer[Any]):
    """What staff have to see to besides the visits of the day."""

    date = serializers.DateField()
    doctor = DashboardDoctorOutput(allow_null=True, help_text="Null for staff who are not doctors.")
    requests_count = serializers.IntegerField()
    requests = BoardVisitOutput(many=True, help_text="The first bookings that await approval.")
    unfilled = UnfilledDayOutput(many=True, help_text="Today and tomorrow.")
    time_off = ComingTimeOffOutput(many=True)
    clock_changes = ComingClockChangeOutput(many=True)
    waiting_list = serializers.IntegerField(help_text="How many patients are on the waiting list.")
