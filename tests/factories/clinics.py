"""Drop a clinic that a test has opened."""

from tenants.current import enter_public
from tenants.models import Clinic
from tenants.services.schema import drop_schema


def drop_clinic(clinic: Clinic) -> None:
    """Delete a clinic and drop its schema. The object keeps its primary key."""
    key = clinic.pk
    with enter_public():
        Clinic.objects.filter(pk=key).update(status=Clinic.Status.SUSPENDED)
        drop_schema(clinic.schema_name)
        clinic.delete()  # type: ignore[no-untyped-call]
    clinic.pk = key
