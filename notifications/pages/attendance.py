"""The pages behind the links “I will come” and “Cancel my appointment”."""

from contextlib import suppress

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from notifications.links import MessageLink, Purpose
from notifications.pages.link_page import (
    SeeOther,
    State,
    appointment_context,
    link_page,
    state_of,
    state_page,
)
from scheduling.bookings.attendance import confirm_attendance
from scheduling.bookings.cancel import cancel_booking
from scheduling.errors import BookingNotChangeable, NoticeTooShort
from tenants.base.clock import now
from tenants.base.fields import MAX_PARAGRAPH_LENGTH


class CancelForm(forms.Form):
    """The reason for a cancellation."""

    reason = forms.CharField(
        label=_("Why do you want to cancel? (optional)"),
        help_text=_("Only the clinic reads this."),
        required=False,
        max_length=MAX_PARAGRAPH_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@link_page(Purpose.CONFIRM)
def confirm_page(request: HttpRequest, link: MessageLink) -> HttpResponse:
    """Show the appointment with the button “I will come”. Afterwards show that the clinic knows."""
    state = state_of(link, now=now())
    if request.method == "POST":
        if state is State.READY:
            # If the booking was changed at this moment, the page that follows shows it.
            with suppress(BookingNotChangeable):
                confirm_attendance(booking=link.booking, by=link.recipient, now=now())
        return SeeOther(request.path)
    if state is not State.READY:
        return state_page(request, link, state)
    return render(request, "notifications/links/confirm.html", appointment_context(link))


@link_page(Purpose.CANCEL)
def cancel_page(request: HttpRequest, link: MessageLink) -> HttpResponse:
    """Show the appointment with the button “Cancel my appointment”, or why it cannot be cancelled online."""
    state, is_sent = state_of(link, now=now()), request.method == "POST"
    if state is not State.READY:
        return SeeOther(request.path) if is_sent else state_page(request, link, state)
    form = CancelForm(request.POST if is_sent else None)
    if is_sent and form.is_valid():
        _cancel(link, reason=form.cleaned_data["reason"])
        return SeeOther(request.path)
    status = 400 if form.errors else 200
    context = {**appointment_context(link), "form": form}
    return render(request, "notifications/links/cancel.html", context, status=status)


def _cancel(link: MessageLink, *, reason: str) -> None:
    """Cancel the booking. If it was changed at this moment, the page that follows shows it."""
    with suppress(BookingNotChangeable, NoticeTooShort):
        cancel_booking(booking=link.booking, by=link.recipient, reason=reason, same_version=True, now=now())
