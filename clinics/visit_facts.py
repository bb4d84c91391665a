"""A visit type in one line of words."""

from decimal import Decimal

from django.utils.translation import gettext as _

from tenants.base.words import duration, price

MODES = ("in_person", "video", "phone")
"""How patients can be seen."""


def mode_name(mode: str) -> str:
    """Return “By video” for a mode of visits."""
    return {"video": _("By video"), "phone": _("By phone")}.get(mode, _("In person"))


def visit_facts(*, minutes: int | None, mode: str, amount: Decimal | None, currency: str) -> str:
    """Return “30 minutes · By video · £45.00” for a visit type.

    :param minutes: the duration; None if the visit lasts as long as the slot
    :param amount: the price; None if it is not shown
    """
    facts = [duration(minutes) if minutes else "", mode_name(mode)]
    if amount is not None:
        facts.append(price(str(amount), currency) if amount else _("Free"))
    return " · ".join(filter(None, facts))
