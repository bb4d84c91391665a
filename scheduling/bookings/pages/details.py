"""The details step: for whom the appointment is, the questions of the visit type, and the reason."""

import uuid
from contextlib import suppress
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError

from clinics.models import Patient
from clinics.selectors import dependants_of, get_patient
from clinics.services.profiles import update_profile
from scheduling.bookings.hold import release_hold
from scheduling.bookings.newcomer_cookie import newcomer_of, remember_newcomer
from scheduling.bookings.pages.draft import Draft, booking_made_of, boot_with_draft, read_draft, save_draft
from scheduling.bookings.pages.newcomer import PERSON_FIELDS, SIGN_IN, after_details, newcomer_fields
from scheduling.bookings.pages.patient_choice import ME, patient_field
from scheduling.bookings.pages.plan import Plan, booked_path, find_plan, hold_time, taken_page
from scheduling.errors import SlotTaken
from scheduling.visit_types.intake_answers import YES_NO, answer_label
from tenants.accounts.models import User
from tenants.accounts.pages.page_view import SeeOther, page_view
from tenants.accounts.pages.visitor import visitor
from tenants.base.clock import now
from tenants.base.errors import DomainError, NotFound
from tenants.base.fields import MAX_PARAGRAPH_LENGTH
from tenants.base.page_forms import PageForm, typed_input
from tenants.phone_numbers import PhoneSerializerField

_REASON_MAX = 500


class DetailsForm(PageForm):
    """The details of a booking. Its fields depend on the user and on the visit type."""

    def __init__(
        self,
        plan: Plan,
        dependants: list[Patient],
        *,
        needs_phone: bool,
        is_newcomer: bool = False,
        data: Any = None,
        draft: Draft,
    ) -> None:
        super().__init__(data)
        self.is_newcomer = is_newcomer
        if is_newcomer:
            # Who signs in instead of registering does not enter these.
            self.fields |= newcomer_fields(draft.person, required=SIGN_IN not in self.data)
        self.questions = [str(question["id"]) for question in plan.questions]
        if dependants:
            chosen = None if draft.patient is None else draft.patient or ME
            self.fields["patient"] = patient_field(dependants, initial=chosen, widget=forms.RadioSelect)
        for question in plan.questions:
            self.fields[f"question-{question['id']}"] = _question_field(
                question, draft.answers.get(str(question["id"]), "")
            )
        if needs_phone:
            self.fields["phone"] = forms.CharField(
                label=_("Phone number"),
                help_text=_("We will call this number at the time of your appointment."),
                error_messages={"required": _("Enter your phone number")},
                widget=typed_input("tel", autocomplete="tel"),
            )
        if is_newcomer and needs_phone:
            self.fields["phone"].initial = draft.person.get("phone", "")
            self.fields["phone"].required = SIGN_IN not in self.data
        self.fields["reason"] = forms.CharField(
            label=_("What is the reason for your appointment?"),
            help_text=_("This helps the doctor to prepare. Only the clinic can read it."),
            required=False,
            max_length=_REASON_MAX,
            initial=draft.reason,
            widget=forms.Textarea(attrs={"rows": 4}),
        )

    @property
    def question_fields(self) -> list[forms.BoundField]:
        """The fields of the visit type's questions."""
        return [self[f"question-{question}"] for question in self.questions]

    def to_draft(self) -> Draft:
        """Return the values of a valid form."""
        answers = {question: self.cleaned_data[f"question-{question}"] for question in self.questions}
        chosen = self.cleaned_data.get("patient")
        return Draft(
            reason=self.cleaned_data["reason"],
            answers={question: answer for question, answer in answers.items() if answer},
            patient=None if chosen is None else "" if chosen == ME else chosen,
            person=self._person() if self.is_newcomer else {},
        )

    def _person(self) -> dict[str, str]:
        """Return the fields about a newcomer that are filled in."""
        entered = {name: self.cleaned_data.get(name, "") for name in PERSON_FIELDS}
        return {name: value for name, value in entered.items() if value}


