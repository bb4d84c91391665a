"""Behaviour shared by all admin pages."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin, TabularInline
from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from tenants.base.errors import DomainError
from tenants.retrying import retry_conflicts

if TYPE_CHECKING:
    _Base = ModelAdmin[Any]
    _InlineBase = TabularInline[Any, Any]
else:
    _Base = _InlineBase = object


def again(view: Callable[..., HttpResponse], *args: Any, **kwargs: Any) -> HttpResponse:
    """Call the view again if its transaction conflicts with another one."""
    return retry_conflicts(view)(*args, **kwargs)


def _rejecting(form: Any, reason: str) -> Any:
    """Return a subclass of the form that rejects any input with `reason`."""

    def clean(self: ModelForm[Any]) -> None:
        raise ValidationError(reason)

    return type(form)(form.__name__, (form,), {"clean": clean})


class RefusalsAsMessages(_Base):
    """Shows the errors of services as messages on the page. The transaction is rolled back."""

    def changeform_view(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Add or change a row. After an error the form is shown again with its input and the reason."""
        try:
            return again(super().changeform_view, request, *args, **kwargs)
        except DomainError as refused:
            if request.method != "POST":
                return self.refused(request, refused)
            request.refusal = refused.in_words
            return super().changeform_view(request, *args, **kwargs)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Return the form class, or one that shows the error if a service has rejected the input."""
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        reason = getattr(request, "refusal", None)
        return form if reason is None else _rejecting(form, reason)

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Delete a row."""
        try:
            return again(super().delete_view, request, *args, **kwargs)
        except DomainError as refused:
            return self.refused(request, refused)

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The list with its actions. An action applies to all selected rows or to none."""
        try:
            return again(transaction.atomic(super().changelist_view), request, *args, **kwargs)
        except DomainError as refused:
            return self.refused(request, refused)

    def refused(self, request: HttpRequest, refused: DomainError) -> HttpResponse:
        """Redirect back to the same page with the reason as a message."""
        self.message_user(request, refused.in_words, messages.ERROR)
        return redirect(request.get_full_path())


class ReadOnly(_Base):
    """An admin page that shows rows and cannot change them."""

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        """Nobody."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False


class FewRows(_InlineBase):
    """An inline of at most 200 rows. Django would build up to 2,000 forms if a request asked for it."""

    max_num = 200

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """Limit the number of submitted rows, too."""
        return super().get_formset(request, obj, **{"absolute_max": self.max_num, **kwargs})
