"""Cache keys: each begins with the clinic it belongs to, so no clinic can be answered from another's."""

from tenants.door import current_clinic_or_none

PUBLIC = "public"


def clinic_key(key: str, prefix: str = "", version: int | str = 1) -> str:
    """Django's KEY_FUNCTION: the current clinic's id before everything else."""
    clinic = current_clinic_or_none()
    owner = str(clinic.pk) if clinic else PUBLIC
    return f"{owner}:{prefix}{version}:{key}"
