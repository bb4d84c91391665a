"""The base class of every Celery task: a task runs inside the clinic that sent it, or raises an error."""

import uuid
from typing import Any

from celery import Task

from tenants.current import clinic_by_id, current_clinic_or_none, enter_clinic, leave_clinic
from tenants.models import Clinic

HEADER = "clinic_id"
PUBLIC = "public"


class UnknownClinic(Exception):
    """The task has no clinic header, or its clinic does not exist."""


class ClinicSuspended(Exception):
    """The task's clinic is suspended. Nothing runs there until it is resumed."""


class ClinicTask(Task[Any, Any]):
    """Sends the clinic in a message header, so that tasks need no argument for it.

    A task for the whole installation sets `public = True` and starts tasks for clinics from there.
    """

    abstract = True
    public = False

    def apply_async(self, *args: Any, headers: dict[str, Any] | None = None, **options: Any) -> Any:
        """Send the task with the id of the current clinic.

        :raises UnknownClinic: a clinic's task is sent from outside any clinic
        """
        clinic = current_clinic_or_none()
        if clinic is None and not self.public:
            raise UnknownClinic(self.name)
        owner = PUBLIC if self.public or clinic is None else str(clinic.pk)
        return super().apply_async(*args, headers={**(headers or {}), HEADER: owner}, **options)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run the task inside the clinic named in the header.

        :raises UnknownClinic: there is no header or no such clinic; the task never runs in `public`
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
            raise UnknownClinic(f"{self.name}: {header}") from error
        if not clinic.is_live:
            raise ClinicSuspended(f"{self.name}: {header}")
        return clinic
