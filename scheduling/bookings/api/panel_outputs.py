"""Serializers of one booking for staff, with its patient, history and possible actions."""

from typing import Any

from drf_spectacular.drainage import set_override
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from clinics.api.patients import CarerOutput, PatientOutput
from clinics.models import Patient
from clinics.selectors import email_problems, may_see_clinical
from scheduling.bookings.api.outputs import BookedPatientOutput, BookedVisitOutput, BookingOutput
from scheduling.bookings.history import Step
from scheduling.bookings.panel import (
    ACTIONS,
    VisitHistory,
    age_on,
    last_undoable_step,
    staff_actions,
    visit_history,
)
from scheduling.calendar.api_outputs import MomentField, TimesOutput
from scheduling.models import Booking, BookingEvent
from scheduling.patients.selectors import visible_patients
from scheduling.visit_types.intake_answers import answer_label
from tenants.accounts.permissions import signed_in_user
from tenants.base.clock import now


class AlertsOutput(serializers.ModelSerializer[Patient]):
    """What a doctor should know of a patient's health."""

    class Meta:
        model = Patient
        fields = list(Patient.CLINICAL_FIELDS)
        read_only_fields = fields


class PanelPatientOutput(PatientOutput):
    """The patient of a booking, for staff. Needs the request as context."""

    age = serializers.SerializerMethodField(help_text="In years. Null if the date of birth is not known.")
    phone_problem = serializers.CharField(help_text="What staff should know of the number; usually empty.")
    address_problems = serializers.SerializerMethodField(
        help_text="Who gets no emails about the patient, and why, in words."
    )
    alerts = serializers.SerializerMethodField(help_text="Null if you may not see them.")
    carers = serializers.SerializerMethodField()
    dependants = serializers.SerializerMethodField(help_text="Those whom you may see.")

    class Meta(PatientOutput.Meta):
        fields = [
            *PatientOutput.Meta.fields, "age", "phone_problem", "address_problems", "alerts", "carers",
            "dependants",
        ]  # fmt: skip
        read_only_fields = fields

    def get_age(self, patient: Patient) -> int | None:
        """The age in years."""
        return age_on(patient.date_of_birth, now())

    def get_address_problems(self, patient: Patient) -> list[str]:
        """Who gets no emails about the patient, and why."""
        return [f"{user.get_full_name()} ({user.email}): {why}" for user, why in email_problems(patient)]

    @extend_schema_field(AlertsOutput(allow_null=True))
    def get_alerts(self, patient: Patient) -> dict[str, Any] | None:
        """Allergies, conditions and medication, for those who may see them."""
        may_see = may_see_clinical(signed_in_user(self.context["request"]))
        return dict(AlertsOutput(patient).data) if may_see else None

    @extend_schema_field(CarerOutput(many=True))
    def get_carers(self, patient: Patient) -> list[Any]:
        """The patients who book for this one."""
        cares = patient.cared_for_by.select_related("carer__user")
        return list(CarerOutput([care.carer for care in cares], many=True).data)

    @extend_schema_field(BookedPatientOutput(many=True))
    def get_dependants(self, patient: Patient) -> list[Any]:
        """The patients for whom this one books."""
        dependants = visible_patients(signed_in_user(self.context["request"]))
        rows = dependants.filter(cared_for_by__carer=patient)
        return list(BookedPatientOutput(rows, many=True).data)


class PanelAnswerOutput(serializers.Serializer[Any]):
    """A question that was asked with the booking, and its answer in words."""

    text = serializers.CharField()
    answer = serializers.SerializerMethodField()

    def get_answer(self, row: dict[str, str]) -> str:
        """The answer in words: "yes" is shown in the user's language."""
        return answer_label(row["answer"])


class PanelEventOutput(serializers.Serializer[Any]):
    """A change of a booking."""

    kind = serializers.ChoiceField(choices=BookingEvent.Kind.choices)
    text = serializers.CharField(source="get_kind_display", help_text="The change in words.")
    when = MomentField(source="created_at")
    by = serializers.SerializerMethodField(help_text="The name of the person; empty for the system.")
    note = serializers.CharField(help_text="A reason for the others.")
    private_note = serializers.CharField(help_text="A reason that only staff read.")

    def get_by(self, event: BookingEvent) -> str:
        """The name of the person."""
        return event.by.get_full_name() if event.by else ""