def _question_field(question: dict[str, Any], answer: str) -> forms.Field:
    options: dict[str, Any] = {
        "label": question["text"],
        "required": question["is_required"],
        "initial": answer,
    }
    if question["kind"] == "text":
        message = _("Answer this question: %(question)s") % {"question": question["text"]}
        widget = forms.Textarea(attrs={"rows": 3})
        return forms.CharField(
            **options, max_length=MAX_PARAGRAPH_LENGTH, error_messages={"required": message}, widget=widget
        )
    values = YES_NO if question["kind"] == "yes_no" else question["choices"]
    choices = [(value, answer_label(value)) for value in values]
    message = _("Select an answer: %(question)s") % {"question": question["text"]}
    return forms.ChoiceField(
        **options, choices=choices, error_messages={"required": message}, widget=forms.RadioSelect
    )


@page_view(post=True)
def details_page(request: HttpRequest, slot_id: uuid.UUID) -> HttpResponse:
    """Show the chosen time with the form for the details. They are stored until the booking is made."""
    found = visitor(request)
    user = found if found is not None and found.role == User.Role.PATIENT else None
    if user is not None and (booking := booking_made_of(request, slot_id, user)):
        return SeeOther(booked_path(booking))
    plan = find_plan(request, slot_id, user)
    if plan.choice.must_choose:
        return SeeOther(f"/doctors/{plan.doctor['id']}")
    if plan.slot is None:
        return taken_page(request, plan, step="details")
    draft = read_draft(request, user)
    form = _details_form(request, plan, draft, user, is_newcomer=found is None)
    if request.method == "POST" and form.is_valid() and _save_phone(form, user):
        new_draft = form.to_draft()
        save_draft(request, new_draft, user)
        if (next_step := _next_step(request, plan, form, new_draft, user)) is not None:
            return next_step
    context = {
        **plan.context,
        "form": form,
        "boot": boot_with_draft(request, draft, user),
    }
    status = 400 if form.errors else 200
    response = render(request, "scheduling/pages/details.html", context, status=status)
    if request.method == "POST" and form.is_newcomer and (newcomer := newcomer_of(request)):
        # The time may have been held, although the code was refused.
        remember_newcomer(response, newcomer)
    return response


def _next_step(
    request: HttpRequest, plan: Plan, form: DetailsForm, draft: Draft, user: User | None
) -> HttpResponse | None:
    """Hold the time and continue. None if the form has to be shown again with the error in it."""
    if form.is_newcomer:
        return after_details(request, plan, form, draft)
    if user is not None and (taken := _hold(request, plan, draft, user)):
        return taken_page(request, plan, step="details", error=taken)
    return SeeOther(plan.step_path("check"))


def _details_form(
    request: HttpRequest, plan: Plan, draft: Draft, user: User | None, *, is_newcomer: bool
) -> DetailsForm:
    is_by_phone = plan.visit_type is not None and plan.visit_type["mode"] == "phone"
    lacks_phone = is_newcomer or (user is not None and not user.phone)
    return DetailsForm(
        plan,
        list(dependants_of(user)) if user else [],
        needs_phone=is_by_phone and lacks_phone,
        is_newcomer=is_newcomer,
        data=request.POST if request.method == "POST" else None,
        draft=draft,
    )


def _hold(request: HttpRequest, plan: Plan, draft: Draft, user: User) -> SlotTaken | None:
    """Hold the time for the chosen patient. Return the refusal if somebody else has it.

    If it cannot be held for another reason, the next step says so when it is booked.
    """
    if plan.hold and str(plan.hold["patient"]["id"]) != (draft.patient or str(get_patient(user).pk)):
        # The service replaces holds of the same patient only.
        with suppress(NotFound):
            release_hold(hold_id=plan.hold["id"], patients=Patient.objects.of_user(user), by=user, now=now())
    try:
        hold_time(request, plan.slot_id, by=user, visit_type=plan.choice.chosen_id, patient=draft.patient)
    except SlotTaken as error:
        return error
    except DomainError:
        return None
    return None


def _save_phone(form: DetailsForm, user: User | None) -> bool:
    """Store the telephone number, if the form has the field. Return False if it is refused."""
    if user is None or "phone" not in form.cleaned_data:
        return True
    try:
        number = PhoneSerializerField().run_validation(form.cleaned_data["phone"])
    except ValidationError as error:
        form.add_error("phone", [str(reason) for reason in error.detail])
        return False
    update_profile(user=user, person={"phone": number}, profile={}, now=now())
    return True
