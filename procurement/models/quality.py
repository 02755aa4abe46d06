from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organisation
from portal.kernel.models import StoredDocument, VerificationCode
from procurement.contract_enums import QualityKind, QualityState, RatingMethod, SurveyState
from procurement.models.contract import Contract
from procurement.models.law import Template
from registry.models import ServiceType, Territory


class IndicatorSet(Template):
    """Indicators of quality, their weights, the scale and the arithmetic (order 904); a version is never edited."""

    class Meta:
        verbose_name = _("set of quality indicators")
        verbose_name_plural = _("sets of quality indicators")
        ordering = ["code", "-number"]
        constraints = [models.UniqueConstraint(fields=["code", "number"], name="indicator_set_once")]


class SurveyForm(Template):
    """Questions to recipients, each with the indicator it speaks for; a version is never edited."""

    class Meta:
        verbose_name = _("version of a questionnaire")
        verbose_name_plural = _("versions of questionnaires")
        ordering = ["code", "-number"]
        constraints = [models.UniqueConstraint(fields=["code", "number"], name="survey_form_once")]


class QualityEvaluation(models.Model):
    """An evaluation of how a provider gives a service over a period (decree 449): by itself, or by a working group.

    Published once and never edited: a later one of the same provider, service and kind supersedes it, the earlier one
    stays readable. `total`, `grade` and `oldest_on` follow from the ratings and the frozen set, written on publication.
    """

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="quality_evaluations", verbose_name=_("provider")
    )
    service_type = models.ForeignKey(
        ServiceType, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("service, empty for all")
    )
    contract = models.ForeignKey(
        Contract, models.PROTECT, null=True, blank=True, related_name="quality_evaluations", verbose_name=_("contract")
    )
    # whose working group it is; empty for an internal one
    hromada = models.ForeignKey(
        Territory, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("hromada")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=QualityKind.choices)
    state = models.CharField(_("state"), max_length=10, choices=QualityState.choices, default=QualityState.DRAFT)
    period_from = models.DateField(_("period from"))
    period_to = models.DateField(_("period to"))
    indicators = models.ForeignKey(IndicatorSet, models.PROTECT, related_name="+", verbose_name=_("indicators"))
    # the order that created the working group or began the internal evaluation
    act_number = models.CharField(_("number of the order"), max_length=60, blank=True)
    act_on = models.DateField(_("date of the order"), null=True, blank=True)
    act_url = models.URLField(_("address of the order"), max_length=500, blank=True)
    recipients = models.PositiveIntegerField(_("recipients in the period"), null=True, blank=True)
    conclusion = models.TextField(_("conclusion"), blank=True)
    recommendations = models.TextField(_("recommendations"), blank=True)
    report = models.ForeignKey(
        StoredDocument, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("report on paper")
    )

    total = models.DecimalField(_("total, %"), max_digits=5, decimal_places=2, null=True, blank=True)
    grade = models.SlugField(_("grade"), max_length=40, blank=True)
    oldest_on = models.DateField(_("oldest evidence"), null=True, blank=True)
    content = models.JSONField(_("content"), default=dict, blank=True)
    digest = models.CharField(_("digest"), max_length=64, blank=True)
    created_at = models.DateTimeField(_("made at"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("made by")
    )
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("published by"),
    )
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="superseded_by", verbose_name=_("supersedes")
    )
    code = models.ForeignKey(
        VerificationCode, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("verification code")
    )
    key = models.UUIDField(_("key of the making"), default=uuid.uuid4, unique=True)
    log_seq = models.PositiveBigIntegerField(_("entry of the decision log"), null=True, blank=True)
    is_demo = models.BooleanField(_("invented for demonstration"), default=False)

    class Meta:
        verbose_name = _("quality evaluation")
        verbose_name_plural = _("quality evaluations")
        ordering = ["-period_to", "-pk"]
        indexes = [models.Index(fields=["organisation", "state"], name="quality_of")]
        constraints = [
            models.CheckConstraint(name="quality_period_in_order", condition=Q(period_to__gte=F("period_from"))),
            models.CheckConstraint(
                name="quality_external_has_hromada",
                condition=Q(kind=QualityKind.INTERNAL) | Q(hromada__isnull=False),
            ),
            models.CheckConstraint(
                name="quality_published_has_stamps",
                condition=~Q(state=QualityState.PUBLISHED) | (Q(published_at__isnull=False) & ~Q(digest="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.kind} {self.period_to:%Y-%m-%d}"


class WorkingGroupMember(models.Model):
    evaluation = models.ForeignKey(
        QualityEvaluation, models.CASCADE, related_name="group", verbose_name=_("quality evaluation")
    )
    name = models.CharField(_("name"), max_length=200)
    position = models.CharField(_("position"), max_length=200, blank=True)
    body = models.CharField(_("body or organisation"), max_length=300)
    is_civil_society = models.BooleanField(_("of civil society"), default=False)
    is_head = models.BooleanField(_("head of the group"), default=False)

    class Meta:
        verbose_name = _("member of a working group")
        verbose_name_plural = _("members of working groups")
        ordering = ["evaluation", "-is_head", "pk"]

    def __str__(self) -> str:
        return self.name


class IndicatorRating(models.Model):
    """One indicator: its value in per cent, how it was found, on what evidence of what day; empty is not zero."""

    evaluation = models.ForeignKey(
        QualityEvaluation, models.CASCADE, related_name="ratings", verbose_name=_("quality evaluation")
    )
    code = models.SlugField(_("indicator"), max_length=60)
    value = models.DecimalField(_("value, %"), max_digits=5, decimal_places=2, null=True, blank=True)
    # why it has none, or how it came about
    note = models.TextField(_("explanation"), blank=True)
    method = models.CharField(_("method"), max_length=10, choices=RatingMethod.choices, blank=True)
    evidence = models.TextField(_("evidence"), blank=True)
    evidence_url = models.URLField(_("address of the evidence"), max_length=500, blank=True)
    evidence_on = models.DateField(_("date of the evidence"), null=True, blank=True)

    class Meta:
        verbose_name = _("rating of an indicator")
        verbose_name_plural = _("ratings of indicators")
        ordering = ["evaluation", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "code"], name="indicator_rating_once"),
            models.CheckConstraint(
                name="indicator_rating_in_per_cent",
                condition=Q(value__isnull=True) | Q(value__gte=0, value__lte=100),
                violation_error_message=_("A value is from 0 to 100."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.evaluation_id} {self.code}"


class QualityReply(models.Model):
    """What the evaluated provider says about an evaluation; stands beside it, never changed."""

    evaluation = models.ForeignKey(
        QualityEvaluation, models.PROTECT, related_name="replies", verbose_name=_("quality evaluation")
    )
    text = models.TextField(_("reply"))
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    key = models.UUIDField(_("key"), unique=True)
    log_seq = models.PositiveBigIntegerField(_("entry of the decision log"), null=True, blank=True)

    class Meta:
        verbose_name = _("provider's reply to an evaluation")
        verbose_name_plural = _("providers' replies to evaluations")
        ordering = ["evaluation", "at", "pk"]

    def __str__(self) -> str:
        return f"{self.evaluation_id} {self.at:%Y-%m-%d}"


class Survey(models.Model):
    """A survey of recipients for one evaluation: anonymous, by one-time codes or on paper; told only in sum."""

    evaluation = models.ForeignKey(
        QualityEvaluation, models.PROTECT, related_name="surveys", verbose_name=_("quality evaluation")
    )
    form = models.ForeignKey(SurveyForm, models.PROTECT, related_name="+", verbose_name=_("questionnaire"))
    state = models.CharField(_("state"), max_length=6, choices=SurveyState.choices, default=SurveyState.OPEN)
    opened_on = models.DateField(_("open from"))
    closes_on = models.DateField(_("open until, not including"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    # how many codes were made; who got which is known to nobody
    issued = models.PositiveIntegerField(_("codes made"), default=0)

    class Meta:
        verbose_name = _("survey of recipients")
        verbose_name_plural = _("surveys of recipients")
        ordering = ["evaluation", "pk"]
        constraints = [
            models.CheckConstraint(name="survey_dates_in_order", condition=Q(closes_on__gt=F("opened_on"))),
        ]

    def __str__(self) -> str:
        return f"{self.evaluation_id} {self.opened_on:%Y-%m-%d}"


class SurveyCode(models.Model):
    """A one-time code as its keyed digest; used, it says so and neither when nor for which answers."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="codes", verbose_name=_("survey"))
    digest = models.CharField(_("digest"), max_length=64, unique=True)
    is_used = models.BooleanField(_("used"), default=False)

    class Meta:
        verbose_name = _("code of a survey")
        verbose_name_plural = _("codes of surveys")
        # no order by which a code could be tied to a ballot
        ordering = ["digest"]

    def __str__(self) -> str:
        return str(self.survey_id)


class SurveyBallot(models.Model):
    """One person's answers {question: value}, tied to no code, no moment and no order."""

    id = models.UUIDField(_("identifier"), primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="ballots", verbose_name=_("survey"))
    answers = models.JSONField(_("answers"))
    on_paper = models.BooleanField(_("entered from paper"), default=False)

    class Meta:
        verbose_name = _("answers of a survey")
        verbose_name_plural = _("answers of surveys")
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.survey_id)
