"""A verdict about payment in sentences that a tired person can read."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from registry.domain.entitlement.answers import MinimumGroup
from registry.domain.entitlement.judging import Verdict
from registry.domain.entitlement.missing import Missing
from registry.enums import FeeOutcome, FreeKind
from registry.models import FreeOfCharge, IncomeBand

GROUPS: Final = {
    MinimumGroup.GENERAL: gettext_lazy("per person, general"),
    MinimumGroup.UNDER_SIX: gettext_lazy("children under 6"),
    MinimumGroup.UNDER_ADULT: gettext_lazy("children from 6 to 18"),
    MinimumGroup.WORKING_AGE: gettext_lazy("people of working age"),
    MinimumGroup.LOST_CAPACITY: gettext_lazy("people who have lost the capacity to work"),
}
MISSING: Final = {
    Missing.INCOME: gettext_lazy("The income of the family."),
    Missing.FAMILY: gettext_lazy("How many people are in the family."),
    Missing.MINIMUM_GROUP: gettext_lazy(
        "The age of the person, or whether it is somebody of working age: each group has its own subsistence minimum, "
        "and with your income the answers differ."
    ),
    Missing.CATEGORY: gettext_lazy("Whether the person belongs to a category that gets services free of charge."),
    Missing.DISABILITY: gettext_lazy("Whether the person has a disability, and of which group."),
    Missing.URGENT: gettext_lazy("Whether help is needed at once: urgent help is free of charge."),
    Missing.EDGE: gettext_lazy(
        "Your figure lies exactly on the edge of two bands. The source names it in both, so ask who decides."
    ),
    Missing.BANDS: gettext_lazy("The reference table has no band for this income on this day."),
    Missing.METHOD: gettext_lazy("The reference table does not say which income is compared on this day."),
    Missing.MINIMUM: gettext_lazy("The subsistence minimum of this group on this day is not in the reference table."),
    Missing.FEE_RULE: gettext_lazy(
        "How much exactly: the rule of decree 429 about the differentiated fee is not in the reference table, "
        "or nobody has checked it. Ask the provider for the sum in writing."
    ),
    Missing.NO_RULES: gettext_lazy(
        "The rules of that day: the law in force began on 1 January 2020, older ones are not in the reference table."
    ),
    Missing.OWN_TERMS: gettext_lazy(
        "The terms of the provider itself: look at its card or ask it. Ask, too, whether the hromada pays for the "
        "service by the social order."
    ),
}


def outcome_words(outcome: FeeOutcome | None) -> str:
    return str(outcome.label) if outcome else pgettext("payment", "cannot be computed")


def reason(verdict: Verdict) -> str:
    """Say in one sentence why; where something is missing, the list of it says the rest."""
    if verdict.outcome is None:
        return _may_be(verdict)
    first = verdict.clauses[0]
    if isinstance(first, FreeOfCharge):
        return {
            FreeKind.PERSON.value: _("People of a category that you named get it free, whatever the income."),
            FreeKind.SERVICE.value: _("This service is free for everybody, whatever the income."),
            FreeKind.URGENT.value: _("Help that is needed at once is free, whatever the income."),
        }[first.kind]
    if isinstance(first, IncomeBand) and verdict.income and verdict.income.per_member is not None:
        return _("Your figure is %(sum)s UAH a month for each person of the family: %(band)s.") % {
            "sum": sum_words(verdict.income.per_member),
            "band": band_words(first),
        }
    return first.text


def band_words(band: IncomeBand) -> str:
    """Name the span of a band: «from 2 to 4 subsistence minimums»."""
    low, high = _plain(band.from_minimums), _plain(band.to_minimums)
    if not band.to_minimums:
        return _("more than %(low)s subsistence minimums") % {"low": low}
    if not band.from_minimums:
        return _("up to %(high)s subsistence minimums") % {"high": high}
    return _("from %(low)s to %(high)s subsistence minimums") % {"low": low, "high": high}


def sum_words(value: Decimal) -> str:
    """Write a sum with its thousands apart, and with kopiikas only where there are any."""
    return number_format(value, 0 if value == value.to_integral_value() else 2, force_grouping=True)


def _may_be(verdict: Verdict) -> str:
    if not verdict.possible or Missing.OWN_TERMS in verdict.missing:
        return ""
    kinds = [str(outcome.label) for outcome in verdict.possible]
    return _("It may be: %(kinds)s.") % {"kinds": "; ".join(kinds)}


def _plain(value: Decimal | None) -> str:
    return "" if value is None else number_format(value.normalize(), use_l10n=True)
