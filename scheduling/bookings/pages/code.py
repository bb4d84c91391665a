"""The step in which a newcomer enters the code from the email, and so registers or signs in."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from clinics.api.email_code import EmailCodeSignInInput, new_person, sign_in_with_code_of
from clinics.pages.sign_in_code import EmailCodeForm
from scheduling.bookings.pages.draft import boot_with_draft, read_draft
from scheduling.bookings.pages.plan import Plan, find_plan, taken_page
from tenants.accounts.email_code.browser import forget_code, send_code
from tenants.accounts.errors import SecondFactorRequired
from tenants.accounts.pages.page_view import SeeOther, page_view
from tenants.accounts.pages.sign_in import second_factor_page, signed_in_response
from tenants.accounts.pages.visitor import visitor
from tenants.base.errors import DomainError
from tenants.base.forms import add_service_errors
from tenants.base.page_forms import PageForm

_RESEND = "resend"


@page_view(post=True)
def code_page(request: HttpRequest, slot_id: uuid.UUID) -> HttpResponse:
    """Ask for the code, and sign in with it. The hold lasts as long as the code works."""
    plan, draft = find_plan(request, slot_id, None), read_draft(request, None)
    if visitor(request) is not None:
        return SeeOther(plan.step_path("check"))
    if plan.choice.must_choose or not draft.person.get("email"):
        return SeeOther(plan.step_path("details"))
    if plan.slot is None:
        return taken_page(request, plan, step="details")
    is_sent, is_resend = request.method == "POST", _RESEND in request.POST
    form = EmailCodeForm(request.POST if is_sent and not is_resend else None)
    try:
        if is_resend:
            response = SeeOther(f"{plan.step_path('code')}&sent")
            send_code(request, response, email=draft.person["email"])
            return response
        if is_sent and form.is_valid():
            return _sign_in(request, plan, form, draft.person)
        status = 400 if form.errors else 200
    except DomainError as error:
        if not form.is_bound:
            form = EmailCodeForm({})
            form.is_valid()
            form.errors.clear()
        add_service_errors(form, error)
        status = error.status
    context = {
        **plan.context,
        "form": form,
        "email": draft.person["email"],
        "was_resent": "sent" in request.GET and not is_sent,
        "boot": boot_with_draft(request, draft, None),
    }
    return render(request, "scheduling/pages/code.html", context, status=status)


def _sign_in(request: HttpRequest, plan: Plan, form: PageForm, person: dict[str, str]) -> HttpResponse:
    """Sign in, or register with the details that were entered before.

    :raises DomainError: the code is wrong or no longer works
    """
    sent = {name: value for name, value in person.items() if name != "email"}
    data = form.checked(EmailCodeSignInInput, {**sent, "code": form.cleaned_data["code"]}) or {}
    check = plan.step_path("check")
    try:
        session = sign_in_with_code_of(request, digits=data.pop("code"), person=new_person(data))
    except SecondFactorRequired as error:
        return second_factor_page(request, challenge=error.data, next_path=check)
    response = signed_in_response(request, session, next_path=check)
    forget_code(response)
    return response
