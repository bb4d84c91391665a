"""Base classes for admin pages."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin, TabularInline, helpers
from django.contrib.admin.templatetags import admin_list
from django.contrib.admin.utils import display_for_field
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import DateTimeField
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from tenants.base.clock import format_staff_time
from tenants.base.errors import DomainError
from tenants.base.retry import retry_conflicts

if TYPE_CHECKING:
    _Base = ModelAdmin[Any]
    _InlineBase = TabularInline[Any, Any]
else:
    _Base = _InlineBase = object


def _display_for_field(value: Any, field: Any, *args: Any, **kwargs: Any) -> Any:
    """Return the text of a field in a list or a read-only form: times as on all other staff pages."""
    if isinstance(field, DateTimeField) and value is not None:
        return format_staff_time(value)
    return display_for_field(value, field, *args, **kwargs)


# Django formats times without their UTC offset, so that both passes of a repeated hour look alike, and has no
# setting for it. These are the two modules that show values of fields.
for _module in (helpers, admin_list):
    vars(_module)["display_for_field"] = _display_for_field


def _with_retries(view: Callable[..., HttpResponse], *args: Any, **kwargs: Any) -> HttpResponse:
    """Return the view's response; the view runs again if its transaction conflicts with another."""
    return retry_conflicts(view)(*args, **kwargs)


def _failing(form: Any, reason: str) -> Any:
    """Return a form class whose validation always fails with `reason`."""

    def clean(self: ModelForm[Any]) -> None:
        raise ValidationError(reason)

    return type(form)(form.__name__, (form,), {"clean": clean})


class ShowRefusals(_Base):
    """Shows a service's refusal on the page. Nothing has changed in that case."""

    def changeform_view(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Add or change a row. A refused form is shown again with its input and the reason at the top."""
        try:
            return _with_retries(super().changeform_view, request, *args, **kwargs)
        except DomainError as error:
            if request.method != "POST":
                return self._redirect_back(request, error)
            request.refusal = error.message_with_details
            return super().changeform_view(request, *args, **kwargs)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Return the form, or a failing form once a service has refused the input."""
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        reason = getattr(request, "refusal", None)
        return form if reason is None else _failing(form, reason)

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Delete a row."""
        try:
            return _with_retries(super().delete_view, request, *args, **kwargs)
        except DomainError as error:
            return self._redirect_back(request, error)

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the list. An action is applied to all selected rows or to none."""
        try:
            return _with_retries(transaction.atomic(super().changelist_view), request, *args, **kwargs)
        except DomainError as error:
            return self._redirect_back(request, error)

    def _redirect_back(self, request: HttpRequest, error: DomainError) -> HttpResponse:
        """Return to the page with the reason at the top."""
        self.message_user(request, error.message_with_details, messages.ERROR)
        return redirect(request.get_full_path())


class ReadOnly(_Base):
    """For rows that are viewed and never edited."""

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        """Forbid adding."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Forbid changing."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Forbid deleting."""
        return False


class SingleRow(_Base):
    """For models with one row: its form instead of a list. The row is made when the page is opened."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Forbid adding."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Forbid deleting."""
        return False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Redirect to the form."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        self.model.objects.get_or_create(pk=1)
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", 1)


class LimitedInline(_InlineBase):
    """An inline of at most 200 rows. Django's own limit lets one request build 2,000 forms."""

    max_num = 200

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """Apply the limit to submitted forms as well."""
        return super().get_formset(request, obj, **{"absolute_max": self.max_num, **kwargs})
