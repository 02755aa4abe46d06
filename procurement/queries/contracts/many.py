"""The public parts of many contracts at once: the same rows as `public` gives of one, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Prefetch

from procurement.models import (
    AcceptanceAct,
    Contract,
    ContractFunding,
    ContractNotice,
    ContractVersion,
    Finding,
    Milestone,
    QualityEvaluation,
    RiskCard,
    ServiceReport,
    Visit,
)
from procurement.queries.contracts import public
from registry.models import RegisterEntry

# name here → relation, model, what of it is public
_PARTS: Final[dict[str, tuple[str, Any, Any]]] = {
    "versions": ("versions", ContractVersion, public.signed_versions),
    "reports": ("reports", ServiceReport, public.accepted_reports),
    "acts": ("acts", AcceptanceAct, public.accepted_acts),
    "visits": ("visits", Visit, public.concluded_visits),
    "findings": ("findings", Finding, public.told_findings),
    "notices": ("notices", ContractNotice, public.sent_notices),
    "risks": ("risks", RiskCard, public.found_risks),
    "evaluations": ("quality_evaluations", QualityEvaluation, public.shown_evaluations),
    "milestones": ("milestones", Milestone, lambda rows: rows.order_by("due_on", "number")),
    "funding": ("funding", ContractFunding, lambda rows: rows.select_related("line").order_by("line__year", "pk")),
}
_RELATED: Final = (
    *("hromada__oblast", "commissioner__organisation", "contractor", "competition"),
    *("award__decision", "award__lot", "end_ground"),
)
_HEAVY: Final = (
    *("award__decision__content", "award__decision__inputs", "award__decision__ranking"),
    *("competition__public_key", "competition__wrapped_key"),
)


@dataclass(slots=True)
class ContractParts:
    """A concluded contract with everything of it that is public; `provider_number` is that of the open card."""

    contract: Contract
    provider_number: str = ""
    versions: list[ContractVersion] = field(default_factory=list)
    reports: list[ServiceReport] = field(default_factory=list)
    acts: list[AcceptanceAct] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    notices: list[ContractNotice] = field(default_factory=list)
    risks: list[RiskCard] = field(default_factory=list)
    evaluations: list[QualityEvaluation] = field(default_factory=list)
    milestones: list[Milestone] = field(default_factory=list)
    funding: list[ContractFunding] = field(default_factory=list)


def public_parts(numbers: Sequence[str]) -> dict[str, ContractParts]:
    """Return the concluded contracts among these numbers, by number."""
    parts = [
        Prefetch(relation, keep(model.objects.all()), to_attr=f"public_{name}")
        for name, (relation, model, keep) in _PARTS.items()
    ]
    rows = public.public_contracts().filter(number__in=numbers).select_related(*_RELATED).defer(*_HEAVY)
    found = list(rows.prefetch_related(*parts))
    cards = _cards({one.contractor_id for one in found})
    return {str(one.number): _parts_of(one, cards) for one in found}


def _parts_of(one: Contract, cards: dict[int, str]) -> ContractParts:
    told = {name: vars(one)[f"public_{name}"] for name in _PARTS}
    told["risks"] = sorted(told["risks"], key=lambda card: card.gone_at is not None)
    return ContractParts(one, cards.get(one.contractor_id, ""), **told)


def _cards(organisations: set[int]) -> dict[int, str]:
    """Return the number of each organisation's open card, the first one where it has several."""
    rows = RegisterEntry.objects.filter(organisation__in=organisations, is_open=True, merged_into__isnull=True)
    return dict(rows.order_by("-pk").values_list("organisation", "number"))
