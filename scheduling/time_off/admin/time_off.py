"""Time off in Django Admin."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminRadioSelect
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import CheckboxSelectMultiple, ChoiceField, ModelForm, TypedMultipleChoiceField
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scheduling.hours.admin.weekdays import format_weekdays
from scheduling.hours.selectors import to_time_off_spec
from scheduling.models import TimeOff
from scheduling.models.clock_field import clock_range
from scheduling.models.time_off import every_day
from scheduling.time_off.admin.outcomes import ACTION_CHOICES, bookings_url, report_outcomes, with_link
from scheduling.time_off.admin.preview import TimeOffPreview, submitted_decisions
from scheduling.time_off.decisions import Action
from scheduling.time_off.give import check_time_off, give_time_off
from scheduling.time_off.revoke import RevertedBooking, RevertResult, revoke_time_off
from tenants.accounts.audit.admin_mixins import admin_user
from tenants.base.admin import ShowRefusals
from tenants.base.clock import now
from tenants.base.errors import InvalidInput
from tenants.base.weekdays import Weekday

_FIELDS = ("doctor", ("first_on", "last_on"), ("opens", "closes"), "weekdays", "note")
_MODEL_FIELDS = ("doctor", "first_on", "last_on", "opens", "closes", "weekdays", "note")
_FORM_FIELDS = {"to": "last_on", "weekdays": "weekdays", "closes": "closes"}
"""The form's field for each field that the service names in its errors."""


class TimeOffForm(ModelForm[TimeOff]):
    """A new period of time off, and what to do with the appointments in it."""

    weekdays = TypedMultipleChoiceField(
        label=gettext_lazy("Weekdays"),
        choices=Weekday.choices,
        coerce=int,
        initial=every_day,
        widget=CheckboxSelectMultiple,
    )
    others = ChoiceField(
        label=gettext_lazy("Appointments during this time"),
        choices=ACTION_CHOICES,
        initial=Action.KEEP.value,
        widget=AdminRadioSelect(attrs={"class": "radiolist"}),
    )

    class Meta:
        model = TimeOff
        fields = _MODEL_FIELDS
        help_texts = {
            "note": gettext_lazy(
                "Sent to patients whose appointment is rescheduled or cancelled, by email, which is not "
                "encrypted. Do not write anything about health, such as a diagnosis or a treatment."
            )
        }

    def clean(self) -> dict[str, Any]:
        """Check the planner's rules.

        :raises ValidationError: a rule is broken
        """
        cleaned: dict[str, Any] = super().clean() or {}
        if self.errors:
            return cleaned
        row = TimeOff(**{name: cleaned[name] for name in _MODEL_FIELDS})
        try:
            check_time_off(to_time_off_spec(row), now=now())
        except InvalidInput as error:
            errors = {_FORM_FIELDS[field]: list(reasons) for field, reasons in error.errors.items()}
            raise ValidationError(errors) from error
        return cleaned


class OwnerFilter(admin.RelatedFieldListFilter):
    """By doctor; rows without a doctor are the whole clinic's."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.empty_value_display = format_html("{}", _("the whole clinic"))


@admin.register(TimeOff)
class TimeOffAdmin(TimeOffPreview, ShowRefusals, admin.ModelAdmin[TimeOff]):
    """Time off of doctors and of the whole clinic. The services write the audit log."""

    form = TimeOffForm
    list_display = ("owner", "first_on", "last_on", "hours", "note")
    list_filter = (("doctor", OwnerFilter),)
    list_select_related = ("doctor",)
    date_hierarchy = "first_on"
    autocomplete_fields = ("doctor",)
    actions = None
    delete_confirmation_template = "scheduling/take_back.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[TimeOff]:
        """Leave out time off that was removed."""
        return super().get_queryset(request).filter(undone_at=None)

    def get_fields(self, request: HttpRequest, obj: TimeOff | None = None) -> Any:
        """Ask about the appointments when adding; show who added an existing period."""
        if obj is None:
            return (*_FIELDS, "others")
        return ("owner", ("first_on", "last_on"), "hours", "note", "by")

    def has_change_permission(self, request: HttpRequest, obj: TimeOff | None = None) -> bool:
        """Forbid changes: a period is removed and added again, so that its appointments are handled."""
        return obj is None and super().has_change_permission(request, obj)

    @admin.display(description=gettext_lazy("for"), ordering="doctor__name")
    def owner(self, time_off: TimeOff) -> str:
        """Return the doctor, or “the whole clinic”."""
        return str(time_off.doctor or _("the whole clinic"))

    @admin.display(description=gettext_lazy("hours"))
    def hours(self, time_off: TimeOff) -> str:
        """Return the times, and the weekdays unless it is every day."""
        times = clock_range(time_off.opens, time_off.closes)
        if time_off.weekdays == every_day():
            return times
        return f"{times}, {format_weekdays(time_off.weekdays)}"

    def save_model(self, request: HttpRequest, obj: TimeOff, form: ModelForm[TimeOff], change: bool) -> None:
        """Add the time off and report the affected appointments."""
        by = admin_user(request)
        if change or by is None:
            return
        result = give_time_off(
            doctor=obj.doctor,
            spec=to_time_off_spec(obj),
            note=obj.note,
            decisions=submitted_decisions(request.POST.dict()),
            others=Action(form.cleaned_data["others"]),
            by=by,
            now=now(),
        )
        obj.pk = result.time_off.pk
        report_outcomes(self, request, result.outcomes)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """List only the time off: it is marked as removed, and its effects stay on record."""
        return [str(obj) for obj in objs], {TimeOff._meta.verbose_name_plural: len(objs)}, set(), []

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Ask for confirmation, with the number of appointments it rescheduled or cancelled."""
        found = self.get_object(request, object_id)
        affected = found.effects.count() if found else 0
        context = {"title": _("Remove time off"), "affected": affected, **(extra_context or {})}
        return super().delete_view(request, object_id, context)

    def delete_model(self, request: HttpRequest, obj: TimeOff) -> None:
        """Remove the time off and, if asked to, restore the appointments that it changed."""
        by = admin_user(request)
        if by is None:
            return
        reverted = revoke_time_off(time_off=obj, revert="undo" in request.POST, by=by, now=now())
        left = [result for result in reverted if result.done == RevertResult.LEFT]
        if reverted:
            self.message_user(
                request, _restored_message(reverted, left), messages.WARNING if left else messages.SUCCESS
            )


def _restored_message(reverted: list[RevertedBooking], left: list[RevertedBooking]) -> str:
    """Return a message that counts the restored appointments and links to the others, or to all."""
    summary = _("%(back)d of %(all)d appointments are back at their original time.")
    text = summary % {"back": len(reverted) - len(left), "all": len(reverted)}
    url = bookings_url([result.booking for result in left or reverted])
    link = _("View the other appointments") if left else _("View these appointments")
    return with_link(text, url, link)
