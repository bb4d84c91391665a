"""Creates a clinic: its row, its domain and its schema."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from tenants.base.constraints import violated_constraint
from tenants.base.errors import DomainError, InvalidInput, Text
from tenants.base.locales import Language, default_patient_languages, locale_for_zone
from tenants.models import RESERVED_SLUGS, Clinic, Domain
from tenants.routing.hosts import clear_host_cache_on_commit
from tenants.services.schema import create_schema
from tenants.services.validation import validate_clinic


class SlugTaken(DomainError):
    """Another clinic has this address."""

    code: ClassVar[str] = "slug_taken"
    message: ClassVar[Text] = _("This web address is already in use. Choose another.")
    status: ClassVar[int] = 409


@transaction.atomic
def provision_clinic(
    *,
    name: str,
    slug: str,
    time_zone: str,
    locale: str | None = None,
    patient_languages: list[str] | None = None,
    default_language: str = Language.ENGLISH,
    clinic_id: uuid.UUID | None = None,
    status: Clinic.Status = Clinic.Status.LIVE,
) -> Clinic:
    """Create a clinic's row, its domain `<slug>.<BASE_DOMAIN>` and its schema, in one transaction.

    :param locale: a `Locale`; None for the one its time zone suggests
    :param patient_languages: the languages for patients, with `default_language`; None for English only
    :param clinic_id: the previous id of a restored clinic; it must not be in use here
    :raises InvalidInput: name, slug or time zone is invalid; `errors` says why
    :raises DatabaseNotMigrated: the database is older than the code
    :raises SlugTaken: the address is in use
    """
    clinic = Clinic(
        pk=clinic_id or uuid.uuid4(),
        name=name.strip(),
        slug=slug,
        time_zone=time_zone,
        locale=locale or locale_for_zone(time_zone),
        patient_languages=patient_languages or default_patient_languages(),
        default_language=default_language,
        status=status,
    )
    if slug in RESERVED_SLUGS:
        raise InvalidInput(errors={"slug": [_("This web address is reserved. Choose another.")]})
    validate_clinic(clinic)
    try:
        with transaction.atomic():
            clinic.save(force_insert=True)  # type: ignore[no-untyped-call]
            Domain.objects.create(tenant=clinic, domain=f"{slug}.{settings.BASE_DOMAIN}", is_primary=True)
    except IntegrityError as error:
        if not violated_constraint(error).startswith(("tenants_clinic_slug", "tenants_domain_domain")):
            raise
        raise SlugTaken(errors={"slug": [SlugTaken.message]}) from error
    create_schema(clinic.schema_name)
    clear_host_cache_on_commit()
    return clinic
