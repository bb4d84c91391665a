"""Save the clinic's own texts of its legal pages."""

from collections.abc import Collection
from datetime import datetime

from clinics.home_selectors import LEGAL_TITLES
from clinics.models import LegalPages
from tenants.current import current_clinic


def save_legal_pages(*, pages: LegalPages, changed: Collection[str], now: datetime) -> LegalPages:
    """Store the texts, with the clinic's date as that of each changed one.

    :param changed: the names of the changed fields
    """
    today = now.astimezone(current_clinic().zone).date()
    for kind in LEGAL_TITLES:
        if kind in changed:
            setattr(pages, f"{kind}_changed_on", today if getattr(pages, kind) else None)
    pages.save()
    return pages
