"""The answer about payment as a page shows it: services with one and the same reason stand together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from registry.domain.entitlement.answers import Answers
from registry.domain.entitlement.judging import Verdict
from registry.domain.entitlement.missing import QUESTIONS
from registry.enums import FeeOutcome, FreeKind
from registry.interfaces.citations import acts_in_words
from registry.interfaces.entitlement_form import CAPACITY, DISABILITY, PLACE, UNKNOWN, URGENT, EntitlementForm
from registry.interfaces.entitlement_words import GROUPS, MISSING, outcome_words, reason, sum_words
from registry.models import FreeOfCharge, ServiceType

# the order in which a reader meets them
ORDER = (FeeOutcome.FREE, FeeOutcome.DIFFERENTIATED, FeeOutcome.FULL, None)


@dataclass(frozen=True, slots=True)
class Clause:
    """A sentence of the law or of a source, where it stands, and whether anybody compared it."""

    text: str
    citation: str
    source: str
    note: str
    verified: bool


@dataclass(slots=True)
class Block:
    """Services that come out alike, for the same reason."""

    verdict: Verdict
    reason: str
    decides: Clause | None
    unread: list[Clause]
    clauses: list[Clause] = field(default_factory=list)
    services: list[ServiceType] = field(default_factory=list)

    @property
    def missing(self) -> list[str]:
        return [str(MISSING[one]) for one in self.verdict.missing]

    @property
    def can_answer(self) -> bool:
        """Whether another answer of the reader would help."""
        return any(one in QUESTIONS for one in self.verdict.missing)

    @property
    def thresholds(self) -> list[dict[str, Any]]:
        """The minimums that the income stood beside, each with its group, its period and its multiples."""
        compared = self.verdict.income.compared if self.verdict.income else ()
        return [{"group": GROUPS[one.group], "minimum": one.minimum, "multiples": one.thresholds} for one in compared]

    def add(self, verdict: Verdict, clauses: Iterable[Clause]) -> None:
        """Add a service; a clause that stands here already is not told twice."""
        self.services.append(verdict.service)
        known = {(one.text, one.citation) for one in self.clauses}
        self.clauses += [one for one in clauses if (one.text, one.citation) not in known]


@dataclass(slots=True)
class Part:
    outcome: str
    title: str
    blocks: list[Block]


def parts_of(verdicts: Sequence[Verdict]) -> list[Part]:
    """Return the verdicts by outcome, free first, with one query for the names of all acts."""
    acts = acts_in_words(row.act for verdict in verdicts for row in _rows(verdict))
    blocks: dict[Any, Block] = {}
    for verdict in verdicts:
        why = reason(verdict)
        key = (verdict.outcome, why, verdict.missing, verdict.possible, verdict.public_only)
        if key not in blocks:
            decides = _cite(verdict.decides, acts) if verdict.decides else None
            blocks[key] = Block(verdict, why, decides, [_cite(row, acts) for row in verdict.unread])
        blocks[key].add(verdict, [_cite(row, acts) for row in verdict.clauses])
    found = {outcome: [one for one in blocks.values() if one.verdict.outcome == outcome] for outcome in ORDER}
    return [
        Part(outcome.value if outcome else "unknown", outcome_words(outcome), lines)
        for outcome, lines in found.items()
        if lines
    ]


def told_answers(form: EntitlementForm, answers: Answers) -> list[tuple[str, str]]:
    """Return the questions with the answers in words; what was not answered says so."""
    values = form.cleaned_data
    groups = [text for slug, text in form.categories.items() if slug in answers.groups]
    if not groups:
        groups = [_("none of these") if answers.groups_told else str(UNKNOWN)]
    unknown = str(UNKNOWN)
    services = dict(form.fields["service"].choices)  # type: ignore[attr-defined]
    lines = {
        "service": services[values["service"]],
        "urgent": dict(URGENT)[values["urgent"]],
        "groups": "; ".join(groups),
        "disability": dict(DISABILITY)[values["disability"]],
        "age": unknown if answers.age is None else str(answers.age),
        "capacity": dict(CAPACITY)[answers.capacity],
        "income": unknown if answers.income is None else _("%(sum)s UAH") % {"sum": sum_words(answers.income)},
        "family": unknown if answers.family is None else str(answers.family),
        "provider": dict(PLACE)[values["provider"]],
    }
    if answers.age is not None and len(answers.possible_groups) == 1 and not answers.capacity:
        lines.pop("capacity")
    return [(str(form.fields[name].label), str(told)) for name, told in lines.items()]


def _rows(verdict: Verdict) -> Iterable[Any]:
    return (*verdict.clauses, *((verdict.decides,) if verdict.decides else ()), *verdict.unread)


def _cite(row: Any, acts: dict[str, str]) -> Clause:
    if isinstance(row, FreeOfCharge) and row.kind == FreeKind.SERVICE:
        # its words are but the name of the service that stands above
        text = _("The list of services that are free whatever the income.")
    else:
        text = row.text
    where = ", ".join(filter(None, (acts.get(row.act, row.act), row.point)))
    return Clause(text, where, row.source, row.note, row.verified)
