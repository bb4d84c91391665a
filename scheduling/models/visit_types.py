"""Visit types (FHIR: HealthcareService), their intake questions, and chains of visits."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator, URLValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinics.models import Doctor
from clinics.models.public_rows import PublicQuerySet
from clinics.planning import check_colour
from clinics.reminder_offsets import check_reminder_offsets
from scheduling.clock.planning import LONGEST_SLOT, SHORTEST_SLOT
from scheduling.models.places import Room
from tenants.base.models import BaseModel, BaseQuerySet

_DAY_MINUTES = 24 * 60
LONGEST_BUFFER = 4 * 60
"""Minutes. For longer breaks, staff add time off."""
check_currency = RegexValidator(r"^[A-Z]{3}\Z", _("Enter a currency code of three letters, for example EUR."))


class VisitTypeQuerySet(PublicQuerySet["VisitType"]):
    """Filters for visit types."""

    def in_use(self) -> "VisitTypeQuerySet":
        """Visit types that can be booked, by patients or staff."""
        return self.filter(is_active=True)

    def bookable_by_patients(self) -> "VisitTypeQuerySet":
        """Visit types that patients can book themselves."""
        return self.in_use().exclude(who_may_book=VisitType.Who.STAFF)

    def offered_by(self, doctor: Doctor) -> "VisitTypeQuerySet":
        """The visit types that can be booked with the doctor."""
        return self.of_doctor(doctor).exclude(paused_by=doctor)

    def of_doctor(self, doctor: Doctor) -> "VisitTypeQuerySet":
        """The doctor's visit types, paused ones included. One that names no doctor is offered by all."""
        return self.filter(Q(doctors=None) | Q(doctors=doctor)).distinct()


