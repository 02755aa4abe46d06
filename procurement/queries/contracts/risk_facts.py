"""The figures from which risk cards follow, read for many contracts or competitions in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from statistics import median
from typing import Any, Final

from django.db.models import Count, F, Q, Sum

from portal.kernel.calendar import day_of
from procurement.contract_enums import ContractState, Pricing, ReportState
from procurement.enums import CompetitionState, ProposalState, RoundState, SheetState
from procurement.models import (
    Competition,
    CompetitionVersion,
    Contract,
    ContractLine,
    Lot,
    ProposalLot,
    Score,
    ServiceReport,
)
from registry.enums import ServiceStanding
from registry.models import Service

# (service, unit): the median of tariffs in force, and of how many contracts
Medians = dict[tuple[str, str], tuple[Decimal, int]]
_LEAST_TOLD: Final = 5


@dataclass(frozen=True, slots=True)
class LineFact:
    """A service of the version in force; `published` is the tariff of the specification that was competed for."""

    number: int
    title: str
    service: str
    unit: str
    tariff: Decimal | None
    published: Decimal | None
    tariff_act: str
    recipients: int | None


@dataclass(frozen=True, slots=True)
class ReportFact:
    number: int
    due_on: date | None
    filed_on: date | None


@dataclass(frozen=True, slots=True)
class EarlierFact:
    """A concluded contract of the same provider, wherever it is."""

    pk: int
    number: str
    hromada: int
    channel: str
    state: str
    concluded_on: date
    sum: Decimal
    services: Sequence[str]


@dataclass(slots=True)
class ContractFacts:
    """All that the formulas look at for one contract."""

    contract: Contract
    award_amount: Decimal | None
    lines: list[LineFact] = field(default_factory=list)
    reports: list[ReportFact] = field(default_factory=list)
    # of the same provider, this contract among them, by the day of conclusion
    contracts: list[EarlierFact] = field(default_factory=list)
    # by service: places in the register, and the latest day they were told for
    capacity: dict[str, tuple[int, date]] = field(default_factory=dict)
    # by service: numbers of the provider's running contracts with the people they plan, few people left out
    load: dict[str, dict[str, int]] = field(default_factory=dict)
    medians: Medians = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CellFact:
    """What the members gave for one criterion of a proposal in a lot, and the most that could be given."""

    lot: int
    proposal: int
    criterion: str
    most: Decimal
    points: tuple[Decimal, ...]


@dataclass(slots=True)
class CompetitionFacts:
    """All that the formulas look at for one competition whose proposals are opened."""

    competition: Competition
    # by number of the lot: its title and how many applied
    lots: dict[int, tuple[str, int]] = field(default_factory=dict)
    # only once the decision is published
    cells: list[CellFact] = field(default_factory=list)


def lines_now() -> Any:
    """Return the lines of the versions in force of concluded contracts."""
    return ContractLine.objects.filter(
        version__contract__state__in=ContractState.public, version__number=F("version__contract__version")
    )


def tariff_medians() -> Medians:
    """Return the median tariff of each service and unit over all contracts that run, in one query."""
    rows = lines_now().filter(
        version__contract__state__in=ContractState.running,
        pricing=Pricing.UNIT,
        tariff__isnull=False,
        service_type__isnull=False,
    )
    found: dict[tuple[str, str], list[Decimal]] = defaultdict(list)
    for service, unit, tariff in rows.values_list("service_type__slug", "unit", "tariff").order_by():
        found[service, unit].append(tariff)
    return {key: (Decimal(median(values)), len(values)) for key, values in found.items()}


def contract_facts(contracts: Sequence[Contract], medians: Medians) -> dict[int, ContractFacts]:
    """Return the facts by contract; the contracts come with their awards."""
    facts = {
        one.pk: ContractFacts(one, one.award.amount if one.award else None, medians=medians)  # by select_related
        for one in contracts
    }
    _add_lines(facts)
    rows = ServiceReport.objects.filter(contract__in=facts).exclude(state=ReportState.WAIVED)
    for key, number, due, filed in rows.values_list("contract", "number", "due_on", "first_filed_at").order_by(
        "number"
    ):
        facts[key].reports.append(ReportFact(number, due, day_of(filed) if filed else None))
    _add_providers(facts)
    return facts


def _add_lines(facts: dict[int, ContractFacts]) -> None:
    rows = lines_now().filter(version__contract__in=facts, pricing=Pricing.UNIT).select_related("service_type", "lot")
    for line in rows.annotate(of=F("version__contract")).order_by("number"):
        published = (line.lot.snapshot or {}).get("tariff") if line.lot else None
        facts[line.of].lines.append(
            LineFact(
                line.number,
                line.title,
                line.service_type.slug if line.service_type else "",
                line.unit,
                line.tariff,
                Decimal(str(published)) if published not in (None, "") else None,
                line.tariff_act,
                line.recipients,
            )
        )


def _add_providers(facts: dict[int, ContractFacts]) -> None:
    providers = {one.contract.contractor_id for one in facts.values()}
    told = _contracts_of(providers)
    places = _capacity_of(providers)
    load = _load_of(providers)
    for one in facts.values():
        one.contracts = told.get(one.contract.contractor_id, [])
        one.capacity = places.get(one.contract.contractor_id, {})
        one.load = load.get(one.contract.contractor_id, {})


def _contracts_of(providers: Collection[int]) -> dict[int, list[EarlierFact]]:
    rows = Contract.objects.filter(contractor__in=providers, state__in=ContractState.public)
    names = ("pk", "number", "hromada", "channel", "state", "concluded_on", "sum", "services")
    found: dict[int, list[EarlierFact]] = defaultdict(list)
    for provider, *values in rows.order_by("concluded_on", "pk").values_list("contractor", *names):
        found[provider].append(EarlierFact(*values))
    return found


def _capacity_of(providers: Collection[int]) -> dict[int, dict[str, tuple[int, date]]]:
    """Return the places that open cards tell; a provider that says none for a part of a service is not judged."""
    rows = Service.objects.filter(
        entry__organisation__in=providers, entry__is_open=True, standing=ServiceStanding.INCLUDED
    )
    places: dict[int, dict[str, tuple[int, date]]] = defaultdict(dict)
    unknown = set()
    names = ("entry__organisation", "service_type__slug", "capacity", "capacity_on")
    for provider, service, capacity, on in rows.order_by("pk").values_list(*names):
        if capacity is None or on is None:
            unknown.add((provider, service))
            continue
        known, latest = places[provider].get(service, (0, on))
        places[provider][service] = (known + capacity, max(latest, on))
    for provider, service in unknown:
        places[provider].pop(service, None)
    return places


def _load_of(providers: Collection[int]) -> dict[int, dict[str, dict[str, int]]]:
    rows = lines_now().filter(
        version__contract__contractor__in=providers,
        version__contract__state__in=ContractState.running,
        service_type__isnull=False,
        recipients__isnull=False,
    )
    names = ("version__contract__contractor", "service_type__slug", "version__contract__number")
    load: dict[int, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    for provider, service, number, people in (
        rows.values(*names).annotate(people=Sum("recipients")).order_by(*names).values_list(*names, "people")
    ):
        # a card is public: so few people are counted in no sum from which they could be found
        if people >= _LEAST_TOLD:
            load[provider][service][number] = people
    return load


# --- competitions ----------------------------------------------------------------------------------------------------


def competition_facts(competitions: Sequence[Competition]) -> dict[int, CompetitionFacts]:
    """Return the facts by competition, of those whose proposals are opened."""
    facts = {one.pk: CompetitionFacts(one) for one in competitions}
    for key, number, title in Lot.objects.filter(competition__in=facts).values_list("competition", "number", "title"):
        facts[key].lots[number] = (title, 0)
    applied = ProposalLot.objects.filter(lot__competition__in=facts, proposal__state=ProposalState.OPENED)
    counted = applied.values("lot__competition", "lot__number").annotate(count=Count("proposal", distinct=True))
    for row in counted.order_by():
        lots = facts[row["lot__competition"]].lots
        lots[row["lot__number"]] = (lots[row["lot__number"]][0], row["count"])
    _add_cells({key: one for key, one in facts.items() if one.competition.state in CompetitionState.decided})
    return facts


def _add_cells(facts: dict[int, CompetitionFacts]) -> None:
    most = _most_points(facts)
    rows = Score.objects.filter(
        Q(sheet__round__competition__in=facts),
        sheet__round__state=RoundState.DECIDED,
        sheet__state=SheetState.FILED,
        points__isnull=False,
    )
    names = ("sheet__round__competition", "lot__number", "proposal__number", "criterion")
    cells: dict[tuple[int, int, int, str], list[Decimal]] = defaultdict(list)
    for key, lot, proposal, code, points in rows.order_by(*names, "pk").values_list(*names, "points"):
        cells[key, lot, proposal, code].append(points)
    for (key, lot, proposal, criterion), given in cells.items():
        limit = most.get(key, {}).get(criterion)
        if limit:
            facts[key].cells.append(CellFact(lot, proposal, criterion, limit, tuple(given)))


def _most_points(keys: Collection[int]) -> dict[int, dict[str, Decimal]]:
    frozen = CompetitionVersion.objects.filter(competition__in=keys, number=1)
    return {
        key: {one["code"]: Decimal(one["max"]) for one in ((told or {}).get("definition") or {}).get("criteria", ())}
        for key, told in frozen.values_list("competition", "frozen__rubric")
    }
