"""Store which optional messages a user wants."""

from collections.abc import Iterable

from notifications.models import Channel, MessagePreference
from notifications.preferences import Choice
from tenants.accounts.models import User


def save_choices(*, user: User, choices: Iterable[Choice]) -> None:
    """Store choices of a user. Topics and channels that are not among them stay as they are."""
    MessagePreference.objects.bulk_create(
        [
            MessagePreference(
                user=user, topic=choice.topic, channel=choice.channel, is_wanted=choice.is_wanted
            )
            for choice in choices
        ],
        update_conflicts=True,
        unique_fields=["user", "topic", "channel"],
        update_fields=["is_wanted"],
    )


def unsubscribe(*, user: User, topic: str) -> None:
    """Switch the emails of a topic off."""
    off = Choice(MessagePreference.Topic(topic), Channel.EMAIL, is_wanted=False)
    save_choices(user=user, choices=[off])


def unsubscribe_from_all(*, user: User) -> None:
    """Switch all optional emails off."""
    for topic in MessagePreference.Topic:
        unsubscribe(user=user, topic=topic)
