"""Whether a message about a booking reaches somebody, and by which channels."""

from collections.abc import Iterable
from dataclasses import dataclass

from notifications.models import Channel, Message
from notifications.preferences import channels_for, is_wanted
from notifications.recipients import recipients_of
from scheduling.models import Booking
from tenants.accounts.models import User


@dataclass(frozen=True, slots=True)
class Reach:
    """How the people of a booking hear of a change."""

    booking: Booking
    channels: list[Channel]
    """Empty: nobody hears of it, so somebody has to call."""


def reach_of(bookings: Iterable[Booking], *, kind: Message.Kind) -> list[Reach]:
    """Return for each booking how a message of this kind reaches its recipients.

    An email counts only to an address that is confirmed and from which none was returned.
    """
    return [Reach(booking, _channels(recipients_of(booking), kind=kind)) for booking in bookings]


def _channels(users: Iterable[User], *, kind: Message.Kind) -> list[Channel]:
    found: set[Channel] = set()
    for user in users:
        if not user.is_active:
            continue
        for channel in channels_for(user, kind=kind):
            is_dead = channel == Channel.EMAIL and (
                user.email_undeliverable_at is not None or user.email_verified_at is None
            )
            if not is_dead and is_wanted(user, kind=kind, channel=channel):
                found.add(channel)
    return sorted(found)
