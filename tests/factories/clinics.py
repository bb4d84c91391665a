"""The end of a test's own clinic."""

from tenants.current import enter_public
from tenants.models import Clinic
from tenants.services.schema import drop_schema


def drop_clinic(clinic: Clinic) -> None:
    """Take a clinic away with all that is left of it. The object still tells which it was."""
    key = clinic.pk
    with enter_public():
        Clinic.objects.filter(pk=key).update(status=Clinic.Status.SUSPENDED)
        drop_schema(clinic.schema_name)
        clinic.delete()  # type: ignore[no-untyped-call]
    clinic.pk = key