class VisitType(BaseModel):
    """A kind of visit: its duration, who may book it and when, and what it needs."""

    class Mode(models.TextChoices):
        """How the patient meets the doctor."""

        IN_PERSON = "in_person", _("in person")
        VIDEO = "video", _("by video")
        PHONE = "phone", _("by telephone")

    class Who(models.TextChoices):
        """The people who may book it."""

        PUBLIC = "public", _("all patients")
        KNOWN = "known", _("patients who have been to the clinic before")
        STAFF = "staff", _("staff only")

    class DaysCounted(models.TextChoices):
        """Which days the booking window counts."""

        ALL = "all", _("all days")
        BUSINESS = "business", _("working days (Monday to Friday, without public holidays)")

    name = models.CharField(_("name"), max_length=80, unique=True)
    description = models.TextField(_("description for patients"), blank=True)
    preparation = models.TextField(
        _("how to prepare"),
        blank=True,
        db_default="",
        max_length=1000,
        help_text=_(
            "Patients read it in the confirmation and in reminders. For example: Do not eat for 8 hours."
        ),
    )
    bring = models.TextField(
        _("what to bring"),
        blank=True,
        db_default="",
        max_length=1000,
        help_text=_("Patients read it in the confirmation and in reminders."),
    )
    position = models.PositiveSmallIntegerField(_("order in lists"), default=0, db_default=0)
    is_active = models.BooleanField(_("can be booked"), default=True, db_default=True)
    doctors = models.ManyToManyField(
        Doctor,
        related_name="visit_types",
        blank=True,
        verbose_name=_("offered by"),
        help_text=_("Leave empty if every doctor offers it."),
    )
    paused_by = models.ManyToManyField(
        Doctor,
        related_name="paused_visit_types",
        blank=True,
        verbose_name=_("paused by"),
        help_text=_("These doctors take no bookings for it at present. They can change this in the portal."),
    )
    duration_minutes = models.PositiveSmallIntegerField(
        _("duration (minutes)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(SHORTEST_SLOT), MaxValueValidator(LONGEST_SLOT)],
        help_text=_("Leave empty to use one slot. A longer visit takes several slots in a row."),
    )
    buffer_before_minutes = models.PositiveSmallIntegerField(
        _("free time before (minutes)"),
        default=0,
        db_default=0,
        validators=[MaxValueValidator(LONGEST_BUFFER)],
    )
    buffer_after_minutes = models.PositiveSmallIntegerField(
        _("free time after (minutes)"),
        default=0,
        db_default=0,
        validators=[MaxValueValidator(LONGEST_BUFFER)],
    )
    mode = models.CharField(
        _("type of appointment"),
        max_length=12,
        choices=Mode.choices,
        default=Mode.IN_PERSON,
        db_default=Mode.IN_PERSON,
    )
    video_link = models.CharField(
        _("video call link"), max_length=200, blank=True, validators=[URLValidator(schemes=["https"])]
    )
    price = models.DecimalField(
        _("price"), max_digits=9, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    currency = models.CharField(
        _("currency"), max_length=3, blank=True, validators=[check_currency], help_text=_("For example EUR.")
    )
    is_named_in_messages = models.BooleanField(
        _("name it in emails"),
        default=True,
        db_default=True,
        help_text=_(
            "Patients then read the name of the visit type in emails about their appointment. "
            "Subjects and text messages never contain it."
        ),
    )
    colour = models.CharField(_("colour"), max_length=7, default="#0b5c8a", validators=[check_colour])
    who_may_book = models.CharField(
        _("who may book it"), max_length=8, choices=Who.choices, default=Who.PUBLIC, db_default=Who.PUBLIC
    )
    new_patients_only = models.BooleanField(_("first visits only"), default=False, db_default=False)
    needs_approval = models.BooleanField(
        _("staff must confirm each booking"), default=False, db_default=False
    )
    needs_room = models.BooleanField(_("needs a room"), default=False, db_default=False)
    rooms = models.ManyToManyField(
        Room,
        related_name="visit_types",
        blank=True,
        verbose_name=_("suitable rooms"),
        help_text=_("Leave empty to allow any room at the place of the visit."),
    )
    notice_minutes = models.PositiveIntegerField(
        _("minimum notice for booking (minutes)"),
        default=0,
        db_default=0,
        validators=[MaxValueValidator(60 * _DAY_MINUTES)],
        help_text=_("How long before the start patients can still book. One day is 1440 minutes."),
    )
    window_days = models.PositiveSmallIntegerField(
        _("how far ahead patients can book (days)"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(730)],
        help_text=_("Leave empty to use the clinic's setting."),
    )
    window_counts = models.CharField(
        _("days counted"),
        max_length=8,
        choices=DaysCounted.choices,
        default=DaysCounted.ALL,
        db_default=DaysCounted.ALL,
    )
    reminder_minutes = ArrayField(
        models.PositiveIntegerField(),
        null=True,
        blank=True,
        validators=[check_reminder_offsets],
        verbose_name=_("reminders before the visit"),
    )
    """Minutes before the start; None: the clinic's; empty: no reminders."""
    questionnaire_days = models.PositiveSmallIntegerField(
        _("ask the later questions (days before the visit)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
        help_text=_(
            "Patients get a link to the questions that are asked before the visit. Leave empty to send none."
        ),
    )
    follow_up_days = models.PositiveSmallIntegerField(
        _("send a follow-up message (days after the visit)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
        help_text=_("It is sent after a visit that was completed. Leave empty to send none."),
    )
    follow_up_text = models.TextField(
        _("follow-up message"),
        blank=True,
        db_default="",
        max_length=1000,
        help_text=_("Do not write anything about health: emails can be read by others."),
    )

    objects: ClassVar = VisitTypeQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit type")
        verbose_name_plural = _("visit types")
        ordering = ["position", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(duration_minutes=None)
                | Q(duration_minutes__gte=SHORTEST_SLOT, duration_minutes__lte=LONGEST_SLOT),
                name="visittype_duration_is_sensible",
            ),
            models.CheckConstraint(
                condition=Q(price=None) ^ ~Q(currency=""),
                name="visittype_price_has_a_currency",
                violation_error_message=_("Enter both a price and a currency, or neither."),
            ),
            models.CheckConstraint(
                condition=~Q(mode="video") | ~Q(video_link=""),
                name="visittype_by_video_has_a_link",
                violation_error_message=_("A video appointment needs a video call link."),
            ),
            models.CheckConstraint(
                condition=~Q(who_may_book="known", new_patients_only=True),
                name="visittype_is_for_somebody",
                violation_error_message=_(
                    "A first visit cannot be limited to patients who have been to the clinic before."
                ),
            ),
            models.CheckConstraint(
                condition=Q(follow_up_days=None) | ~Q(follow_up_text=""),
                name="visittype_follow_up_has_a_text",
                violation_error_message=_("Enter the text of the follow-up message."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def duration(self) -> timedelta | None:
        """The length of the visit; None: as long as its slot."""
        return timedelta(minutes=self.duration_minutes) if self.duration_minutes else None

    @property
    def buffer_before(self) -> timedelta:
        """The buffer before the visit."""
        return timedelta(minutes=self.buffer_before_minutes)

    @property
    def buffer_after(self) -> timedelta:
        """The buffer after the visit."""
        return timedelta(minutes=self.buffer_after_minutes)


def with_buffers(visit_type: VisitType | None, begins: datetime, ends: datetime) -> tuple[datetime, datetime]:
    """The period of a visit with the buffers of its visit type."""
    if visit_type is None:
        return begins, ends
    return begins - visit_type.buffer_before, ends + visit_type.buffer_after


class IntakeQuestionQuerySet(BaseQuerySet["IntakeQuestion"]):
    """Filters for intake questions."""

    def when_booking(self) -> "IntakeQuestionQuerySet":
        """Questions that are asked when the visit is booked."""
        return self.filter(asked=IntakeQuestion.Asked.WHEN_BOOKING)

    def before_visit(self) -> "IntakeQuestionQuerySet":
        """Questions that are asked by link some days before the visit."""
        return self.filter(asked=IntakeQuestion.Asked.BEFORE_VISIT)


class IntakeQuestion(BaseModel):
    """A question to the patient, asked when a visit of this type is booked or some days before it."""

    class Kind(models.TextChoices):
        """How it is answered."""

        TEXT = "text", _("text")
        YES_NO = "yes_no", _("yes or no")
        CHOICE = "choice", _("one answer from a list")

    class Asked(models.TextChoices):
        """When it is asked."""

        WHEN_BOOKING = "when_booking", _("when booking")
        BEFORE_VISIT = "before_visit", _("before the visit")

    visit_type = models.ForeignKey(
        VisitType, on_delete=models.CASCADE, related_name="questions", verbose_name=_("visit type")
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    text = models.CharField(_("question"), max_length=200)
    kind = models.CharField(_("type of answer"), max_length=8, choices=Kind.choices, default=Kind.TEXT)
    choices = ArrayField(
        models.CharField(max_length=80),
        default=list,
        blank=True,
        verbose_name=_("list of answers"),
        help_text=_("Separate answers with commas."),
    )
    is_required = models.BooleanField(_("required"), default=False)
    asked = models.CharField(
        _("asked"),
        max_length=12,
        choices=Asked.choices,
        default=Asked.WHEN_BOOKING,
        db_default=Asked.WHEN_BOOKING,
    )
    """Questions that are asked before the visit are sent by link `VisitType.questionnaire_days` before it."""

    objects: ClassVar = IntakeQuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="choice") | Q(choices__len__gte=2),
                name="intakequestion_choice_has_choices",
                violation_error_message=_("Enter at least two answers to choose from."),
            )
        ]

    def __str__(self) -> str:
        return self.text


class Chain(BaseModel):
    """Consecutive visits that are booked together or not at all, such as the nurse and then the doctor."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    description = models.TextField(_("description for patients"), blank=True)
    is_active = models.BooleanField(_("can be booked"), default=True)

    class Meta:
        verbose_name = _("visit sequence")
        verbose_name_plural = _("visit sequences")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ChainStep(BaseModel):
    """One visit of a chain, and the longest wait after the previous visit."""

    chain = models.ForeignKey(
        Chain, on_delete=models.CASCADE, related_name="steps", verbose_name=_("visit sequence")
    )
    position = models.PositiveSmallIntegerField(_("order"))
    visit_type = models.ForeignKey(VisitType, on_delete=models.PROTECT, verbose_name=_("visit type"))
    longest_wait_minutes = models.PositiveSmallIntegerField(
        _("longest wait before this visit (minutes)"),
        default=30,
        validators=[MaxValueValidator(_DAY_MINUTES)],
        help_text=_(
            "Counted from the end of the visit before it. Ignored for the first visit. One day is 1440."
        ),
    )

    class Meta:
        verbose_name = _("visit in the sequence")
        verbose_name_plural = _("visits in the sequence")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["chain", "position"], name="chainstep_one_per_position")
        ]

    def __str__(self) -> str:
        return f"{self.position}"
