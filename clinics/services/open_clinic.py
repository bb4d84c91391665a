"""Open a clinic: its schema, settings, specialties and first admin."""

from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from clinics.models import ClinicSettings, Specialty
from tenants.accounts.audit.services import AuditAction, write_clinic_audit_entry
from tenants.accounts.models import User
from tenants.accounts.users import create_user
from tenants.current import enter_clinic
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
"""The specialties of a new clinic by code. Its admins can add and remove specialties."""


@dataclass(frozen=True, slots=True)
class FirstAdmin:
    """The first admin of a new clinic."""

    email: str
    password: str | None = field(repr=False)
    """None if the admin chooses a password through a link sent by email."""
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
    """Create a clinic that is ready to use: schema, settings, standard specialties and first admin.

    Its locale follows from its time zone; the clinic's admins can change it.

    :param settings: fields of `ClinicSettings` that differ from the defaults
    :param by: the operator; None from the command line
    :raises InvalidInput: the name, slug, time zone, a setting or the admin's password is invalid
    :raises SlugTaken: the web address is in use
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
    write_clinic_audit_entry(
        what=AuditAction.OPENED, clinic=clinic, by=by, note=f"{clinic.slug}: {clinic.name}"
    )
    return clinic
