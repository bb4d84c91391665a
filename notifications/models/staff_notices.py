"""Which notices a member of staff wants, and when."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.accounts.models import User
from tenants.base.models import BaseModel


class NoticeMode(models.TextChoices):
    """How a member of staff hears of changes."""

    EACH = "each", _("one email for each")
    DIGEST = "digest", _("in one email a day")
    OFF = "off", _("not at all")


def _mode(label: object) -> models.CharField[str, str]:
    return models.CharField(label, max_length=6, choices=NoticeMode.choices)  # type: ignore[arg-type]


def _hour(label: object, default: int) -> models.PositiveSmallIntegerField[int, int]:
    return models.PositiveSmallIntegerField(
        label,  # type: ignore[arg-type]
        default=default,
        validators=[MinValueValidator(4), MaxValueValidator(22)],
        help_text=_("A full hour from 4 to 22, by the clock of the place where the doctor works."),
    )


class StaffNotices(BaseModel):
    """The notices that a member of staff has chosen. Without a row, the defaults of the role apply."""

    user = models.OneToOneField(
        User,
        on_delete=models.CASCADE,
        related_name="staff_notices",
        verbose_name=_("user"),
        limit_choices_to={"role__in": [User.Role.DOCTOR, User.Role.ADMIN, User.Role.RECEPTIONIST]},
    )
    booked = _mode(_("new appointments"))
    cancelled = _mode(_("cancelled appointments"))
    rescheduled = _mode(_("rescheduled appointments"))
    offer_taken = _mode(_("waiting list offers accepted"))
    attendance = _mode(_("patients who confirm that they will come"))
    not_delivered = _mode(_("messages to patients that failed"))
    digest_hour = _hour(_("hour of the email with the changes of a day"), 16)
    day_schedule = models.BooleanField(_("the schedule of the day by email (doctors)"), default=False)
    day_hour = _hour(_("hour of the schedule"), 7)

    class Meta:
        verbose_name = _("staff notices")
        verbose_name_plural = _("staff notices")
        ordering = ["user"]

    def __str__(self) -> str:
        return str(self.user)
