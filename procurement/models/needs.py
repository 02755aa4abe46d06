from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.kernel.models import StoredDocument
from procurement.enums import AssessmentState, CountedOver
from registry.models import ServiceType, Territory, VulnerableGroup


class NeedsAssessment(models.Model):
    """What a hromada found out about the needs of its people (order 130-Н): numbers as of 1 January and a survey.

    A published one is not edited; a correction supersedes it.
    """

    hromada = models.ForeignKey(Territory, models.PROTECT, related_name="needs_assessments", verbose_name=_("hromada"))
    as_of = models.DateField(_("data as of"))
    state = models.CharField(_("state"), max_length=12, choices=AssessmentState.choices, default=AssessmentState.DRAFT)

    # the social study, once in three years
    study_from = models.DateField(_("study began on"), null=True, blank=True)
    study_to = models.DateField(_("study ended on"), null=True, blank=True)
    respondents = models.PositiveIntegerField(_("people asked"), null=True, blank=True)
    method = models.TextField(_("how people were asked"), blank=True)
    findings = models.TextField(_("what was found"), blank=True)

    # the act that approved it
    act_number = models.CharField(_("number of the act"), max_length=60, blank=True)
    act_on = models.DateField(_("date of the act"), null=True, blank=True)
    act_url = models.URLField(_("address of the act"), max_length=500, blank=True)
    document = models.ForeignKey(
        StoredDocument, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("document")
    )

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("entered by")
    )
    created_at = models.DateTimeField(_("entered at"))
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="superseded_by", verbose_name=_("supersedes")
    )
    correction = models.TextField(_("what is corrected and why"), blank=True)
    log_seq = models.PositiveBigIntegerField(_("entry of the decision log"), null=True, blank=True)
    is_demo = models.BooleanField(_("invented for demonstration"), default=False)

    class Meta:
        verbose_name = _("needs assessment")
        verbose_name_plural = _("needs assessments")
        ordering = ["-as_of", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="assessment_published_has_its_moment",
                condition=Q(state=AssessmentState.DRAFT, published_at__isnull=True)
                | Q(state=AssessmentState.PUBLISHED, published_at__isnull=False),
                violation_error_message=_("A published assessment has its moment, a draft has none."),
            ),
            models.CheckConstraint(
                name="assessment_study_in_order",
                condition=Q(study_to__isnull=True) | Q(study_from__isnull=True) | Q(study_to__gte=F("study_from")),
                violation_error_message=_("The end must not be earlier than the beginning."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hromada} {self.as_of:%d.%m.%Y}"


class NeedsFigure(models.Model):
    """One row of the annex: how many people of a group; unknown is empty, never zero. Public when five or more."""

    assessment = models.ForeignKey(
        NeedsAssessment, models.CASCADE, related_name="figures", verbose_name=_("assessment")
    )
    group = models.ForeignKey(
        VulnerableGroup, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("vulnerable group")
    )
    label = models.CharField(_("indicator"), max_length=300, blank=True)
    persons = models.PositiveIntegerField(_("people"), null=True, blank=True)
    counted = models.CharField(_("counted"), max_length=10, choices=CountedOver.choices, default=CountedOver.ON_DAY)
    source = models.CharField(_("source of information"), max_length=300, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("figure of needs")
        verbose_name_plural = _("figures of needs")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                name="needs_figure_is_of_something",
                condition=Q(group__isnull=False) | ~Q(label=""),
                violation_error_message=_("Name the group or the indicator."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group or self.label}: {self.persons}"


class NeedsService(models.Model):
    """How many people need a service and how many receive it, as the study found."""

    assessment = models.ForeignKey(
        NeedsAssessment, models.CASCADE, related_name="services", verbose_name=_("assessment")
    )
    service_type = models.ForeignKey(ServiceType, models.PROTECT, related_name="+", verbose_name=_("service"))
    need = models.PositiveIntegerField(_("people who need it"), null=True, blank=True)
    receive = models.PositiveIntegerField(_("people who receive it"), null=True, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("need of a service")
        verbose_name_plural = _("needs of services")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "service_type"],
                name="needs_service_once",
                violation_error_message=_("This service is already in the list."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service_type}: {self.need}"


class LackRefusal(models.Model):
    """A refusal because nobody gives the service (Law 2671-VIII, art. 24): it makes an unmet need. Nothing personal."""

    hromada = models.ForeignKey(Territory, models.PROTECT, related_name="lack_refusals", verbose_name=_("hromada"))
    service_type = models.ForeignKey(ServiceType, models.PROTECT, related_name="+", verbose_name=_("service"))
    group = models.ForeignKey(
        VulnerableGroup, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("vulnerable group")
    )
    refused_on = models.DateField(_("refused on"))
    told_on = models.DateField(_("local authorities told on"), null=True, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("entered by")
    )
    entered_at = models.DateTimeField(_("entered at"))
    is_demo = models.BooleanField(_("invented for demonstration"), default=False)

    class Meta:
        verbose_name = _("refusal for lack of a provider")
        verbose_name_plural = _("refusals for lack of a provider")
        ordering = ["-refused_on", "-pk"]
        indexes = [models.Index(fields=["hromada", "service_type"], name="lack_refusal_where")]

    def __str__(self) -> str:
        return f"{self.hromada} {self.service_type} {self.refused_on:%d.%m.%Y}"


class Programme(models.Model):
    """A local programme by which services are paid for."""

    hromada = models.ForeignKey(Territory, models.PROTECT, related_name="programmes", verbose_name=_("hromada"))
    title = models.CharField(_("title"), max_length=400)
    year_from = models.PositiveSmallIntegerField(_("from the year"))
    year_to = models.PositiveSmallIntegerField(_("to the year"))
    act_number = models.CharField(_("number of the act"), max_length=60)
    act_on = models.DateField(_("date of the act"))
    act_url = models.URLField(_("address of the act"), max_length=500, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("entered by")
    )
    created_at = models.DateTimeField(_("entered at"))
    is_demo = models.BooleanField(_("invented for demonstration"), default=False)

    class Meta:
        verbose_name = _("local programme")
        verbose_name_plural = _("local programmes")
        ordering = ["-year_from", "title"]
        constraints = [
            models.CheckConstraint(
                name="programme_years_in_order",
                condition=Q(year_to__gte=F("year_from")),
                violation_error_message=_("The end must not be earlier than the beginning."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ProgrammeMeasure(models.Model):
    """A measure of a programme with its sum for a year."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="measures", verbose_name=_("programme"))
    text = models.CharField(_("measure"), max_length=400)
    service_type = models.ForeignKey(
        ServiceType, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("service")
    )
    year = models.PositiveSmallIntegerField(_("year"))
    amount = models.DecimalField(_("sum, UAH"), max_digits=14, decimal_places=2, null=True, blank=True)

    class Meta:
        verbose_name = _("measure of a programme")
        verbose_name_plural = _("measures of programmes")
        ordering = ["year", "pk"]

    def __str__(self) -> str:
        return self.text
