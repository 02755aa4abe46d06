from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.kernel.models import StoredDocument, VerificationCode
from registry.enums import Outcome
from registry.models.application import Application
from registry.models.criteria import Criterion
from registry.models.entry import RegisterEntry
from registry.models.service import Service


class RegisterDecision(models.Model):
    """A decision of the register: never edited; a correction supersedes it and the first stays readable.

    `snapshot` is what the PDF says, so that it can be printed again word for word; it holds nothing private.
    """

    number = models.CharField(_("number"), max_length=20, unique=True)
    application = models.OneToOneField(
        Application, models.PROTECT, null=True, blank=True, related_name="decision", verbose_name=_("application")
    )
    entry = models.ForeignKey(
        RegisterEntry, models.PROTECT, null=True, blank=True, related_name="decisions", verbose_name=_("register entry")
    )
    outcome = models.CharField(_("outcome"), max_length=15, choices=Outcome.choices)
    # texts and citations as they stood on the day
    grounds = models.JSONField(_("grounds"), default=list, blank=True)
    reason = models.TextField(_("reasons"), blank=True)
    suspend_until = models.DateField(_("suspend until"), null=True, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("proposed by")
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"))
    snapshot = models.JSONField(_("what the document says"), default=dict, blank=True)
    code = models.ForeignKey(
        VerificationCode, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("verification code")
    )
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="superseded_by", verbose_name=_("supersedes")
    )
    log_seq = models.PositiveBigIntegerField(_("entry of the decision log"), null=True, blank=True)

    class Meta:
        verbose_name = _("decision of the register")
        verbose_name_plural = _("decisions of the register")
        ordering = ["-decided_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="decision_by_two_people",
                condition=Q(proposed_by__isnull=True) | ~Q(proposed_by=models.F("decided_by")),
                violation_error_message=_("Who proposed an outcome does not decide it."),
            ),
            models.CheckConstraint(
                name="decision_suspension_alone_has_an_end",
                condition=Q(outcome=Outcome.SUSPEND) | Q(suspend_until__isnull=True),
                violation_error_message=_("Only a suspension has a last day."),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Evidence(models.Model):
    """A document that confirmed a criterion of a service at a decision; with its last day the confirmation ends."""

    entry = models.ForeignKey(RegisterEntry, models.CASCADE, related_name="evidence", verbose_name=_("register entry"))
    service = models.ForeignKey(
        Service, models.CASCADE, null=True, blank=True, related_name="evidence", verbose_name=_("service")
    )
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+", verbose_name=_("criterion"))
    statement = models.TextField(_("statement"), blank=True)
    document = models.ForeignKey(
        StoredDocument, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("document")
    )
    expires_on = models.DateField(_("holds until, the day included"), null=True, blank=True, db_index=True)
    decision = models.ForeignKey(
        RegisterDecision, models.PROTECT, null=True, blank=True, related_name="evidence", verbose_name=_("decision")
    )
    replaced_at = models.DateTimeField(_("replaced at"), null=True, blank=True)
    noticed_at = models.DateTimeField(_("provider told at"), null=True, blank=True)
    lapsed_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.criterion_id}"
