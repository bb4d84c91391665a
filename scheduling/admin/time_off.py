"""Time off."""

from collections import Counter
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminRadioSelect
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import CheckboxSelectMultiple, ChoiceField, ModelForm, TypedMultipleChoiceField
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from scheduling.admin.filters import EVERYTHING
from scheduling.admin.time_off_preview import PreviewsTimeOff, decisions_in
from scheduling.admin.weekdays import days_in_words
from scheduling.models import Booking, TimeOff
from scheduling.models.hours import Weekday
from scheduling.models.time_off import every_day
from scheduling.planning import format_clock
from scheduling.selectors.hours import as_off
from scheduling.services.time_off import Action, Done, Outcome, check_time_off, give_time_off
from scheduling.services.undoing import Back, Undone, take_back
from tenants.accounts.audited_admin import staff_of
from tenants.base.admin import RefusalsAsMessages
from tenants.base.clock import now
from tenants.base.errors import InvalidInput

OTHERS = [
    (Action.KEEP.value, gettext_lazy("stay, and I see to them")),
    (Action.MOVE.value, gettext_lazy("move to the nearest open time, where there is one")),
    (Action.CANCEL.value, gettext_lazy("are cancelled")),
]
FIELDS = ("doctor", ("first_on", "last_on"), ("opens", "closes"), "weekdays", "note")
OFF = ("doctor", "first_on", "last_on", "opens", "closes", "weekdays", "note")
MODEL_FIELDS = {"to": "last_on", "weekdays": "weekdays", "closes": "closes"}
"""What the service calls them, and what the form does."""
LINKED = 100
"""As many bookings as fit into an address."""


class TimeOffForm(ModelForm[TimeOff]):
    """When, for whom, and what becomes of the appointments in it."""

    weekdays = TypedMultipleChoiceField(
        label=gettext_lazy("On"),
        choices=Weekday.choices,
        coerce=int,
        initial=every_day,
        widget=CheckboxSelectMultiple,
    )
    others = ChoiceField(
        label=gettext_lazy("Appointments in it"),
        choices=OTHERS,
        initial=Action.KEEP.value,
        widget=AdminRadioSelect(attrs={"class": "radiolist"}),
    )

    class Meta:
        model = TimeOff
        fields = OFF
        help_texts = {
            "note": gettext_lazy("Patients whose appointment is moved or cancelled read it as the reason.")
        }

    def clean(self) -> dict[str, Any]:
        """Hold it against the planner's rules.

        :raises ValidationError: it breaks one
        """
        given: dict[str, Any] = super().clean() or {}
        if self.errors:
            return given
        row = TimeOff(**{name: given[name] for name in OFF})
        try:
            check_time_off(as_off(row), now=now())
        except InvalidInput as refused:
            fields = {MODEL_FIELDS[field]: list(words) for field, words in refused.errors.items()}
            raise ValidationError(fields) from refused
        return given


