from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.kernel.models.reference import in_language
from procurement.contract_enums import RiskState, Side
from procurement.models.competition import Competition
from procurement.models.contract import Contract
from registry.models.criteria import CitedRow


class RiskRule(CitedRow):
    """A sign by which the portal asks people to look: not a guilt. `slug` names the formula in `domain.risks`."""

    # how it is computed, in words, and what may be an honest reason
    formula_uk = models.TextField(_("how it is computed"))
    formula_en = models.TextField(_("how it is computed, in English"), blank=True)
    innocent_uk = models.TextField(_("what may explain it"), blank=True)
    innocent_en = models.TextField(_("what may explain it, in English"), blank=True)
    # thresholds of the formula, by name
    parameters = models.JSONField(_("thresholds"), default=dict, blank=True)
    # how much it weighs in the plan of visits
    weight = models.PositiveSmallIntegerField(_("weight in the plan of visits"), default=1)

    class Meta:
        verbose_name = _("risk indicator")
        verbose_name_plural = _("risk indicators")
        ordering = ["order", "slug"]

    @property
    def formula(self) -> str:
        return in_language(self.formula_uk, self.formula_en)

    @property
    def innocent(self) -> str:
        return in_language(self.innocent_uk, self.innocent_en)


class RiskCard(models.Model):
    """An indicator that holds, or held, of a contract or a competition: with its data and both sides' words."""

    rule = models.ForeignKey(RiskRule, models.PROTECT, related_name="cards", verbose_name=_("indicator"))
    contract = models.ForeignKey(
        Contract, models.PROTECT, null=True, blank=True, related_name="risks", verbose_name=_("contract")
    )
    competition = models.ForeignKey(
        Competition, models.PROTECT, null=True, blank=True, related_name="risks", verbose_name=_("competition")
    )
    state = models.CharField(_("state"), max_length=6, choices=RiskState.choices, default=RiskState.OPEN)
    # the figures from which it follows: everything needed to recompute it, without personal data
    data = models.JSONField(_("data"), default=dict)
    parameters = models.JSONField(_("thresholds at that time"), default=dict, blank=True)
    found_at = models.DateTimeField(_("found at"))
    # when the data last changed while it held
    changed_at = models.DateTimeField(_("changed at"))
    gone_at = models.DateTimeField(_("no longer holds since"), null=True, blank=True)

    class Meta:
        verbose_name = _("risk card")
        verbose_name_plural = _("risk cards")
        ordering = ["-found_at", "-pk"]
        indexes = [models.Index(fields=["state", "rule"], name="risk_card_open")]
        constraints = [
            models.CheckConstraint(
                name="risk_card_is_about_one",
                condition=Q(contract__isnull=False, competition__isnull=True)
                | Q(contract__isnull=True, competition__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["rule", "contract"],
                condition=Q(state=RiskState.OPEN, contract__isnull=False),
                name="risk_card_contract_once",
            ),
            models.UniqueConstraint(
                fields=["rule", "competition"],
                condition=Q(state=RiskState.OPEN, competition__isnull=False),
                name="risk_card_competition_once",
            ),
            models.CheckConstraint(
                name="risk_card_gone_has_stamp",
                condition=Q(state=RiskState.OPEN, gone_at__isnull=True)
                | Q(state=RiskState.GONE, gone_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule.slug} {self.contract_id or self.competition_id}"


class RiskReply(models.Model):
    """What the official or the provider says about a card; published beside it, never changed."""

    card = models.ForeignKey(RiskCard, models.PROTECT, related_name="replies", verbose_name=_("risk card"))
    side = models.CharField(_("side"), max_length=12, choices=Side.choices)
    text = models.TextField(_("reply"))
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    key = models.UUIDField(_("key"), unique=True)
    log_seq = models.PositiveBigIntegerField(_("entry of the decision log"), null=True, blank=True)

    class Meta:
        verbose_name = _("reply to a risk card")
        verbose_name_plural = _("replies to risk cards")
        ordering = ["card", "at", "pk"]

    def __str__(self) -> str:
        return f"{self.card_id} {self.side}"
