"""The formulas of risk cards: pure functions of facts and thresholds. Each returns the data of a card, or nothing.

The data are all that is needed to compute it again: texts for sums and days, no people, no day that passes by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from procurement.contract_enums import ContractState
from procurement.queries.contracts.risk_facts import CompetitionFacts, ContractFacts, LineFact

Data = dict[str, Any]
Parameters = Mapping[str, Any]
_PER_CENT: Final = Decimal("0.1")


def repeated_winner(facts: ContractFacts, parameters: Parameters, _today: date) -> Data | None:
    """Find so many contracts of the same two parties for the same service within so many years, by choice of others."""
    one = facts.contract
    channels = parameters["channels"]
    if one.concluded_on is None or one.channel not in channels:
        return None
    since = _years_before(one.concluded_on, int(parameters["years"]))
    wanted = set(one.services or ())
    same = [
        row
        for row in facts.contracts
        if row.hromada == one.hromada_id
        and row.channel in channels
        and since < row.concluded_on <= one.concluded_on
        and wanted & set(row.services)
    ]
    if len(same) < int(parameters["contracts"]):
        return None
    rows = [{"number": row.number, "concluded_on": row.concluded_on.isoformat(), "sum": str(row.sum)} for row in same]
    total = sum((row.sum for row in same), Decimal(0))
    return {"since": since.isoformat(), "contracts": rows, "count": len(rows), "sum": str(total)}


def price_above_tariff(facts: ContractFacts, parameters: Parameters, _today: date) -> Data | None:
    """Compare tariffs of the contract with those that were published, else with the median of the running contracts."""
    found = [told for line in facts.lines if (told := _above(line, facts, parameters))]
    return {"lines": found} if found else None


def _above(line: LineFact, facts: ContractFacts, parameters: Parameters) -> Data | None:
    if line.tariff is None:
        return None
    base, share, of = line.published, Decimal(parameters["share"]), "published"
    count = 0
    if base is None:
        base, count = facts.medians.get((line.service, line.unit), (None, 0))
        share, of = Decimal(parameters["median_share"]), "median"
        if base is None or count < int(parameters["fewest"]):
            return None
    if base <= 0 or line.tariff <= base * (1 + share):
        return None
    told = {"line": line.number, "title": line.title, "tariff": str(line.tariff), "compared_with": of}
    return {**told, "base": str(base), "above": _share(line.tariff - base, base), **({"of": count} if count else {})}


def value_raised(facts: ContractFacts, parameters: Parameters, _today: date) -> Data | None:
    """Compare the sum now with that of the award, or of the first version where there was none."""
    one = facts.contract
    award = facts.award_amount
    base = award or one.first_sum
    if base <= 0 or one.sum <= base * (1 + Decimal(parameters["share"])):
        return None
    return {
        "compared_with": "award" if award else "first",
        "base": str(base),
        "sum": str(one.sum),
        "raised": str(one.sum - base),
        "above": _share(one.sum - base, base),
        "versions": one.version,
    }


def late_reports(facts: ContractFacts, parameters: Parameters, today: date) -> Data | None:
    """Find reports that came, or have still not come, after their day."""
    ended = facts.contract.state in ContractState.ended
    due = [row for row in facts.reports if row.due_on is not None and (row.due_on < today or row.filed_on is not None)]
    late = [
        row
        for row in due
        if row.due_on is not None and (row.filed_on > row.due_on if row.filed_on else not ended and row.due_on < today)
    ]
    if len(late) < int(parameters["reports"]):
        return None
    rows = [
        {
            "number": row.number,
            "due_on": row.due_on.isoformat() if row.due_on else "",
            "filed_on": row.filed_on.isoformat() if row.filed_on else "",
        }
        for row in late
    ]
    return {"late": rows, "count": len(rows), "due": len(due)}


def capacity_below(facts: ContractFacts, parameters: Parameters, _today: date) -> Data | None:
    """Compare people planned by the provider's running contracts with the places that its card in the register has."""
    found = []
    for service in sorted({line.service for line in facts.lines if line.service}):
        if service not in facts.capacity or (facts.contract.number or "") not in facts.load.get(service, {}):
            continue
        places, on = facts.capacity[service]
        planned = facts.load[service]
        people = sum(planned.values())
        if people > places * Decimal(parameters["share"]):
            rows = [{"number": number, "recipients": count} for number, count in sorted(planned.items())]
            told = {"service": service, "places": places, "places_on": on.isoformat(), "recipients": people}
            found.append({**told, "contracts": rows})
    return {"services": found} if found else None


def single_applicant(facts: CompetitionFacts, parameters: Parameters, _today: date) -> Data | None:
    """Find the lots for which so few applied."""
    rows = [
        {"lot": number, "title": title, "applicants": count}
        for number, (title, count) in sorted(facts.lots.items())
        if 0 < count <= int(parameters["most"])
    ]
    return {"lots": rows} if rows else None


def clustered_scores(facts: CompetitionFacts, parameters: Parameters, _today: date) -> Data | None:
    """Find so great a part of the scores in which the members hardly differ."""
    judged = [one for one in facts.cells if len(one.points) >= int(parameters["members"])]
    spread, share = Decimal(parameters["spread"]), Decimal(parameters["share"])
    close = [one for one in judged if max(one.points) - min(one.points) <= spread * one.most]
    if len(judged) < int(parameters["cells"]) or len(close) < share * len(judged):
        return None
    members = max(len(one.points) for one in judged)
    part = _share(Decimal(len(close)), Decimal(len(judged)))
    return {"scores": len(judged), "close": len(close), "share": part, "members": members}


def _share(part: Decimal, whole: Decimal) -> str:
    """Write a part in per cent with one digit."""
    return str((part / whole * 100).quantize(_PER_CENT))


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        # 29 February
        return day.replace(year=day.year - years, day=28)


# by the slugs of `RiskRule`
OF_CONTRACTS: Final[dict[str, Callable[[ContractFacts, Parameters, date], Data | None]]] = {
    "repeated-winner": repeated_winner,
    "price-above-tariff": price_above_tariff,
    "value-raised": value_raised,
    "late-reports": late_reports,
    "capacity-below": capacity_below,
}
OF_COMPETITIONS: Final[dict[str, Callable[[CompetitionFacts, Parameters, date], Data | None]]] = {
    "single-applicant": single_applicant,
    "clustered-scores": clustered_scores,
}