class WhoseFilter(admin.RelatedFieldListFilter):
    """Which doctor's, or everybody's."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.empty_value_display = format_html("{}", _("the whole clinic"))


@admin.register(TimeOff)
class TimeOffAdmin(PreviewsTimeOff, RefusalsAsMessages, admin.ModelAdmin[TimeOff]):
    """When a doctor, or the whole clinic, is off. Its services put in the audit log what is done here."""

    form = TimeOffForm
    list_display = ("whose", "first_on", "last_on", "hours", "note")
    list_filter = (("doctor", WhoseFilter),)
    list_select_related = ("doctor",)
    date_hierarchy = "first_on"
    autocomplete_fields = ("doctor",)
    actions = None
    delete_confirmation_template = "scheduling/take_back.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[TimeOff]:
        """What has not been taken back."""
        return super().get_queryset(request).filter(undone_at=None)

    def get_fields(self, request: HttpRequest, obj: TimeOff | None = None) -> Any:
        """Given, it says by whom; while it is being given, what becomes of appointments."""
        if obj is None:
            return (*FIELDS, "others")
        return ("whose", ("first_on", "last_on"), "hours", "note", "by")

    def has_change_permission(self, request: HttpRequest, obj: TimeOff | None = None) -> bool:
        """It is taken back, and given anew: a change of its hours would leave bookings behind."""
        return obj is None and super().has_change_permission(request, obj)

    @admin.display(description=gettext_lazy("for"), ordering="doctor__name")
    def whose(self, time_off: TimeOff) -> str:
        """The doctor, or everybody."""
        return str(time_off.doctor or _("the whole clinic"))

    @admin.display(description=gettext_lazy("hours"))
    def hours(self, time_off: TimeOff) -> str:
        """From when until when, and on which days where not on all."""
        clock = f"{format_clock(time_off.opens)}-{format_clock(time_off.closes)}"
        if time_off.weekdays == every_day():
            return clock
        return f"{clock}, {days_in_words(time_off.weekdays)}"

    def save_model(self, request: HttpRequest, obj: TimeOff, form: ModelForm[TimeOff], change: bool) -> None:
        """Give it, and say whom it hits."""
        by = staff_of(request)
        if change or by is None:
            return
        given = give_time_off(
            doctor=obj.doctor,
            off=as_off(obj),
            note=obj.note,
            decisions=decisions_in(request.POST.dict()),
            others=Action(form.cleaned_data["others"]),
            by=by,
            now=now(),
        )
        obj.pk = given.time_off.pk
        self.tell(request, given.outcomes)

    def tell(self, request: HttpRequest, outcomes: list[Outcome]) -> None:
        """How many appointments there are in it, with the way to them."""
        if not outcomes:
            self.message_user(request, _("There are no appointments in this time."), messages.SUCCESS)
            return
        count = len(outcomes)
        words = ngettext(
            "%(count)d appointment was in this time:", "%(count)d appointments were in this time:", count
        )
        labels = {Done.KEPT: _("kept"), Done.MOVED: _("moved"), Done.CANCELLED: _("cancelled")}
        done = Counter(outcome.done for outcome in outcomes)
        parts = ", ".join(f"{done[each]} {label}" for each, label in labels.items() if done[each])
        text = f"{words % {'count': count}} {parts}."
        address = bookings_page([outcome.booking for outcome in outcomes])
        level = messages.WARNING if done[Done.KEPT] else messages.SUCCESS
        self.message_user(request, with_link(text, address, _("See them.")), level)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Nothing goes: it is taken back, and what it did to bookings stays on record."""
        return [str(obj) for obj in objs], {TimeOff._meta.verbose_name_plural: len(objs)}, set(), []

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Ask, saying how many appointments it moved or cancelled."""
        found = self.get_object(request, object_id)
        hit = found.effects.count() if found else 0
        shown = {"title": _("Take time off back"), "hit": hit, **(extra_context or {})}
        return super().delete_view(request, object_id, shown)

    def delete_model(self, request: HttpRequest, obj: TimeOff) -> None:
        """Take it back, and where that is wanted what it did to appointments."""
        by = staff_of(request)
        if by is None:
            return
        undone = take_back(time_off=obj, undo="undo" in request.POST, by=by, now=now())
        left = [each for each in undone if each.done == Back.LEFT]
        if undone:
            self.message_user(
                request, undone_in_words(undone, left), messages.WARNING if left else messages.SUCCESS
            )


def undone_in_words(undone: list[Undone], left: list[Undone]) -> str:
    """How many appointments are back, how many are not, and the way to them."""
    words = _("%(back)d of %(all)d appointments are back at their old time.")
    text = words % {"back": len(undone) - len(left), "all": len(undone)}
    address = bookings_page([each.booking for each in left or undone])
    link = _("See those that are not.") if left else _("See them.")
    return with_link(text, address, link)


def with_link(text: str, address: str, link: str) -> str:
    """A message that leads on."""
    return format_html('{} <a href="{}">{}</a>', text, address, link)


def bookings_page(bookings: list[Booking]) -> str:
    """The list of these bookings."""
    keys = ",".join(str(booking.pk) for booking in bookings[:LINKED])
    query = urlencode({"id__in": keys, **EVERYTHING})
    return f"{reverse('admin:scheduling_booking_changelist')}?{query}"
