"""Open links of messages as a mail program would: without cookies and without a session."""

from typing import Any

from notifications.links import Purpose, link_path
from notifications.models import Message
from scheduling.models import Booking
from tenants.accounts.models import User
from tenants.current import current_clinic
from tests.factories.clinic_client import ClinicClient


def make_message(booking: Booking, recipient: User, *, kind: str = "reminder") -> Message:
    """The message about the present version of the booking."""
    message, _is_new = Message.objects.get_or_create(
        booking=booking,
        version=booking.version,
        recipient=recipient,
        kind=kind,
        defaults={"due_at": booking.created_at, "not_after": booking.starts_at},
    )
    return message


def path_of(booking: Booking, recipient: User, purpose: Purpose) -> str:
    """Return the path of a link to the recipient, about the present version of the booking."""
    return link_path(make_message(booking, recipient), purpose, version=booking.version)


class LinkReader:
    """Somebody who opens links. Each request comes from a new browser without cookies."""

    def get(self, path: str) -> Any:
        """Open a page."""
        return self._browser().get(path)

    def head(self, path: str) -> Any:
        """Ask for the headers only."""
        return self._browser().head(path)

    def post(self, path: str, **data: str) -> Any:
        """Submit a form."""
        return self._browser().post(path, data, format="multipart")

    def _browser(self) -> ClinicClient:
        return ClinicClient(current_clinic(), enforce_csrf_checks=True)
