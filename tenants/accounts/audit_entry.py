"""An entry of the audit log: who did what to which record, when and from where."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.base.clock import now


class AuditEntry(models.Model):
    """An action that was done or refused. It is never changed and contains no personal data of patients.

    A clinic's log is in its own schema. The log of the platform and its operators is in public.
    """

    class What(models.TextChoices):
        """The kind of action."""

        SIGNED_IN = "signed_in", _("signed in")
        SIGN_IN_REFUSED = "sign_in_refused", _("sign-in refused")
        SESSION_ENDED = "session_ended", _("session ended")
        SIGNED_OUT_EVERYWHERE = "signed_out_everywhere", _("signed out everywhere")
        SECOND_FACTOR_REFUSED = "second_factor_refused", _("second step refused")
        SECOND_FACTOR_ON = "second_factor_on", _("second step switched on")
        SECOND_FACTOR_OFF = "second_factor_off", _("second step switched off")
        SECOND_FACTOR_RESET = "second_factor_reset", _("second step reset")
        RECOVERY_CODES_MADE = "recovery_codes_made", _("recovery codes made")
        RECOVERY_CODE_USED = "recovery_code_used", _("recovery code used")
        INVITED = "invited", _("invited")
        WITHDRAWN = "withdrawn", _("invitation withdrawn")
        JOINED = "joined", _("joined by invitation")
        READ = "read", _("read")
        LISTED = "listed", _("seen in a list")
        ADDED = "added", _("added")
        CHANGED = "changed", _("changed")
        ADDRESS_CONFIRMED = "address_confirmed", _("address confirmed")
        REMOVED = "removed", _("removed")
        BOOKED = "booked", _("booked")
        OVERBOOKED = "overbooked", _("booked in addition to another")
        CONFIRMED = "confirmed", _("confirmed")
        RESCHEDULED = "rescheduled", _("moved to another time")
        CHECKED_IN = "checked_in", _("checked in")
        COMPLETED = "completed", _("completed")
        NO_SHOW = "no_show", _("did not come")
        CANCELLED = "cancelled", _("cancelled")
        REFUSED = "refused", _("refused")
        EXPORTED = "exported", _("exported")
        CLOSED = "closed", _("closed")
        OPENED = "opened", _("opened")
        SUSPENDED = "suspended", _("suspended")
        RESUMED = "resumed", _("resumed")
        RENAMED = "renamed", _("renamed")
        RESTORED = "restored", _("restored")
        REOPENED = "reopened", _("reopened")
        DROPPED = "dropped", _("dropped")
        DOMAIN_CLAIMED = "domain_claimed", _("domain named")
        DOMAIN_PROVEN = "domain_proven", _("domain proven")
        DOMAIN_PRIMARY = "domain_primary", _("domain made the main one")
        DOMAIN_REMOVED = "domain_removed", _("domain removed")
        APPROVED = "approved", _("sign-up approved")

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(_("when"), default=now, db_index=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, verbose_name=_("who")
    )
    what = models.CharField(_("what"), max_length=24, choices=What.choices)
    kind = models.CharField(_("kind of record"), max_length=60, blank=True)
    record_id = models.CharField(_("record"), max_length=64, blank=True)
    address = models.GenericIPAddressField(_("from address"), null=True)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit log")
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["kind", "record_id"], name="auditentry_by_record")]

    def __str__(self) -> str:
        return f"{self.get_what_display()} {self.kind} {self.record_id}".strip()
