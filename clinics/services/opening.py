"""Opening a clinic: its ground, its settings, its first admin."""

from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from clinics.models import ClinicSettings, Specialty
from tenants.accounts.audit import What, record_of_clinic
from tenants.accounts.models import User
from tenants.accounts.services import create_user
from tenants.door import enter_clinic
from tenants.models import Clinic
from tenants.services.provisioning import provision_clinic

SPECIALTIES = {
    "mental-health": gettext_noop("Mental health"),
    "general-medicine": gettext_noop("General medicine"),
    "dentistry": gettext_noop("Dentistry"),
    "physiotherapy": gettext_noop("Physiotherapy"),
    "chiropractic": gettext_noop("Chiropractic"),
    "audiology": gettext_noop("Audiology"),
    "optometry": gettext_noop("Optometry"),
}
"""What a new clinic starts with; its admins add and take away."""


@dataclass(frozen=True, slots=True)
class FirstAdmin:
    """Who runs a clinic from its first day."""

    email: str
    password: str | None = field(repr=False)
    """None: they choose one themselves, through a mailed link."""
    first_name: str
    last_name: str


@transaction.atomic
def open_clinic(
    *,
    name: str,
    slug: str,
    time_zone: str,
    admin: FirstAdmin,
    settings: dict[str, Any] | None = None,
    by: User | None = None,
) -> Clinic:
    """A new clinic, ready to be used: schema, settings, the usual specialties, its first admin.

    :param settings: fields of `ClinicSettings` that differ from the defaults
    :param by: the operator; None from the command line
    :raises InvalidInput: the name, slug, zone, a setting or the admin's password is not acceptable
    :raises SlugTaken: the address is in use
    """
    clinic = provision_clinic(name=name, slug=slug, time_zone=time_zone)
    with enter_clinic(clinic):
        ClinicSettings.objects.create(**(settings or {}))
        Specialty.objects.bulk_create(Specialty(code=code, name=name) for code, name in SPECIALTIES.items())
        create_user(
            email=admin.email,
            password=admin.password,
            first_name=admin.first_name,
            last_name=admin.last_name,
            role=User.Role.ADMIN,
        )
    record_of_clinic(what=What.OPENED, clinic=clinic, by=by, note=f"{clinic.slug}: {clinic.name}")
    return clinic
