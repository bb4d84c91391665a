"""The base of every Celery task: it runs inside the clinic that sent it, or not at all."""

import uuid
from typing import Any

from celery import Task

from tenants.door import clinic_by_id, current_clinic_or_none, enter_clinic, leave_clinic
from tenants.models import Clinic

HEADER = "clinic_id"
PUBLIC = "public"


class ClinicUnknown(Exception):
    """A task came without a word about whose it is, or for a clinic that is not there."""


class ClinicSuspended(Exception):
    """A task came for a clinic that is suspended: nothing is done there until it is resumed."""


class ClinicTask(Task[Any, Any]):
    """Carries the clinic in a header; a task's own arguments never mention it.

    A task that works for the whole installation says `public = True` and fans out from there.
    """

    abstract = True
    public = False

    def apply_async(self, *args: Any, headers: dict[str, Any] | None = None, **options: Any) -> Any:
        """Send the task with the clinic it belongs to.

        :raises ClinicUnknown: a clinic's task is sent from outside any clinic
        """
        clinic = current_clinic_or_none()
        if clinic is None and not self.public:
            raise ClinicUnknown(self.name)
        owner = PUBLIC if self.public or clinic is None else str(clinic.pk)
        return super().apply_async(*args, headers={**(headers or {}), HEADER: owner}, **options)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run inside the clinic that the header names.

        :raises ClinicUnknown: no header, or no such clinic: an error, never a run in `public`
        :raises ClinicSuspended: the clinic was suspended after the task was sent
        """
        if self.request.called_directly:
            return super().__call__(*args, **kwargs)
        try:
            if self.public:
                leave_clinic()
                return super().__call__(*args, **kwargs)
            with enter_clinic(self._owner()):
                return super().__call__(*args, **kwargs)
        finally:
            leave_clinic()

    def _owner(self) -> Clinic:
        header = getattr(self.request, HEADER, None)
        try:
            clinic = clinic_by_id(uuid.UUID(str(header)))
        except (ValueError, Clinic.DoesNotExist) as error:
            raise ClinicUnknown(f"{self.name}: {header}") from error
        if not clinic.is_live:
            raise ClinicSuspended(f"{self.name}: {header}")
        return clinic
