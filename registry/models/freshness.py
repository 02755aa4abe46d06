from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.kernel.models import VerificationCode
from registry.enums import MistakePart, ReminderAnswer, ReportState, VerificationMethod
from registry.models.entry import RegisterEntry
from registry.models.service import Service


class Verification(models.Model):
    """A human said that a card is right: who (in which role), when and how; never a by-product of saving."""

    entry = models.ForeignKey(
        RegisterEntry, models.CASCADE, related_name="verifications", verbose_name=_("register entry")
    )
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    actor_role = models.CharField(_("in the role of"), max_length=30)
    method = models.CharField(_("how"), max_length=10, choices=VerificationMethod.choices)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("verification of a card")
        verbose_name_plural = _("verifications of cards")
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.at:%d.%m.%Y}"


class Reminder(models.Model):
    """A letter with a link by which a card is confirmed without signing in; the link works once, for a time."""

    entry = models.ForeignKey(RegisterEntry, models.CASCADE, related_name="reminders", verbose_name=_("register entry"))
    # the verification the letter is about: one letter for each step of ageing
    about = models.CharField(max_length=60)
    token_digest = models.CharField(max_length=64, unique=True)
    sent_at = models.DateTimeField(_("sent at"))
    expires_at = models.DateTimeField(_("works until"))
    answer = models.CharField(_("answer"), max_length=10, choices=ReminderAnswer.choices, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["-sent_at"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "about"], name="reminder_once"),
            models.CheckConstraint(
                name="reminder_answer_has_its_moment",
                condition=Q(answer="", answered_at__isnull=True) | (~Q(answer="") & Q(answered_at__isnull=False)),
                violation_error_message=_("An answer and its moment go together."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.about}"


class Availability(models.Model):
    """What a provider says of free places today; after `expires_on` nobody knows."""

    service = models.OneToOneField(Service, models.CASCADE, related_name="availability", verbose_name=_("service"))
    free_places = models.PositiveIntegerField(_("free now"), null=True, blank=True)
    waiting = models.PositiveIntegerField(_("waiting"), null=True, blank=True)
    assessment_first = models.BooleanField(_("needs are assessed first"), default=False)
    reported_at = models.DateTimeField(_("as of"))
    expires_on = models.DateField(_("holds until, the day included"))
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )

    class Meta:
        verbose_name = _("free places")
        verbose_name_plural = _("free places")

    def __str__(self) -> str:
        return f"{self.service_id}: {self.free_places}"


class Extract(models.Model):
    """An extract from the register as it was issued for one version of an entry, in one language.

    `digest` is of the public facts it states: the extract holds as long as the register states the same.
    """

    entry = models.ForeignKey(RegisterEntry, models.CASCADE, related_name="extracts", verbose_name=_("register entry"))
    version = models.PositiveIntegerField(_("version of the entry"))
    language = models.CharField(_("language"), max_length=2)
    digest = models.CharField(_("digest of the facts"), max_length=64, default="")
    revision = models.PositiveBigIntegerField(_("revision of the register"), default=0)
    code = models.OneToOneField(VerificationCode, models.PROTECT, related_name="+", verbose_name=_("verification code"))
    issued_at = models.DateTimeField(_("issued at"))

    class Meta:
        verbose_name = _("extract from the register")
        verbose_name_plural = _("extracts from the register")
        ordering = ["-issued_at"]
        constraints = [models.UniqueConstraint(fields=["entry", "version", "language", "digest"], name="extract_once")]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.version}"


class MistakeReport(models.Model):
    """What a reader says is wrong on a card; the reader's address is for the answer alone and is then forgotten."""

    entry = models.ForeignKey(
        RegisterEntry, models.CASCADE, related_name="mistake_reports", verbose_name=_("register entry")
    )
    about = models.CharField(_("what is wrong"), max_length=30, choices=MistakePart.choices)
    text = models.TextField(_("message"))
    email = models.EmailField(_("e-mail for the answer"), blank=True)
    at = models.DateTimeField(_("at"))
    # a salted digest of the sender's network address, for the limit alone; wiped after a day
    sender = models.CharField(max_length=64, blank=True, db_index=True)
    state = models.CharField(_("state"), max_length=10, choices=ReportState.choices, default=ReportState.NEW)
    answer = models.TextField(_("answer"), blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("answered by")
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    class Meta:
        verbose_name = _("report of a mistake")
        verbose_name_plural = _("reports of mistakes")
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(
                name="mistake_report_answer_has_stamps",
                condition=Q(state=ReportState.NEW, answered_at__isnull=True)
                | (~Q(state=ReportState.NEW) & Q(answered_at__isnull=False)),
                violation_error_message=_("An answered report has its moment."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.about}"
