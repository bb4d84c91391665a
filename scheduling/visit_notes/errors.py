"""The refusal of a visit note."""

from django.utils.translation import gettext_lazy as _

from tenants.base.errors import DomainError


class NoteChanged(DomainError):
    """The note has a later version: somebody else, or another tab, has saved it."""

    code = "note_changed"
    message = _(
        "This note was saved in another place in the meantime. Compare the two texts, then save yours again."
    )
    status = 409
