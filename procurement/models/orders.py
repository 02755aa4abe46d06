from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.kernel.models import DeadlineRule, StoredDocument
from procurement.enums import BudgetActKind, Channel, DecisionState, GroundUse, OrderOutcome
from procurement.models.needs import Programme
from registry.models import ServiceType, Territory, VulnerableGroup
from registry.models.criteria import CitedRow


class ProcedureGround(CitedRow):
    """A typed ground of a step: its words, the act that names it and how far that is known."""

    use = models.CharField(_("for"), max_length=15, choices=GroundUse.choices)
    procedure = models.SlugField(_("procedure, empty for all"), blank=True)

    class Meta:
        verbose_name = _("ground of a step")
        verbose_name_plural = _("grounds of steps")
        ordering = ["use", "order", "slug"]


class BudgetAct(models.Model):
    """A budget adopted or amended; from its day the portal counts when the decision on the social order is due.

    Entered once and public at once; a mistake is corrected by one that supersedes it. `due_snapshot` keeps the rule as
    it stood when the act was entered (`procurement.timetable.FrozenRule` as JSON, with the calendar): an edit of the
    rule moves nothing.
    """

    hromada = models.ForeignKey(Territory, models.PROTECT, related_name="budget_acts", verbose_name=_("hromada"))
    kind = models.CharField(_("kind"), max_length=10, choices=BudgetActKind.choices)
    year = models.PositiveSmallIntegerField(_("budget year"))
    adopted_on = models.DateField(_("date of the act"))
    number = models.CharField(_("number of the act"), max_length=60)
    url = models.URLField(_("address of the act"), max_length=500, blank=True)
    note = models.TextField(_("note"), blank=True)

    # empty where the table of terms has no amount
    decision_due_on = models.DateField(_("decision on the social order due on"), null=True, blank=True)
    rule = models.ForeignKey(
        DeadlineRule, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("rule")
    )
    due_snapshot = models.JSONField(_("rule as it stood"), default=dict, blank=True)

    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("entered by")
    )
    entered_at = models.DateTimeField(_("entered at"))
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="superseded_by", verbose_name=_("supersedes")
    )
    # the act that this one corrects in the end, however often it was corrected; empty for itself
    first = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("first entered as")
    )
    correction = models.TextField(_("what is corrected and why"), blank=True)
    log_seq = models.PositiveBigIntegerField(_("entry of the decision log"), null=True, blank=True)
    is_demo = models.BooleanField(_("invented for demonstration"), default=False)

    class Meta:
        verbose_name = _("budget act")
        verbose_name_plural = _("budget acts")
        ordering = ["-year", "-adopted_on", "-pk"]
        indexes = [
            models.Index(fields=["hromada", "year"], name="budget_act_where"),
            models.Index(fields=["decision_due_on"], name="budget_act_due"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["hromada", "year"],
                condition=Q(kind=BudgetActKind.ADOPTED, supersedes__isnull=True),
                name="budget_adopted_once_a_year",
                violation_error_message=_("The adopted budget of this year is already entered."),
            ),
            models.CheckConstraint(
                name="budget_correction_has_its_reason",
                condition=Q(supersedes__isnull=True, correction="") | (Q(supersedes__isnull=False) & ~Q(correction="")),
                violation_error_message=_("Say what is corrected and why."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number} {self.adopted_on:%d.%m.%Y}"


class OrderDecision(models.Model):
    """The decision of a hromada whether to order services, on a budget act; taken once, corrected by superseding."""

    budget_act = models.ForeignKey(BudgetAct, models.PROTECT, related_name="decisions", verbose_name=_("budget act"))
    # as in the budget act, so that lists need no join
    hromada = models.ForeignKey(Territory, models.PROTECT, related_name="order_decisions", verbose_name=_("hromada"))
    state = models.CharField(_("state"), max_length=10, choices=DecisionState.choices, default=DecisionState.DRAFT)
    outcome = models.CharField(_("outcome"), max_length=12, choices=OrderOutcome.choices, blank=True)
    grounds = models.TextField(_("grounds"), blank=True)
    ground = models.ForeignKey(
        ProcedureGround, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("typed ground")
    )
    programme = models.ForeignKey(
        Programme, models.PROTECT, null=True, blank=True, related_name="decisions", verbose_name=_("programme")
    )

    # the act of the hromada
    decided_on = models.DateField(_("date of the decision"), null=True, blank=True)
    number = models.CharField(_("number of the decision"), max_length=60, blank=True)
    body = models.CharField(_("who decided"), max_length=300, blank=True)
    url = models.URLField(_("address of the decision"), max_length=500, blank=True)
    document = models.ForeignKey(
        StoredDocument, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("document")
    )

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("entered by")
    )
    created_at = models.DateTimeField(_("entered at"))
    taken_at = models.DateTimeField(_("published at"), null=True, blank=True)
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="superseded_by", verbose_name=_("supersedes")
    )
    correction = models.TextField(_("what is corrected and why"), blank=True)
    log_seq = models.PositiveBigIntegerField(_("entry of the decision log"), null=True, blank=True)
    is_demo = models.BooleanField(_("invented for demonstration"), default=False)

    class Meta:
        verbose_name = _("decision on the social order")
        verbose_name_plural = _("decisions on the social order")
        ordering = ["-decided_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="order_decision_taken_has_stamps",
                condition=Q(state=DecisionState.DRAFT, taken_at__isnull=True)
                | (
                    Q(state=DecisionState.TAKEN, taken_at__isnull=False, decided_on__isnull=False)
                    & ~Q(outcome="")
                    & ~Q(number="")
                ),
                violation_error_message=_("A decision that is taken has its outcome, date and number."),
            ),
            models.CheckConstraint(
                name="order_decision_not_to_order_has_grounds",
                condition=~Q(state=DecisionState.TAKEN, outcome=OrderOutcome.NOT_ORDER) | ~Q(grounds=""),
                violation_error_message=_("A decision not to order has its grounds."),
            ),
            models.UniqueConstraint(
                fields=["budget_act"],
                condition=Q(supersedes__isnull=True, state=DecisionState.TAKEN),
                name="order_decision_once",
                violation_error_message=_("There is already a decision on this budget act."),
            ),
        ]

    def __str__(self) -> str:
        return self.number or str(self.budget_act)


class OrderItem(models.Model):
    """One service that a decision orders: how much, for what sum, by what channel."""

    decision = models.ForeignKey(OrderDecision, models.CASCADE, related_name="items", verbose_name=_("decision"))
    service_type = models.ForeignKey(ServiceType, models.PROTECT, related_name="+", verbose_name=_("service"))
    group = models.ForeignKey(
        VulnerableGroup, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("vulnerable group")
    )
    recipients = models.PositiveIntegerField(_("recipients"), null=True, blank=True)
    volume = models.DecimalField(_("volume"), max_digits=12, decimal_places=2, null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=60, blank=True)
    amount = models.DecimalField(_("sum, UAH"), max_digits=14, decimal_places=2, null=True, blank=True)
    channel = models.CharField(_("channel"), max_length=20, choices=Channel.choices)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("ordered service")
        verbose_name_plural = _("ordered services")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return f"{self.service_type}: {self.amount}"
