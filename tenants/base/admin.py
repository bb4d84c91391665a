"""What every admin page shares."""

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
    """The view's answer, asked again where another transaction was in the way of its own."""
    return retry_conflicts(view)(*args, **kwargs)


def refusing(form: Any, reason: str) -> Any:
    """The form, to which whatever is typed is wrong, for `reason`."""

    def clean(self: ModelForm[Any]) -> None:
        raise ValidationError(reason)

    return type(form)(form.__name__, (form,), {"clean": clean})


class RefusalsAsMessages(_Base):
    """Where a service refuses what a form asks for, say so on the page; nothing has changed."""

    def changeform_view(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Add or change. What is refused comes back as it was typed, with the reason on top."""
        try:
            return again(super().changeform_view, request, *args, **kwargs)
        except DomainError as refused:
            if request.method != "POST":
                return self.refused(request, refused)
            request.refusal = refused.in_words
            return super().changeform_view(request, *args, **kwargs)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Once a service has refused what was sent, a form that finds fault with that."""
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        reason = getattr(request, "refusal", None)
        return form if reason is None else refusing(form, reason)

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Delete one."""
        try:
            return again(super().delete_view, request, *args, **kwargs)
        except DomainError as refused:
            return self.refused(request, refused)

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The list, with its actions, each done to all that are chosen or to none."""
        try:
            return again(transaction.atomic(super().changelist_view), request, *args, **kwargs)
        except DomainError as refused:
            return self.refused(request, refused)

    def refused(self, request: HttpRequest, refused: DomainError) -> HttpResponse:
        """Back to where it was asked, with the reason on top."""
        self.message_user(request, refused.in_words, messages.ERROR)
        return redirect(request.get_full_path())


class ReadOnly(_Base):
    """For what is looked at and never edited here."""

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
    """An inline of no more than 200 rows. Django would build 2,000 forms for whoever claims to send them."""

    max_num = 200

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """With that limit for what is sent, too."""
        return super().get_formset(request, obj, **{"absolute_max": self.max_num, **kwargs})
