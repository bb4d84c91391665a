"""The base models: the times of creation and of the last change, and a UUID as primary key."""

import uuid
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import models
from django.db.models.functions import Now

from tenants.base.clock import now

M = TypeVar("M", bound=models.Model)


class TimestampField(models.DateTimeField):  # type: ignore[type-arg]  # a field is not subscriptable
    """A time (UTC) with the current time as default, in Python and in the table.

    The table's default applies to raw SQL. It is Postgres' clock, which tests cannot freeze.
    """

    # Python knows the value before the INSERT. RETURNING would need the privilege to read the column, and a
    # clinic's role may read only the ids of the queue.
    db_returning = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        defaults: dict[str, Any] = {"default": now, "db_default": Now(), "editable": False}
        super().__init__(*args, **defaults | kwargs)

    def deconstruct(self) -> Any:
        """Return a plain `DateTimeField`, so that migrations do not depend on this class."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.DateTimeField", args, kwargs


class _UpdatedAtField(TimestampField):
    """The time of the last change, which `save` and `bulk_create` set."""

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Set the current time, and return it."""
        moment = now()
        setattr(model_instance, self.attname, moment)
        return moment


class BaseQuerySet(models.QuerySet[M]):
    """A query set whose updates set `updated_at`. Every query set of the project derives from it."""

    def update(self, **changes: Any) -> int:
        """Update as Django does, and set `updated_at`, also for `bulk_update` and `on_delete=SET_NULL`."""
        return super().update(**({"updated_at": now()} | changes if changes else {}))

    update.alters_data = True  # type: ignore[attr-defined]  # so that templates cannot call it

    def bulk_create(  # noqa: PLR0917  Django's signature
        self,
        objs: Iterable[M],
        batch_size: int | None = None,
        ignore_conflicts: bool = False,
        update_conflicts: bool = False,
        update_fields: Collection[str] | None = None,
        unique_fields: Collection[str] | None = None,
    ) -> list[M]:
        """Insert as Django does. With `update_conflicts`, set `updated_at` of the existing rows."""
        if update_fields:
            update_fields = {*update_fields, "updated_at"}
        return super().bulk_create(
            objs, batch_size, ignore_conflicts, update_conflicts, update_fields, unique_fields
        )


class TimestampedModel(models.Model):
    """A row with the times (UTC) of its creation and last change. Every model of the project derives from it.

    Raw SQL that updates a row sets `updated_at` first. There are no triggers.
    """

    created_at = TimestampField()
    updated_at = _UpdatedAtField()

    if not TYPE_CHECKING:  # Django's own type of `objects` knows the model.
        objects = BaseQuerySet.as_manager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def save_base(
        self,
        raw: bool = False,
        force_insert: Any = False,
        force_update: bool = False,
        using: str | None = None,
        update_fields: Iterable[str] | None = None,
    ) -> None:
        """Save as Django does. `updated_at` is written also with `update_fields` or deferred fields."""
        if update_fields is not None:
            update_fields = frozenset({*update_fields, "updated_at"})
        super().save_base(raw, force_insert, force_update, using, update_fields)


class BaseModel(TimestampedModel):
    """A timestamped row with a UUID."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True
