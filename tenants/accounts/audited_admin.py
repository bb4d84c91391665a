"""Admin pages that write the audit log: every change, and reading where a patient is read of."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.contrib.admin import ModelAdmin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse

from tenants.accounts.audit import What, record
from tenants.accounts.models import User

if TYPE_CHECKING:
    _Base = ModelAdmin[Any]
else:
    _Base = object


def staff_of(request: HttpRequest) -> User | None:
    """Who is signed in to the admin."""
    return request.user if isinstance(request.user, User) else None


class WritesAudited(_Base):
    """Everything added, changed or removed here is in the log."""

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Django calls this for every row that was added."""
        record(what=What.ADDED, by=staff_of(request), about=[obj])
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """As above, for what was changed; a password among it."""
        record(what=What.CHANGED, by=staff_of(request), about=[obj])
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """As above, for what is about to be taken away."""
        record(what=What.REMOVED, by=staff_of(request), about=queryset)
        return super().log_deletions(request, queryset)


class ReadsAudited(_Base):
    """Whoever opens a record here is in the log."""

    def subjects(self, obj: Any) -> list[Model]:
        """The records that are read with `obj`'s page."""
        return [obj]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """The page of one record."""
        obj = kwargs.get("obj")
        if obj is not None and kwargs.get("change"):
            record(what=What.READ, by=staff_of(request), about=self.subjects(obj))
        return super().render_change_form(request, context, *args, **kwargs)

    def history_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page of what was done to a record, under its name."""
        page = super().history_view(request, object_id, *args, **kwargs)
        obj = (getattr(page, "context_data", None) or {}).get("object")
        if obj is not None:
            record(what=What.READ, by=staff_of(request), about=self.subjects(obj))
        return page


class ListsAudited(_Base):
    """Everybody whom a list, a search or a field's suggestions show here is in the log."""

    def shown_with(self, obj: Any) -> Model | None:
        """Whose record is seen with `obj`'s line; None where it is no patient's."""
        row: Model = obj
        return row

    def record_shown(self, request: HttpRequest, rows: Iterable[Any]) -> None:
        """Write down who was seen, each once."""
        seen = {subject.pk: subject for subject in map(self.shown_with, rows) if subject is not None}
        record(what=What.LISTED, by=staff_of(request), about=seen.values())

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The list."""
        page = super().changelist_view(request, *args, **kwargs)
        shown = (getattr(page, "context_data", None) or {}).get("cl")
        if shown is not None:
            self.record_shown(request, shown.result_list)
        return page
