"""What the releases of some processes are made of, read in a number of queries that does not grow with them.

Only what everybody may read of competitions and contracts: the announced and the concluded ones; of proposals what
signed minutes say, once a decision was published with them; of a contract its signed versions, accepted acts and
reports.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db.models import Prefetch, QuerySet

from procurement.contract_enums import ActState, ContractVersionState, ReportState
from procurement.enums import CompetitionState, ProposalState
from procurement.models import (
    AcceptanceAct,
    Award,
    AwardDecision,
    BudgetLine,
    Competition,
    CompetitionDocument,
    CompetitionStep,
    CompetitionVersion,
    Contract,
    ContractLine,
    ContractStep,
    ContractVersion,
    Minutes,
    Payment,
    Proposal,
    Question,
    ReportRow,
    ServiceReport,
)
from procurement.queries.contracts.public import public_contracts
from registry.models import ServiceType

from .values import ocid_of

# who asked is not among them
_OF_QUESTION: Final = ("number", "state", "text", "asked_at", "answer", "answered_at", "competition")
_OF_PROPOSAL: Final = ("pk", "number", "competition", "organisation")


@dataclass(slots=True)
class Minuted:
    """What signed minutes say of proposals and of their admission."""

    proposals: list[dict[str, Any]]
    admissions: list[dict[str, Any]]


@dataclass(slots=True)
class Process:
    """One contracting process: a competition with its contracts, or a contract that no competition led to."""

    number: str
    competition: Competition | None = None
    # of the rules frozen with the announcement
    policy: dict[str, Any] = field(default_factory=dict)
    # by the key of the minutes
    minutes: dict[int, Minuted] = field(default_factory=dict)
    # opened proposals with their organisations, by number; none before a decision
    proposals: dict[int, Proposal] = field(default_factory=dict)
    contracts: list[Contract] = field(default_factory=list)
    # when milestones were planned, budget lines that pay: by their keys
    planned: dict[str, datetime] = field(default_factory=dict)
    lines: dict[int, BudgetLine] = field(default_factory=dict)
    # whose code in the Classifier was confirmed, by slug
    services: dict[str, ServiceType] = field(default_factory=dict)

    @property
    def ocid(self) -> str:
        return ocid_of(self.number)


def numbers() -> list[str]:
    """Return the numbers of all public processes in a lasting order: competitions, then contracts without one."""
    called = Competition.objects.public().order_by("number").values_list("number", flat=True)
    direct = public_contracts().filter(competition=None).order_by("number").values_list("number", flat=True)
    return [str(one) for one in (*called, *direct)]


def processes_of(wanted: Sequence[str]) -> list[Process]:
    """Return the public processes with these numbers, in their order."""
    competitions = list(_competitions(wanted))
    keys = [one.pk for one in competitions]
    contracts = list(_contracts(keys, wanted))
    found = {str(one.number): Process(str(one.number), one) for one in competitions}
    of_key = {one.pk: found[str(one.number)] for one in competitions}
    for contract in contracts:
        process = of_key.get(contract.competition_id or 0) or Process(str(contract.number))
        found.setdefault(process.number, process).contracts.append(contract)
    _add_evaluation(of_key)
    _add_delivery(list(found.values()), contracts)
    return [found[one] for one in wanted if one in found]


# --- competitions ----------------------------------------------------------------------------------------------------


def _competitions(wanted: Sequence[str]) -> QuerySet[Competition]:
    versions = CompetitionVersion.objects.select_related("ground").defer("frozen").order_by("number")
    awards = Award.objects.select_related("lot").order_by("lot__number", "place", "pk")
    decisions = AwardDecision.objects.select_related("round").defer("inputs", "ranking", "content").order_by("number")
    rows = Competition.objects.public().filter(number__in=wanted)
    related = rows.select_related(
        *("commissioner__organisation", "hromada__oblast", "end_ground"),
        *("decision__budget_act", "decision__programme", "opening"),
    ).defer("public_key", "wrapped_key")
    return related.prefetch_related(
        "lots",
        Prefetch("versions", versions),
        Prefetch("questions", Question.objects.only(*_OF_QUESTION).order_by("number")),
        Prefetch("documents", CompetitionDocument.objects.select_related("document").order_by("pk")),
        Prefetch("steps", CompetitionStep.objects.filter(step="reopen").order_by("at", "pk")),
        Prefetch("decisions", decisions.prefetch_related(Prefetch("awards", awards))),
    )


def _add_evaluation(of_key: dict[int, Process]) -> None:
    frozen = CompetitionVersion.objects.filter(competition__in=of_key, number=1)
    for key, policy in frozen.values_list("competition", "frozen__policy"):
        of_key[key].policy = policy or {}
    decided = {one.minutes_id: process for process in of_key.values() for one in decisions_of(process)}
    told = Minutes.objects.filter(pk__in=decided).order_by("pk")
    for key, proposals, admissions in told.values_list("pk", "content__proposals", "content__admissions"):
        decided[key].minutes[key] = Minuted(proposals or [], admissions or [])
    competitions = {process.competition.pk for process in decided.values() if process.competition}
    opened = Proposal.objects.filter(competition__in=competitions, state=ProposalState.OPENED, number__isnull=False)
    for one in opened.select_related("organisation").only(*_OF_PROPOSAL, "organisation").order_by("pk"):
        of_key[one.competition_id].proposals[one.number or 0] = one
    _give_proposals(decided.values())


def _give_proposals(processes: Iterable[Process]) -> None:
    for process in processes:
        by_key = {one.pk: one for one in process.proposals.values()}
        for decision in decisions_of(process):
            for award in decision.awards.all():
                award.proposal = by_key[award.proposal_id]


def decisions_of(process: Process) -> list[AwardDecision]:
    """Return the published decisions, the first one first; before the opening there is nothing to be told."""
    competition = process.competition
    if competition is None or competition.opened_at is None or competition.state not in CompetitionState.public:
        return []
    return list(competition.decisions.all())


# --- contracts -------------------------------------------------------------------------------------------------------


def _contracts(competitions: Iterable[int], wanted: Sequence[str]) -> QuerySet[Contract]:
    rows = public_contracts()
    rows = rows.filter(competition__in=competitions) | rows.filter(competition=None, number__in=wanted)
    related = rows.select_related(
        *("contractor", "commissioner__organisation", "hromada__oblast"),
        *("award__lot", "award__decision", "award__proposal", "end_ground"),
    ).defer(
        *("award__decision__content", "award__decision__inputs", "award__decision__ranking"),
        *("award__proposal__draft", "award__proposal__draft_key", "award__proposal__content"),
    )
    lines = ContractLine.objects.select_related("service_type", "group", "lot").order_by("number")
    versions = ContractVersion.objects.filter(state=ContractVersionState.SIGNED).select_related("ground")
    payments = Payment.objects.select_related("funding__line").order_by("pk")
    acts = AcceptanceAct.objects.filter(state=ActState.ACCEPTED).order_by("number")
    report_rows = ReportRow.objects.select_related("group").order_by("line", "group__order", "pk")
    reports = ServiceReport.objects.filter(state=ReportState.ACCEPTED).order_by("number")
    return related.prefetch_related(
        "milestones",
        Prefetch("versions", versions.defer("sections").order_by("number").prefetch_related(Prefetch("lines", lines))),
        Prefetch("acts", acts.defer("content").prefetch_related(Prefetch("payments", payments))),
        Prefetch("reports", reports.prefetch_related(Prefetch("rows", report_rows))),
    ).order_by("number")


def _add_delivery(processes: list[Process], contracts: list[Contract]) -> None:
    steps = ContractStep.objects.filter(contract__in=contracts, thing="milestone", step="plan").order_by("-at", "-pk")
    planned = {str(key): at for key, at in steps.values_list("key", "at")}
    funded = {int(row["line"]) for one in contracts for version in one.versions.all() for row in version.funding}
    lines = BudgetLine.objects.in_bulk(funded)
    coded = ServiceType.objects.filter(code_verified=True).exclude(official_code="")
    services = {one.slug: one for one in coded.order_by("slug")}
    for process in processes:
        process.planned, process.lines, process.services = planned, lines, services