class ActionOutput(serializers.Serializer[Any]):
    """What staff can do with the booking now, or why they cannot."""

    name = serializers.ChoiceField(choices=ACTIONS)
    is_allowed = serializers.BooleanField()
    refusal = serializers.CharField(help_text="Why it is not possible now, in words; empty if it is.")


class UndoOutput(serializers.Serializer[Any]):
    """The step that can be undone."""

    status = serializers.CharField(help_text="The present status, to send with `undo/`.")
    status_before = serializers.CharField(help_text="The status after undoing it.")
    taken = MomentField(source="event.created_at")


class OtherVisitOutput(TimesOutput):
    """Another visit of the patient."""

    id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=Booking.Status.choices)
    doctor = serializers.CharField(source="doctor.display_name")
    visit_type = serializers.CharField(source="visit_type.name", default=None, allow_null=True)


class CountsOutput(serializers.Serializer[Any]):
    """How many other visits had each outcome."""

    completed = serializers.IntegerField(source="COMPLETED")
    no_show = serializers.IntegerField(source="NO_SHOW")
    cancelled = serializers.IntegerField(source="CANCELLED")


class VisitHistoryOutput(serializers.Serializer[Any]):
    """Other visits of the patient: with the doctor who asks, or at the clinic for the front desk."""

    counts = CountsOutput()
    past = OtherVisitOutput(many=True)
    upcoming = OtherVisitOutput(many=True)


class BookingPanelOutput(BookingOutput):
    """A booking with all that staff need to know of it. Needs the request as context."""

    patient = PanelPatientOutput()  # type: ignore[assignment]  # more than patients see
    visit_type = BookedVisitOutput(allow_null=True)
    answers = serializers.SerializerMethodField(help_text="Null if you may not see them.")
    version = serializers.IntegerField(help_text="Raised when the time, doctor, place or visit type changes.")
    may_write_note = serializers.SerializerMethodField(help_text="Whether you write and read the visit note.")
    actions = serializers.SerializerMethodField()
    undo = serializers.SerializerMethodField(help_text="The last step, if it can be undone.")
    history = serializers.SerializerMethodField()
    events = serializers.SerializerMethodField(help_text="The latest last.")

    @extend_schema_field(PanelAnswerOutput(many=True, allow_null=True))
    def get_answers(self, booking: Booking) -> list[Any] | None:
        """The answers to the visit type's questions, or None if the user may not see them."""
        return list(PanelAnswerOutput(booking.answers, many=True).data) if self.shows_answers else None

    def get_may_write_note(self, booking: Booking) -> bool:
        """Whether the user is the doctor of the booking."""
        return booking.doctor.user_id == signed_in_user(self.context["request"]).pk

    @extend_schema_field(ActionOutput(many=True))
    def get_actions(self, booking: Booking) -> list[Any]:
        """Every action, in a fixed order."""
        by = signed_in_user(self.context["request"])
        return list(ActionOutput(staff_actions(booking, by=by, now=now()), many=True).data)

    @extend_schema_field(UndoOutput(allow_null=True))
    def get_undo(self, booking: Booking) -> dict[str, Any] | None:
        """The step that can be undone."""
        step: Step | None = last_undoable_step(booking, now=now())
        return dict(UndoOutput(step).data) if step else None

    @extend_schema_field(VisitHistoryOutput)
    def get_history(self, booking: Booking) -> dict[str, Any]:
        """The patient's other visits."""
        by = signed_in_user(self.context["request"])
        history: VisitHistory = visit_history(booking, by=by, now=now())
        return dict(VisitHistoryOutput(history).data)

    @extend_schema_field(PanelEventOutput(many=True))
    def get_events(self, booking: Booking) -> list[Any]:
        """What happened to the booking."""
        events = booking.events.select_related("by").order_by("created_at", "id")
        return list(PanelEventOutput(events, many=True).data)


# The examples of a booking lack what staff see in addition.
set_override(BookingPanelOutput, "examples", [])
