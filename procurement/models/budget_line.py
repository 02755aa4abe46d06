from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from procurement.models.orders import BudgetAct
from registry.models import Territory


class BudgetLine(models.Model):
    """Money of a budget year for one purpose, against which contracts and payments are held.

    `amount` is that of the latest change, `committed` what contracts bind, `paid` what was paid less what came back;
    they are sums of other rows, kept so that the database itself refuses to overspend.
    """

    hromada = models.ForeignKey(Territory, models.PROTECT, related_name="budget_lines", verbose_name=_("hromada"))
    year = models.PositiveSmallIntegerField(_("budget year"))
    # the code of the programme classification, with which payments are made
    code = models.CharField(_("code of the budget programme"), max_length=20)
    economic_code = models.CharField(_("code of economic classification"), max_length=10, blank=True)
    title = models.CharField(_("for what"), max_length=300)
    amount = models.DecimalField(_("sum, UAH"), max_digits=14, decimal_places=2, default=0)
    committed = models.DecimalField(_("bound by contracts, UAH"), max_digits=14, decimal_places=2, default=0)
    paid = models.DecimalField(_("paid, UAH"), max_digits=14, decimal_places=2, default=0)
    created_at = models.DateTimeField(_("entered at"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("entered by")
    )
    is_demo = models.BooleanField(_("invented for demonstration"), default=False)

    class Meta:
        verbose_name = _("budget line")
        verbose_name_plural = _("budget lines")
        ordering = ["-year", "code", "economic_code", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["hromada", "year", "code", "economic_code"],
                name="budget_line_once",
                violation_error_message=_("This line is already entered."),
            ),
            models.CheckConstraint(
                name="budget_line_not_overspent",
                condition=Q(paid__gte=0) & Q(committed__gte=F("paid")) & Q(amount__gte=F("committed")),
                violation_error_message=_("The line has not so much money left."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def free(self) -> Decimal:
        """What no contract binds yet, UAH."""
        return self.amount - self.committed


class BudgetLineChange(models.Model):
    """The sum of a line as a budget act set it; the latest counts, the earlier ones stay."""

    line = models.ForeignKey(BudgetLine, models.PROTECT, related_name="changes", verbose_name=_("budget line"))
    act = models.ForeignKey(BudgetAct, models.PROTECT, related_name="line_changes", verbose_name=_("budget act"))
    amount = models.DecimalField(_("sum, UAH"), max_digits=14, decimal_places=2)
    note = models.TextField(_("note"), blank=True)
    at = models.DateTimeField(_("entered at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("entered by")
    )
    log_seq = models.PositiveBigIntegerField(_("entry of the decision log"), null=True, blank=True)

    class Meta:
        verbose_name = _("change of a budget line")
        verbose_name_plural = _("changes of budget lines")
        ordering = ["line", "at", "pk"]
        constraints = [
            models.CheckConstraint(name="budget_line_change_not_negative", condition=Q(amount__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.line_id}: {self.amount}"
