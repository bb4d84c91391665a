"""Shows a page as visitors would see it with the changes in a form, without saving them."""

from typing import TYPE_CHECKING, Any

from django.contrib.admin import ModelAdmin
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

if TYPE_CHECKING:
    _Base = ModelAdmin[Any]
else:
    _Base = object


class PreviewChanges(_Base):
    """Adds a button to a form that shows the public page with its changes. Nothing is saved.

    The form is saved as usual, the page is rendered from the database, and the transaction is rolled back.
    So whatever a save would refuse is refused here too.
    """

    preview_template: str

    def preview_context(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        """Return what the template needs. `obj` is saved."""
        raise NotImplementedError

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Return the preview if its button was used; else as usual."""
        if "_preview" not in request.POST:
            return super().response_change(request, obj)
        page = render(request, self.preview_template, self.preview_context(request, obj))
        transaction.set_rollback(True)
        return page
