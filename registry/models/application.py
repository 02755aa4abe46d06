from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import Role
from portal.accounts.models import Organisation
from portal.kernel.models import RuleProfile, VerificationCode
from portal.kernel.workflow import TransitionLog
from registry.enums import ApplicationKind, ApplicationState, CheckResult, Outcome
from registry.models.criteria import Criterion, Ground
from registry.models.entry import RegisterEntry
from registry.models.territory import Territory

if TYPE_CHECKING:
    from portal.accounts.models import User


class ApplicationQuerySet(models.QuerySet["Application"]):
    def pending(self) -> ApplicationQuerySet:
        """Keep what is submitted and not yet decided, the oldest first."""
        return self.filter(state__in=ApplicationState.pending).order_by("submitted_at", "pk")

    def visible_to(self, user: User) -> ApplicationQuerySet:
        """Keep the submitted ones that this official may read: all of them, or those of the own territory."""
        if not user.is_authenticated:
            return self.none()
        submitted = self.exclude(state=ApplicationState.DRAFT).exclude(submitted_at__isnull=True)
        if user.roles & {Role.ADMINISTRATOR, Role.AUDITOR}:
            return submitted
        if not user.roles & {Role.REGISTRAR, Role.APPROVER}:
            return self.none()
        scope = Q(pk__in=[])
        for item in user.territory_scopes.select_related("territory"):  # type: ignore[attr-defined]
            unit = item.territory
            field = {"O": "hromada__oblast", "K": "hromada__oblast", "P": "hromada__raion"}.get(
                unit.category, "hromada"
            )
            scope |= Q(**{field: unit})
        return submitted.filter(scope)


class Application(models.Model):
    """What a provider asks of the register, from draft to decision (decree 99); changed by `registry.domain` alone.

    `content` is flat: the path of a field (`services/1/content`) to its value, the names of the form's own fields.
    Paths are described in `registry.domain.drafts`. `version` counts saves. The rule profile is taken at submission
    and kept.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=ApplicationKind.choices)
    state = models.CharField(
        _("state"), max_length=12, choices=ApplicationState.choices, default=ApplicationState.DRAFT
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="applications", verbose_name=_("organisation")
    )
    entry = models.ForeignKey(
        RegisterEntry,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="applications",
        verbose_name=_("register entry"),
    )
    # the version of the entry that the draft was filled from
    entry_version = models.PositiveIntegerField(_("version of the entry"), null=True, blank=True)

    # the draft
    content = models.JSONField(_("content"), default=dict, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("begun by")
    )
    created_at = models.DateTimeField(_("begun at"))
    saved_at = models.DateTimeField(_("saved at"))

    # the submission
    number = models.CharField(_("number"), max_length=20, unique=True, null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("submitted by"),
    )
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    # one press of the button: a second one with the same key is the same submission
    submission_key = models.UUIDField(null=True, blank=True, unique=True)
    digest = models.CharField(_("digest of the content"), max_length=64, blank=True)
    receipt = models.ForeignKey(
        VerificationCode, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("receipt")
    )
    profile = models.ForeignKey(
        RuleProfile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("rule profile")
    )
    hromada = models.ForeignKey(
        Territory, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("hromada")
    )
    # empty where the table of terms has no amount
    decision_due_on = models.DateField(_("decision due on"), null=True, blank=True)
    examiner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("examined by")
    )
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application to the register")
        verbose_name_plural = _("applications to the register")
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["state", "submitted_at"], name="application_queue"),
            models.Index(fields=["decision_due_on"], name="application_due"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "kind"],
                condition=Q(state=ApplicationState.DRAFT),
                name="application_one_draft_of_a_kind",
                violation_error_message=_("There is already a draft of this kind."),
            ),
            models.CheckConstraint(
                name="application_submitted_has_stamps",
                condition=Q(state=ApplicationState.DRAFT, submitted_at__isnull=True, number__isnull=True)
                | Q(state=ApplicationState.WITHDRAWN)
                | (
                    ~Q(state__in=[ApplicationState.DRAFT, ApplicationState.WITHDRAWN])
                    & Q(submitted_at__isnull=False, number__isnull=False, submitted_by__isnull=False)
                ),
                violation_error_message=_("A submitted application has its number and moment, a draft has neither."),
            ),
            models.CheckConstraint(
                name="application_closed_has_its_moment",
                condition=Q(state__in=ApplicationState.closed, closed_at__isnull=False)
                | (~Q(state__in=ApplicationState.closed) & Q(closed_at__isnull=True)),
                violation_error_message=_("A closed application has its moment, an open one has none."),
            ),
        ]

    def __str__(self) -> str:
        return self.number or f"{self.get_kind_display()} ({self.organisation})"


class DraftVersion(models.Model):
    """One save of a draft: which fields were set to what, by whom; the ground on which two editors are told apart."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="versions", verbose_name=_("application"))
    version = models.PositiveIntegerField(_("version"))
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    patch = models.JSONField(_("what was set"))

    class Meta:
        verbose_name = _("version of a draft")
        verbose_name_plural = _("versions of drafts")
        ordering = ["version"]
        constraints = [models.UniqueConstraint(fields=["application", "version"], name="draft_version_once")]

    def __str__(self) -> str:
        return f"{self.application_id} {self.version}"


