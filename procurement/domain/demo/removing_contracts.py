"""Taking the contracts of the demonstration away, with all that hangs on them, before what they rest on goes."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import Q

from procurement.models import (
    AcceptanceAct,
    ActLine,
    BudgetLine,
    BudgetLineChange,
    Contract,
    ContractFunding,
    ContractLine,
    ContractNotice,
    ContractSignature,
    ContractStep,
    ContractTemplate,
    ContractVersion,
    Deduction,
    Finding,
    FindingReply,
    FindingResult,
    IndicatorRating,
    Milestone,
    Payment,
    QualityEvaluation,
    QualityReply,
    ReportFiling,
    ReportRow,
    RiskCard,
    RiskReply,
    ServiceReport,
    Survey,
    SurveyBallot,
    SurveyCode,
    Visit,
    VisitAnswer,
    VisitSubmission,
    WorkingGroupMember,
)

# in the order in which nothing hangs on what goes
_OF_EVALUATION: Final = (
    *((SurveyBallot, "survey__evaluation"), (SurveyCode, "survey__evaluation"), (Survey, "evaluation")),
    *((QualityReply, "evaluation"), (IndicatorRating, "evaluation"), (WorkingGroupMember, "evaluation")),
)
_OF_CONTRACT: Final = (
    *((FindingResult, "finding__contract"), (FindingReply, "finding__contract")),
    *((Finding, "contract"), (VisitAnswer, "visit__contract"), (VisitSubmission, "visit__contract")),
    *((Visit, "contract"), (Payment, "act__contract"), (Deduction, "act__contract"), (ActLine, "act__contract")),
    *((AcceptanceAct, "contract"), (ReportFiling, "report__contract"), (ReportRow, "report__contract")),
    *((ServiceReport, "contract"), (Milestone, "contract"), (ContractSignature, "version__contract")),
    *((ContractLine, "version__contract"), (ContractVersion, "contract"), (ContractFunding, "contract")),
    (ContractStep, "contract"),
)


def remove_contracts(bodies: list[int], competitions: list[int]) -> None:
    """Delete the contracts of these bodies or of invented providers, evaluations, cards, budget lines, templates."""
    rows = Contract.objects.filter(Q(commissioner__in=bodies) | Q(contractor__is_demo=True))
    ids = list(rows.values_list("pk", flat=True))
    _remove_cards(ids, competitions)
    _remove_evaluations(ids)
    through = ContractNotice.findings.through
    _delete(through.objects.filter(contractnotice__contract__in=ids))
    _delete(ContractNotice.objects.filter(contract__in=ids))
    for model, lookup in _OF_CONTRACT:
        _delete(model.objects.filter(**{f"{lookup}__in": ids}))
    _delete(Contract.objects.filter(pk__in=ids))
    lines = BudgetLine.objects.filter(Q(is_demo=True) | Q(hromada__commissioners__in=bodies))
    keys = list(lines.values_list("pk", flat=True))
    _delete(BudgetLineChange.objects.filter(line__in=keys))
    _delete(BudgetLine.objects.filter(pk__in=keys))
    ContractTemplate.objects.filter(hromada__commissioners__in=bodies).update(hromada=None)


def _remove_cards(contracts: list[int], competitions: list[int]) -> None:
    cards = RiskCard.objects.filter(Q(contract__in=contracts) | Q(competition__in=competitions))
    _delete(RiskReply.objects.filter(card__in=list(cards.values_list("pk", flat=True))))
    _delete(RiskCard.objects.filter(Q(contract__in=contracts) | Q(competition__in=competitions)))


def _remove_evaluations(contracts: list[int]) -> None:
    rows = QualityEvaluation.objects.filter(Q(contract__in=contracts) | Q(is_demo=True) | Q(organisation__is_demo=True))
    ids = list(rows.values_list("pk", flat=True))
    for model, lookup in _OF_EVALUATION:
        _delete(model.objects.filter(**{f"{lookup}__in": ids}))
    QualityEvaluation.objects.filter(pk__in=ids).update(supersedes=None)
    _delete(QualityEvaluation.objects.filter(pk__in=ids))


def _delete(rows: Any) -> None:
    """Delete in one statement: what hangs on these rows has gone already."""
    rows._raw_delete(rows.db)  # noqa: SLF001
