"""Income against the subsistence minimum: compared to the kopiika and without rounding, rounded only to be shown."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from registry.domain.entitlement.answers import Answers, MinimumGroup
from registry.domain.entitlement.missing import Missing
from registry.enums import FeeOutcome, MinimumChoice, PaymentRule
from registry.models import FeeRule, IncomeBand, PaymentTerm, SubsistenceMinimum
from registry.queries.entitlement import RuleBook

KOPIIKA: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Threshold:
    """So many minimums, and what they are in UAH a month for one person."""

    minimums: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Compared:
    """The income beside one minimum it may have to be compared with; `bands` are all that hold the figure."""

    group: MinimumGroup
    minimum: SubsistenceMinimum
    bands: tuple[IncomeBand, ...]
    thresholds: tuple[Threshold, ...]


@dataclass(frozen=True, slots=True)
class IncomeJudgement:
    """What income says of payment: every outcome that is possible, and what would have to be known to have but one."""

    possible: frozenset[FeeOutcome]
    missing: tuple[Missing, ...] = ()
    per_member: Decimal | None = None
    compared: tuple[Compared, ...] = ()
    method: PaymentTerm | None = None

    @property
    def outcome(self) -> FeeOutcome | None:
        return next(iter(self.possible)) if len(self.possible) == 1 else None


@dataclass(frozen=True, slots=True)
class Fee:
    """The differentiated fee by a verified rule: a share of the tariff, and a sum a month that it does not exceed."""

    rule: FeeRule
    share: Decimal | None
    at_most: Decimal | None


def judge_income(answers: Answers, book: RuleBook) -> IncomeJudgement:
    """Return what the family's income leads to on the day of the rules."""
    anything = frozenset(FeeOutcome(band.outcome) for band in book.bands)
    method = book.terms.get(PaymentRule.INCOME_METHOD)
    if not book.bands:
        return IncomeJudgement(anything, (Missing.BANDS,))
    if method is None:
        return IncomeJudgement(anything, (Missing.METHOD,))
    asked = {Missing.INCOME: answers.income, Missing.FAMILY: answers.family}
    unknown = tuple(question for question, answer in asked.items() if answer is None)
    groups = (
        (MinimumGroup.GENERAL,) if method.minimum == MinimumChoice.GENERAL else tuple(sorted(answers.possible_groups))
    )
    if unknown or any(group not in book.minimums for group in groups):
        gaps = () if unknown else (Missing.MINIMUM,)
        return IncomeJudgement(anything, (*unknown, *gaps), per_member(answers), method=method)
    compared = tuple(_compare(group, answers, book) for group in groups)
    possible = frozenset(FeeOutcome(band.outcome) for one in compared for band in one.bands)
    return IncomeJudgement(possible or anything, _unsettled(compared), per_member(answers), compared, method)


def per_member(answers: Answers) -> Decimal | None:
    """Return the monthly income of one member of the family, rounded half up to a kopiika, or nothing if not known."""
    if answers.income is None or answers.family is None:
        return None
    return (answers.income / answers.family).quantize(KOPIIKA, rounding=ROUND_HALF_UP)


def differentiated_fee(answers: Answers, judged: IncomeJudgement, book: RuleBook) -> Fee | None:
    """Return the fee where a verified rule of decree 429 gives one; an unverified row gives nothing."""
    for rule in book.fees:
        if rule.verified and rule.share_of_tariff is not None and _rule_holds(rule, answers, judged):
            return Fee(rule, rule.share_of_tariff, _cap(rule, judged))
    return None


def _compare(group: MinimumGroup, answers: Answers, book: RuleBook) -> Compared:
    minimum = book.minimums[group]
    bands = tuple(band for band in book.bands if holds(band, answers, minimum.amount))
    edges = {edge for band in book.bands for edge in (band.from_minimums, band.to_minimums) if edge}
    return Compared(group, minimum, bands, tuple(Threshold(edge, edge * minimum.amount) for edge in sorted(edges)))


def holds(band: IncomeBand, answers: Answers, minimum: Decimal) -> bool:
    """Tell whether the band holds the income; both sides are multiplied by the family, so nothing is divided."""
    income, whole = answers.income, minimum * (answers.family or 1)
    if income is None:
        return False
    low = band.from_minimums * whole
    if income < low or (income == low and not band.from_included):
        return False
    if band.to_minimums is None:
        return True
    high = band.to_minimums * whole
    return income < high or (income == high and band.to_included)


def _unsettled(compared: tuple[Compared, ...]) -> tuple[Missing, ...]:
    """Say why there is more than one outcome, or none: bands that leave a gap or overlap, or groups that differ."""
    found = []
    outcomes = [frozenset(band.outcome for band in one.bands) for one in compared]
    if any(not one for one in outcomes):
        found.append(Missing.BANDS)
    if any(len(one) > 1 for one in outcomes):
        found.append(Missing.EDGE)
    if len(set(outcomes)) > 1:
        found.append(Missing.MINIMUM_GROUP)
    return tuple(found)


def _rule_holds(rule: FeeRule, answers: Answers, judged: IncomeJudgement) -> bool:
    """Tell whether the income lies in the rule's own span with every minimum that may apply; a lower edge is out."""
    for one in judged.compared:
        whole = one.minimum.amount * (answers.family or 1)
        if answers.income is None or (rule.from_minimums and answers.income <= rule.from_minimums * whole):
            return False
        if rule.to_minimums is not None and answers.income > rule.to_minimums * whole:
            return False
    return bool(judged.compared)


def _cap(rule: FeeRule, judged: IncomeJudgement) -> Decimal | None:
    if rule.cap_share_of_income is None or judged.per_member is None:
        return None
    return (judged.per_member * rule.cap_share_of_income / 100).quantize(KOPIIKA, rounding=ROUND_HALF_UP)
