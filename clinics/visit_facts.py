"""A visit type in one line of words."""

from decimal import Decimal

from django.utils.translation import gettext as _

from tenants.base.words import duration, price


def visit_facts(*, minutes: int | None, mode: str, amount: Decimal | None, currency: str) -> str:
    """Return “30 minutes · By video · £45.00” for a visit type.

    :param minutes: the duration; None if the visit lasts as long as the slot
    :param amount: the price; None if it is not shown
    """
    modes = {"video": _("By video"), "phone": _("By phone")}
    facts = [duration(minutes) if minutes else "", modes.get(mode, _("In person"))]
    if amount is not None:
        facts.append(price(str(amount), currency) if amount else _("Free"))
    return " · ".join(filter(None, facts))
