"""What every admin page shares."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin, TabularInline
from django.db import transaction
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


class RefusalsAsMessages(_Base):
    """Where a service refuses what a form asks for, say so on the page; nothing has changed."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Add or change."""
        try:
            return again(super().changeform_view, request, *args, **kwargs)
        except DomainError as refused:
            return self.refused(request, refused)

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