class ApplicationStep(TransitionLog):
    application = models.ForeignKey(Application, models.CASCADE, related_name="steps", verbose_name=_("application"))
    step = models.CharField(_("step"), max_length=30)

    class Meta(TransitionLog.Meta):
        verbose_name = _("step of an application")
        verbose_name_plural = _("steps of applications")

    def __str__(self) -> str:
        return f"{self.application_id} {self.step}"


class CriterionCheck(models.Model):
    """A registrar's judgment of one criterion for one service of an application."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="checks", verbose_name=_("application"))
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+", verbose_name=_("criterion"))
    # the key of the service inside the application's content
    service_key = models.CharField(_("service"), max_length=20)
    result = models.CharField(_("result"), max_length=15, choices=CheckResult.choices)
    note = models.TextField(_("note"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("check of a criterion")
        verbose_name_plural = _("checks of criteria")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["application", "criterion", "service_key"], name="criterion_check_once")
        ]

    def __str__(self) -> str:
        return f"{self.criterion_id} {self.service_key} {self.result}"


class CorrectionRequestQuerySet(models.QuerySet["CorrectionRequest"]):
    def open(self) -> CorrectionRequestQuerySet:
        """Keep those that the provider has neither answered nor let pass; an application has one at most."""
        return self.filter(answered_at__isnull=True, lapsed_at__isnull=True)


class CorrectionRequest(models.Model):
    """The fields that a registrar asks to correct, until when; what stood there before stays readable in `before`."""

    application = models.ForeignKey(
        Application, models.CASCADE, related_name="corrections", verbose_name=_("application")
    )
    fields = models.JSONField(_("fields"))
    comment = models.TextField(_("comment"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked at"))
    # empty where the policy has no amount
    due_on = models.DateField(_("until"), null=True, blank=True)
    before = models.JSONField(_("content before"), default=dict, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    lapsed_at = models.DateTimeField(_("passed without an answer at"), null=True, blank=True)

    objects = CorrectionRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for correction")
        verbose_name_plural = _("requests for correction")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(answered_at__isnull=True, lapsed_at__isnull=True),
                name="correction_one_open",
                violation_error_message=_("A correction is already asked for."),
            ),
            models.CheckConstraint(
                name="correction_ends_once",
                condition=Q(answered_at__isnull=True) | Q(lapsed_at__isnull=True),
                violation_error_message=_("A correction is answered or passes, not both."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.asked_at:%d.%m.%Y}"


class OutcomeProposal(models.Model):
    """What the specialist proposes to decide; another person decides or sends it back with a reason."""

    application = models.ForeignKey(
        Application, models.CASCADE, related_name="proposals", verbose_name=_("application")
    )
    outcome = models.CharField(_("outcome"), max_length=15, choices=Outcome.choices)
    grounds = models.ManyToManyField(Ground, blank=True, related_name="+", verbose_name=_("grounds"))
    reason = models.TextField(_("reasons"), blank=True)
    # keys of the services to include, where not all are
    services = models.JSONField(_("services"), default=list, blank=True)
    suspend_until = models.DateField(_("suspend until"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))
    sent_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("sent back by"),
    )
    sent_back_at = models.DateTimeField(_("sent back at"), null=True, blank=True)
    sent_back_reason = models.TextField(_("why sent back"), blank=True)

    class Meta:
        verbose_name = _("proposed outcome")
        verbose_name_plural = _("proposed outcomes")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(sent_back_at__isnull=True),
                name="proposal_one_standing",
                violation_error_message=_("An outcome is already proposed."),
            ),
            models.CheckConstraint(
                name="proposal_sent_back_has_reason",
                condition=Q(sent_back_at__isnull=True, sent_back_reason="", sent_back_by__isnull=True)
                | (Q(sent_back_at__isnull=False, sent_back_by__isnull=False) & ~Q(sent_back_reason="")),
                violation_error_message=_("What is sent back has its moment and its reason."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.outcome}"
