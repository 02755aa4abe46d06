from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from portal.kernel.models import StoredDocument
from procurement.contract_enums import MilestoneState, ReportState
from procurement.models.contract import Contract
from registry.models import VulnerableGroup


class Milestone(models.Model):
    """What is to be reached by a day, with its figure planned and met."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="milestones", verbose_name=_("contract"))
    number = models.PositiveSmallIntegerField(_("number"))
    title = models.CharField(_("what is reached"), max_length=300)
    due_on = models.DateField(_("by"))
    measure = models.CharField(_("measured by"), max_length=200, blank=True)
    plan = models.DecimalField(_("planned"), max_digits=14, decimal_places=2, null=True, blank=True)
    fact = models.DecimalField(_("reached"), max_digits=14, decimal_places=2, null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=MilestoneState.choices, default=MilestoneState.PLANNED)
    # why it was missed, waived, or how the difference from the plan is explained
    reason = models.TextField(_("reason"), blank=True)
    decided_on = models.DateField(_("reached or judged on"), null=True, blank=True)
    decided_at = models.DateTimeField(_("judged at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("judged by")
    )
    document = models.ForeignKey(
        StoredDocument, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("evidence")
    )

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["contract", "due_on", "number"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "number"], name="milestone_once"),
            models.CheckConstraint(
                name="milestone_judged_has_stamps",
                condition=Q(state=MilestoneState.PLANNED) | Q(decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="milestone_missed_has_reason",
                condition=Q(state__in=(MilestoneState.PLANNED, MilestoneState.MET)) | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract} {self.title}"


class ServiceReport(models.Model):
    """A provider's report for one period of a contract: numbers of people by group, never people (order 296)."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="reports", verbose_name=_("contract"))
    number = models.PositiveSmallIntegerField(_("number"))
    period_from = models.DateField(_("from"))
    period_to = models.DateField(_("to"))
    # empty where neither the contract nor the reference table has a term
    due_on = models.DateField(_("to be filed by"), null=True, blank=True)
    due_words = models.TextField(_("why until then"), blank=True)
    state = models.CharField(_("state"), max_length=10, choices=ReportState.choices, default=ReportState.DUE)
    # grows with each save, so that two who write do not overwrite one another
    version = models.PositiveIntegerField(_("saved times"), default=0)
    done = models.TextField(_("what was done"), blank=True)
    difficulties = models.TextField(_("difficulties"), blank=True)
    changes = models.TextField(_("why it differs from the plan"), blank=True)
    saved_at = models.DateTimeField(_("saved at"), null=True, blank=True)
    filed_at = models.DateTimeField(_("filed at"), null=True, blank=True)
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("filed by")
    )
    # when it was filed for the first time: late or not is judged by this
    first_filed_at = models.DateTimeField(_("first filed at"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    # of the latest return: [{"field": path, "text": what to correct}, …], with `reason` for the whole
    remarks = models.JSONField(_("remarks"), default=list, blank=True)
    reason = models.TextField(_("why it was returned"), blank=True)
    log_seq = models.PositiveBigIntegerField(_("entry of the decision log"), null=True, blank=True)

    class Meta:
        verbose_name = _("report on services given")
        verbose_name_plural = _("reports on services given")
        ordering = ["contract", "number"]
        indexes = [models.Index(fields=["state", "due_on"], name="report_due")]
        constraints = [
            models.UniqueConstraint(fields=["contract", "number"], name="service_report_once"),
            models.CheckConstraint(name="service_report_period", condition=Q(period_to__gte=F("period_from"))),
            models.CheckConstraint(
                name="service_report_state_has_stamps",
                condition=Q(state__in=(ReportState.DUE, ReportState.WAIVED))
                | Q(state=ReportState.FILED, filed_at__isnull=False)
                | Q(state__in=(ReportState.RETURNED, ReportState.ACCEPTED), decided_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract} {self.period_from:%Y-%m-%d}"


class ReportRow(models.Model):
    """What was given of one service of the contract in the period: units, and how many people of one group."""

    report = models.ForeignKey(ServiceReport, models.CASCADE, related_name="rows", verbose_name=_("report"))
    # `ContractLine.number`
    line = models.PositiveSmallIntegerField(_("service of the contract"))
    group = models.ForeignKey(
        VulnerableGroup, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("vulnerable group")
    )
    recipients = models.PositiveIntegerField(_("people"), null=True, blank=True)
    units = models.DecimalField(_("units"), max_digits=12, decimal_places=2, null=True, blank=True)

    class Meta:
        verbose_name = _("figures of a report")
        verbose_name_plural = _("figures of reports")
        ordering = ["report", "line", "group__slug"]
        constraints = [
            models.UniqueConstraint("report", "line", Coalesce("group", 0), name="report_row_once"),
            models.CheckConstraint(name="report_row_not_negative", condition=Q(units__isnull=True) | Q(units__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.line}"


class ReportFiling(models.Model):
    """What a report said each time it was filed, and what was answered: neither is lost by the next one."""

    report = models.ForeignKey(ServiceReport, models.PROTECT, related_name="filings", verbose_name=_("report"))
    number = models.PositiveSmallIntegerField(_("number"))
    key = models.UUIDField(_("key of the filing"), unique=True)
    content = models.JSONField(_("content"))
    digest = models.CharField(_("digest"), max_length=64)
    at = models.DateTimeField(_("filed at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("filed by"))
    returned_at = models.DateTimeField(_("returned at"), null=True, blank=True)
    reason = models.TextField(_("why it was returned"), blank=True)
    remarks = models.JSONField(_("remarks"), default=list, blank=True)
    log_seq = models.PositiveBigIntegerField(_("entry of the decision log"), null=True, blank=True)

    class Meta:
        verbose_name = _("filing of a report")
        verbose_name_plural = _("filings of reports")
        ordering = ["report", "number"]
        constraints = [models.UniqueConstraint(fields=["report", "number"], name="report_filing_once")]

    def __str__(self) -> str:
        return f"{self.report_id} {self.number}"
