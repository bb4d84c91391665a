"""An entry of the audit log: who did what to which record, when and from where."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.base.clock import now
from tenants.base.models import TimestampedModel


class AuditEntry(TimestampedModel):
    """An action that was carried out or refused. Entries are never changed and contain no data of patients.

    A clinic's log is in its own schema. The log of the platform and its operators is in public.
    """

    class Action(models.TextChoices):
        """The kind of action."""

        SIGNED_IN = "signed_in", _("signed in")
        SIGN_IN_REFUSED = "sign_in_refused", _("sign-in refused")
        SESSION_ENDED = "session_ended", _("session ended")
        SIGNED_OUT_EVERYWHERE = "signed_out_everywhere", _("signed out everywhere")
        SECOND_FACTOR_REFUSED = "second_factor_refused", _("sign-in code refused")
        SECOND_FACTOR_ON = "second_factor_on", _("two-step sign-in turned on")
        SECOND_FACTOR_OFF = "second_factor_off", _("two-step sign-in turned off")
        SECOND_FACTOR_RESET = "second_factor_reset", _("two-step sign-in reset")
        RECOVERY_CODES_MADE = "recovery_codes_made", _("recovery codes created")
        RECOVERY_CODE_USED = "recovery_code_used", _("recovery code used")
        INVITED = "invited", _("invited")
        WITHDRAWN = "withdrawn", _("invitation withdrawn")
        JOINED = "joined", _("invitation accepted")
        READ = "read", _("viewed")
        LISTED = "listed", _("viewed in a list")
        ADDED = "added", _("added")
        CHANGED = "changed", _("changed")
        ADDRESS_CONFIRMED = "address_confirmed", _("email address confirmed")
        ADDRESS_CHANGE_ASKED = "address_change_asked", _("new email address requested")
        ADDRESS_CHANGE_CANCELLED = "address_change_cancelled", _("request for a new email address cancelled")
        ADDRESS_CHANGED = "address_changed", _("email address changed")
        REMOVED = "removed", _("removed")
        BOOKED = "booked", _("booked")
        OVERBOOKED = "overbooked", _("double-booked")
        CONFIRMED = "confirmed", _("confirmed")
        RESCHEDULED = "rescheduled", _("rescheduled")
        CHECKED_IN = "checked_in", _("checked in")
        STARTED = "started", _("visit started")
        COMPLETED = "completed", _("completed")
        STEP_UNDONE = "step_undone", _("last step undone")
        MERGED = "merged", _("merged")
        MERGE_UNDONE = "merge_undone", _("merge undone")
        NO_SHOW = "no_show", _("marked as no-show")
        CANCELLED = "cancelled", _("cancelled")
        REFUSED = "refused", _("refused")
        EXPORTED = "exported", _("exported")
        CLOSED = "closed", _("closed")
        ERASED = "erased", _("erased")
        OPENED = "opened", _("opened")
        SUSPENDED = "suspended", _("suspended")
        RESUMED = "resumed", _("resumed")
        RENAMED = "renamed", _("renamed")
        RESTORED = "restored", _("restored")
        REOPENED = "reopened", _("reopened")
        DROPPED = "dropped", _("deleted")
        DOMAIN_CLAIMED = "domain_claimed", _("domain added")
        DOMAIN_PROVEN = "domain_proven", _("domain verified")
        DOMAIN_PRIMARY = "domain_primary", _("domain made primary")
        DOMAIN_REMOVED = "domain_removed", _("domain removed")
        APPROVED = "approved", _("sign-up approved")

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(_("when"), default=now, db_index=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, verbose_name=_("by")
    )
    what = models.CharField(_("action"), max_length=24, choices=Action.choices)
    kind = models.CharField(_("type of record"), max_length=60, blank=True)
    record_id = models.CharField(_("record ID"), max_length=64, blank=True)
    address = models.GenericIPAddressField(_("IP address"), null=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    changes = models.JSONField(_("changes"), null=True, blank=True)
    """What was changed: for each field, the old and the new value in a list.

    A field of personal data has None instead, so that its values can be erased elsewhere.
    """

    class Meta:
        verbose_name = _("audit log entry")
        verbose_name_plural = _("audit log entries")
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["kind", "record_id"], name="auditentry_by_record")]

    def __str__(self) -> str:
        return f"{self.get_what_display()} {self.kind} {self.record_id}".strip()
