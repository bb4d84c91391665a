"""Opening a clinic creates everything it needs, or nothing."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from clinics.models import ClinicSettings, Specialty
from clinics.services.open_clinic import FirstAdmin, open_clinic
from tenants.accounts.models import User
from tenants.base.errors import InvalidInput
from tenants.current import enter_clinic
from tenants.models import Clinic, Domain
from tests.factories.people import PASSWORD


def open_seaside(*, password: str = PASSWORD, **options: Any) -> Clinic:
    """Open a third clinic."""
    admin = FirstAdmin(email="Sea@Side.Example", password=password, first_name="Sia", last_name="Side")
    return open_clinic(name="Seaside", slug="seaside", time_zone="Europe/Lisbon", admin=admin, **options)


def test_open_clinic_creates_settings_seven_specialties_and_an_admin(clinics: Any, db: None) -> None:
    clinic = open_seaside(settings={"phone": "+351 21 000 0000", "horizon_days": 30})

    with enter_clinic(clinic):
        settings, admin = ClinicSettings.objects.get(), User.objects.get()
        codes = list(Specialty.objects.order_by("code").values_list("code", flat=True))
    assert (settings.phone, settings.horizon_days, settings.slot_minutes) == ("+351 21 000 0000", 30, 30)
    assert (admin.email, admin.role, admin.check_password(PASSWORD)) == ("sea@side.example", "admin", True)
    assert codes == [
        "audiology",
        "chiropractic",
        "dentistry",
        "general-medicine",
        "mental-health",
        "optometry",
        "physiotherapy",
    ]


def test_a_clinic_whose_admin_has_a_weak_password_is_not_opened(clinics: Any, db: None) -> None:
    with pytest.raises(InvalidInput) as refused, transaction.atomic():
        open_seaside(password="seaside")

    assert list(refused.value.errors) == ["password"]
    assert (Clinic.objects.filter(slug="seaside").count(), Domain.objects.count()) == (0, 2)


def test_the_admins_password_is_not_in_the_repr() -> None:
    admin = FirstAdmin(email="sea@side.example", password=PASSWORD, first_name="Sia", last_name="Side")

    assert PASSWORD not in repr(admin)


def test_a_clinic_has_exactly_one_row_of_settings(clinic: Clinic) -> None:
    with pytest.raises(IntegrityError, match="clinicsettings_is_one_row"), transaction.atomic():
        ClinicSettings.objects.create(id=2)
    with pytest.raises(IntegrityError), transaction.atomic():
        ClinicSettings.objects.create()
    assert ClinicSettings.objects.count() == 1
