"""The address and login of an outside calendar: checked when they are entered, stored encrypted."""

import json
from urllib.parse import urlsplit, urlunsplit

from django.utils.translation import gettext as _

from scheduling.models import OutsideCalendar
from scheduling.outside_calendars.read_calendar import Source
from tenants.base.errors import InvalidInput
from tenants.current import current_clinic
from tenants.domains.outbound import FetchError, check_url
from tenants.models import Domain
from tenants.services.encryption import SecretUnreadable, decrypt_secret, encrypt_secret

MAX_ADDRESS = 2000


def checked_source(*, address: str, user_name: str = "", password: str = "") -> Source:
    """The source at an address that a doctor entered. `webcal://` means https.

    :raises InvalidInput: it is not an https address, not one that may be read, or one of this clinic
    """
    kind = OutsideCalendar.Kind.CALDAV if user_name else OutsideCalendar.Kind.ICS
    try:
        source = Source(kind, _https_url(address), user_name, password)
        _check_not_own(source)
        check_url(source.address)
    except (ValueError, FetchError) as error:
        message = _(
            "This address cannot be used. Enter the https address of a calendar on the internet, "
            "without a user name in it."
        )
        raise InvalidInput(errors={"address": [message]}) from error
    return source


def _https_url(address: str) -> str:
    """The URL without its fragment, which is not sent. `webcal` is replaced by `https`.

    :raises ValueError: it is not a URL
    """
    parts = urlsplit(address.strip())
    if parts.scheme.lower() in {"webcal", "webcals"}:
        parts = parts._replace(scheme="https")
    return urlunsplit(parts._replace(fragment=""))


def _check_not_own(source: Source) -> None:
    """Check that the address is not one of this clinic.

    :raises InvalidInput: it is
    """
    if Domain.objects.filter(domain=source.host, tenant=current_clinic().pk).exists():
        message = _("This is the clinic's own calendar. Its appointments block their times already.")
        raise InvalidInput(errors={"address": [message]})


def stored_source(source: Source) -> dict[str, str]:
    """The fields of `OutsideCalendar` that store a source."""
    login = {"user_name": source.user_name, "password": source.password}
    return {
        "kind": source.kind,
        "host": source.host,
        "stored_address": encrypt_secret(source.address),
        "stored_login": encrypt_secret(json.dumps(login)) if source.user_name else "",
    }


def source_of(calendar: OutsideCalendar) -> Source | None:
    """The source of a calendar; None if it was stored by another installation, before a restore."""
    try:
        address = decrypt_secret(calendar.stored_address)
        login = json.loads(decrypt_secret(calendar.stored_login)) if calendar.stored_login else {}
    except SecretUnreadable:
        return None
    return Source(calendar.kind, address, **login)
