from __future__ import annotations

import uuid
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organisation
from portal.kernel.models import RuleProfile
from portal.kernel.workflow import TransitionLog
from procurement.contract_enums import ContractState
from procurement.enums import Channel
from procurement.models.award import Award
from procurement.models.budget_line import BudgetLine
from procurement.models.commissioner import Commissioner
from procurement.models.competition import Competition
from procurement.models.orders import OrderItem, ProcedureGround
from registry.models import Territory

S = ContractState


class Contract(models.Model):
    """A contract between a body of a hromada and a provider; what it says stands in its versions.

    `sum`, `service_from`, `service_to`, `title` are those of the version in force (of the only one while unsigned).
    `accepted` and `paid` are sums of acts and payments, kept so that the database itself refuses to overspend.
    """

    state = models.CharField(_("state"), max_length=15, choices=S.choices, default=S.DRAFT)
    # given when it is first offered; in every address: "2027-D00041"
    number = models.CharField(_("number"), max_length=20, null=True, blank=True, unique=True)
    # the number and day by which the parties know it
    own_number = models.CharField(_("the parties' number"), max_length=60, blank=True)
    hromada = models.ForeignKey(Territory, models.PROTECT, related_name="contracts", verbose_name=_("hromada"))
    commissioner = models.ForeignKey(
        Commissioner, models.PROTECT, related_name="contracts", verbose_name=_("commissioner")
    )
    contractor = models.ForeignKey(Organisation, models.PROTECT, related_name="contracts", verbose_name=_("provider"))
    title = models.CharField(_("title"), max_length=300)
    # the rules of the procedure as they stood when it was made: terms come from its deadline rules
    profile = models.ForeignKey(
        RuleProfile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("rule profile")
    )

    # how it came about
    channel = models.CharField(_("channel"), max_length=20, choices=Channel.choices)
    award = models.ForeignKey(
        Award, models.PROTECT, null=True, blank=True, related_name="contracts", verbose_name=_("award")
    )
    competition = models.ForeignKey(
        Competition, models.PROTECT, null=True, blank=True, related_name="contracts", verbose_name=_("competition")
    )
    order_item = models.ForeignKey(
        OrderItem, models.PROTECT, null=True, blank=True, related_name="contracts", verbose_name=_("ordered by")
    )
    # of another channel: the identifier of the procurement, of the partnership, the act that gave the task
    ground_text = models.TextField(_("on what ground, where no award is"), blank=True)
    identifier = models.CharField(_("identifier in another system"), max_length=100, blank=True)
    identifier_url = models.URLField(_("address there"), max_length=500, blank=True)

    # when it is to be signed at the latest; empty where nothing says so
    sign_by = models.DateField(_("to be signed by"), null=True, blank=True)
    sign_by_words = models.TextField(_("why until then"), blank=True)

    sum = models.DecimalField(_("sum, UAH"), max_digits=14, decimal_places=2, default=0)
    # what the first version said; a rise after the award is seen beside it
    first_sum = models.DecimalField(_("sum at conclusion, UAH"), max_digits=14, decimal_places=2, default=0)
    accepted = models.DecimalField(_("accepted by acts, UAH"), max_digits=14, decimal_places=2, default=0)
    paid = models.DecimalField(_("paid, UAH"), max_digits=14, decimal_places=2, default=0)
    service_from = models.DateField(_("service from"), null=True, blank=True)
    service_to = models.DateField(_("service to"), null=True, blank=True)
    # number of the version in force, 0 before
    version = models.PositiveSmallIntegerField(_("version in force"), default=0)
    # slugs of the services, for filters without joins
    services = models.JSONField(_("services"), default=list, blank=True)

    concluded_on = models.DateField(_("concluded on"), null=True, blank=True)
    concluded_at = models.DateTimeField(_("concluded at"), null=True, blank=True)
    suspended_at = models.DateTimeField(_("suspended at"), null=True, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    end_ground = models.ForeignKey(
        ProcedureGround, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ground of the end")
    )
    end_reason = models.TextField(_("reason of the end"), blank=True)
    # what had been paid on the day of the end
    end_paid = models.DecimalField(_("paid at the end, UAH"), max_digits=14, decimal_places=2, null=True, blank=True)

    created_at = models.DateTimeField(_("made at"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("made by")
    )
    key = models.UUIDField(_("key of the making"), default=uuid.uuid4, unique=True)
    changed_at = models.DateTimeField(_("changed at"))
    is_demo = models.BooleanField(_("invented for demonstration"), default=False)

    class Meta:
        verbose_name = _("contract")
        verbose_name_plural = _("contracts")
        ordering = ["-concluded_on", "-pk"]
        indexes = [
            models.Index(fields=["state", "-concluded_on", "-id"], name="contract_listed"),
            models.Index(fields=["hromada", "state"], name="contract_where"),
            models.Index(fields=["contractor", "state"], name="contract_whose"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["award"],
                condition=~Q(state=S.NOT_CONCLUDED),
                name="contract_of_award_once",
                violation_error_message=_("There is already a contract of this award."),
            ),
            models.CheckConstraint(
                name="contract_not_overspent",
                condition=Q(accepted__gte=0, paid__gte=0) & Q(accepted__lte=F("sum")) & Q(paid__lte=F("sum")),
                violation_error_message=_("The contract has not so much money left."),
            ),
            models.CheckConstraint(
                name="contract_concluded_has_stamps",
                condition=Q(state__in=(*S.unsigned, S.NOT_CONCLUDED), concluded_at__isnull=True, version=0)
                | Q(
                    state__in=S.public,
                    concluded_at__isnull=False,
                    concluded_on__isnull=False,
                    number__isnull=False,
                    version__gt=0,
                ),
            ),
            models.CheckConstraint(
                name="contract_ended_has_stamps",
                condition=Q(state__in=(*S.unsigned, *S.running), ended_at__isnull=True)
                | Q(state=S.NOT_CONCLUDED, ended_at__isnull=False)
                | Q(state__in=S.ended, ended_at__isnull=False, ended_on__isnull=False, end_paid__isnull=False),
            ),
            models.CheckConstraint(
                name="contract_terminated_has_reason",
                condition=~Q(state__in=(S.TERMINATED, S.NOT_CONCLUDED)) | ~Q(end_reason=""),
                violation_error_message=_("Say why the contract ends."),
            ),
        ]

    def __str__(self) -> str:
        return self.number or self.title

    @property
    def remaining(self) -> Decimal:
        """What no act has taken yet, UAH."""
        return self.sum - self.accepted


class ContractFunding(models.Model):
    """How much of a contract a budget line pays: agreed by the version in force, bound, paid."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="funding", verbose_name=_("contract"))
    line = models.ForeignKey(BudgetLine, models.PROTECT, related_name="funding", verbose_name=_("budget line"))
    amount = models.DecimalField(_("agreed, UAH"), max_digits=14, decimal_places=2)
    # the amount while the contract runs; after its end no more than is still to be paid
    committed = models.DecimalField(_("bound, UAH"), max_digits=14, decimal_places=2)
    paid = models.DecimalField(_("paid, UAH"), max_digits=14, decimal_places=2, default=0)

    class Meta:
        verbose_name = _("funding of a contract")
        verbose_name_plural = _("funding of contracts")
        ordering = ["contract", "line__year", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "line"], name="contract_funding_once"),
            models.CheckConstraint(
                name="contract_funding_not_overspent",
                condition=Q(paid__gte=0) & Q(committed__gte=F("paid")) & Q(amount__gte=F("committed")),
                violation_error_message=_("This budget line has not so much money for the contract."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract} {self.line_id}: {self.amount}"


class ContractStep(TransitionLog):
    """Steps of a contract and of all that belongs to it: `thing` names the kind, `key` the row."""

    contract = models.ForeignKey(
        Contract, models.CASCADE, null=True, blank=True, related_name="steps", verbose_name=_("contract")
    )
    thing = models.CharField(_("of what"), max_length=40)
    key = models.CharField(_("which one"), max_length=40)
    step = models.CharField(_("step"), max_length=30)

    class Meta(TransitionLog.Meta):
        verbose_name = _("step of a contract")
        verbose_name_plural = _("steps of contracts")
        indexes = [models.Index(fields=["thing", "key"], name="contract_step_of")]

    def __str__(self) -> str:
        return f"{self.thing} {self.key} {self.step}"
