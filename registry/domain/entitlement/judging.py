"""The verdict on one service: free, partly paid, paid, or what is missing to say which."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from registry.domain.entitlement.answers import Answers, Place
from registry.domain.entitlement.free import FreeGrounds, free_grounds
from registry.domain.entitlement.income import Fee, IncomeJudgement, differentiated_fee, judge_income
from registry.domain.entitlement.missing import Missing
from registry.enums import BoundSectors, FeeOutcome, PaymentRule
from registry.models import FreeOfCharge, IncomeBand, PaymentTerm, ServiceType
from registry.queries.entitlement import RuleBook

Clause = FreeOfCharge | IncomeBand | PaymentTerm


@dataclass(frozen=True, slots=True)
class Verdict:
    """Without an outcome it cannot be computed: `missing` says what for, `possible` what it may come to.

    `public_only`: it holds for state and communal providers, and nobody said who will give the service.
    """

    service: ServiceType
    outcome: FeeOutcome | None
    clauses: tuple[Clause, ...] = ()
    missing: tuple[Missing, ...] = ()
    possible: tuple[FeeOutcome, ...] = ()
    income: IncomeJudgement | None = None
    fee: Fee | None = None
    decides: PaymentTerm | None = None
    unread: tuple[FreeOfCharge, ...] = ()
    public_only: bool = False

    @property
    def verified(self) -> bool:
        """Whether every clause and every minimum that it rests on was compared with the act in force."""
        minimums = [one.minimum for one in self.income.compared] if self.income else []
        return all(row.verified for row in (*self.clauses, *minimums))


def judge_services(services: Iterable[ServiceType], answers: Answers, book: RuleBook) -> list[Verdict]:
    """Return a verdict on each service; the rules are of `book.day`, and nothing is asked of the database."""
    income = judge_income(answers, book)
    return [_judge(service, answers, book, income) for service in services]


def judge(service: ServiceType, answers: Answers, book: RuleBook) -> Verdict:
    return _judge(service, answers, book, judge_income(answers, book))


def _judge(service: ServiceType, answers: Answers, book: RuleBook, income: IncomeJudgement) -> Verdict:
    if book.is_empty:
        return Verdict(service, None, missing=(Missing.NO_RULES,))
    free = free_grounds(service, answers, book.free)
    if answers.place == Place.NON_STATE:
        return _non_state(service, book, free)
    everywhere = any(row.sectors == BoundSectors.ANY for row in free.sure)
    base = Verdict(
        service,
        None,
        decides=book.terms.get(PaymentRule.DECIDES_BUDGET),
        public_only=answers.place == Place.UNKNOWN and not everywhere,
    )
    if free.sure:
        return replace(base, outcome=FeeOutcome.FREE, clauses=tuple(free.sure))
    return _by_income(base, answers, book, free, income)


def _by_income(base: Verdict, answers: Answers, book: RuleBook, free: FreeGrounds, income: IncomeJudgement) -> Verdict:
    possible = income.possible | ({FeeOutcome.FREE} if free.missing else set())
    told = tuple(outcome for outcome in FeeOutcome if outcome in possible)
    outcome = told[0] if len(told) == 1 else None
    missing = () if outcome else (*income.missing, *free.missing)
    judged = replace(base, income=income, unread=() if outcome == FeeOutcome.FREE else tuple(free.unread))
    if outcome is None:
        return replace(judged, missing=missing, possible=told, clauses=(income.method,) if income.method else ())
    bands = dict.fromkeys(band for one in income.compared for band in one.bands)
    fee = differentiated_fee(answers, income, book) if outcome == FeeOutcome.DIFFERENTIATED else None
    if outcome == FeeOutcome.DIFFERENTIATED and fee is None:
        missing = (Missing.FEE_RULE,)
    clauses = (*bands, *((income.method,) if income.method else ()))
    return replace(judged, outcome=outcome, clauses=clauses, fee=fee, missing=missing)


def _non_state(service: ServiceType, book: RuleBook, free: FreeGrounds) -> Verdict:
    """Return what binds a non-state provider: only rows that say they bind everybody; otherwise its own terms."""
    decides = book.terms.get(PaymentRule.DECIDES_NON_STATE)
    bound = tuple(row for row in free.sure if row.sectors == BoundSectors.ANY)
    if bound:
        return Verdict(service, FeeOutcome.FREE, clauses=bound, decides=decides)
    terms = book.terms.get(PaymentRule.NON_STATE_TERMS)
    unsaid = tuple(row for row in free.sure if row.sectors == BoundSectors.NOT_SAID)
    clauses = (*((terms,) if terms else ()), *unsaid)
    return Verdict(
        service, None, clauses=clauses, missing=(Missing.OWN_TERMS,), possible=tuple(FeeOutcome), decides=decides
    )
