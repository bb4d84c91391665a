"""Refusals of outside calendars."""

from django.utils.translation import gettext_lazy as _

from tenants.base.errors import DomainError


class OutsideCalendarUnreadable(DomainError):
    """An outside calendar could not be read. `data.problem` says why."""

    code = "calendar_unreadable"
    message = _("This calendar could not be read. Check the address and try again.")
    status = 422


class OutsideCalendarLimitReached(DomainError):
    """The doctor has the maximum number of outside calendars."""

    code = "limit_reached"
    message = _("You have reached the limit of outside calendars. Remove one first.")
    status = 422
