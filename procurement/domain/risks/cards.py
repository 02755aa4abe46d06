"""Risk cards as the clock writes them: found, changed with their data, gone when the sign no longer holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Q

from portal.kernel import audit
from portal.kernel.calendar import day_of
from portal.kernel.pieces import pieces
from procurement.contract_enums import ContractState, RiskState
from procurement.contract_workflow import RISK
from procurement.domain.contracts import steps
from procurement.domain.risks.formulas import OF_COMPETITIONS, OF_CONTRACTS, Data
from procurement.domain.risks.recording import record_of_competition
from procurement.enums import CompetitionState
from procurement.models import Competition, Contract, RiskCard, RiskRule
from procurement.queries.contracts.risk_facts import competition_facts, contract_facts, tariff_medians
from registry.domain.providers import CLOCK

# how many are read at once
CHUNK: Final = 500
# what is over is looked at for so long: late data still come, then its cards stay as they are
AFTERWARDS: Final = timedelta(days=60)

Found = Mapping[tuple[int, int], Data]


def review_risks(*, now: datetime) -> Counter[str]:
    """Bring every card up to the data of now; safe to run twice. Return how many were found, changed, gone."""
    today = day_of(now)
    rules = {rule.slug: rule for rule in RiskRule.objects.all() if _holds(rule, today)}
    made: Counter[str] = Counter()
    medians = tariff_medians()
    for contracts in pieces(_contracts(now), CHUNK):
        found = _found(OF_CONTRACTS, contract_facts(contracts, medians), rules, today)
        made += _write("contract", {one.pk: one for one in contracts}, found, rules, now)
    for competitions in pieces(_competitions(now), CHUNK):
        found = _found(OF_COMPETITIONS, competition_facts(competitions), rules, today)
        made += _write("competition", {one.pk: one for one in competitions}, found, rules, now)
    return made


def _found(
    formulas: Mapping[str, Callable[..., Data | None]],
    facts: Mapping[int, Any],
    rules: Mapping[str, RiskRule],
    today: date,
) -> dict[tuple[int, int], Data]:
    """Return what the formulas of the rules in force find, by rule and by what the facts are about."""
    return {
        (rules[slug].pk, key): data
        for slug, formula in formulas.items()
        if slug in rules
        for key, one in facts.items()
        if (data := formula(one, rules[slug].parameters, today))
    }


def _contracts(now: datetime) -> Iterator[Contract]:
    looked_at = Q(state__in=ContractState.running) | Q(state__in=ContractState.ended, ended_at__gt=now - AFTERWARDS)
    rows = Contract.objects.filter(looked_at).select_related("award", "contractor", "hromada")
    return rows.order_by("pk").iterator(chunk_size=CHUNK)


def _competitions(now: datetime) -> Iterator[Competition]:
    undecided = Q(state=CompetitionState.OPENED)
    lately = Q(state__in=CompetitionState.decided, decisions__at__gt=now - AFTERWARDS)
    rows = Competition.objects.filter(undecided | lately).distinct().select_related("hromada")
    return rows.order_by("pk").iterator(chunk_size=CHUNK)


def _holds(rule: RiskRule, today: date) -> bool:
    return rule.valid_from <= today and (rule.valid_to is None or today < rule.valid_to)


def _write(
    field: str, things: Mapping[int, Any], found: Found, rules: Mapping[str, RiskRule], now: datetime
) -> Counter[str]:
    """Compare what was found with the open cards of these contracts or competitions, and write the difference."""
    open_ = RiskCard.objects.filter(**{f"{field}__in": things}, state=RiskState.OPEN)
    cards = {(card.rule_id, getattr(card, f"{field}_id")): card for card in open_.select_related("rule")}
    by_key = {rule.pk: rule for rule in rules.values()}
    made: Counter[str] = Counter()
    for place, data in found.items():
        card = cards.pop(place, None)
        rule, thing = by_key[place[0]], things[place[1]]
        if card is None:
            _open(RiskCard(rule=rule, **{field: thing}, data=data), now)
            made["found"] += 1
        elif card.data != data or card.parameters != rule.parameters:
            setattr(card, field, thing)
            _change(card, data, rule, now)
            made["changed"] += 1
    for card in _unfound(cards.values(), field, things):
        _go(card, now)
        made["gone"] += 1
    return made


def _unfound(cards: Iterable[RiskCard], field: str, things: Mapping[int, Any]) -> Iterator[RiskCard]:
    for card in cards:
        setattr(card, field, things[getattr(card, f"{field}_id")])
        yield card


@transaction.atomic
def _open(card: RiskCard, now: datetime) -> None:
    card.parameters, card.found_at, card.changed_at = card.rule.parameters, now, now
    card.save()
    _record(card, "open", now)


@transaction.atomic
def _change(card: RiskCard, data: Data, rule: RiskRule, now: datetime) -> None:
    card.data, card.parameters, card.changed_at = data, rule.parameters, now
    card.save(update_fields=["data", "parameters", "changed_at"])
    _record(card, "change", now)


@transaction.atomic
def _go(card: RiskCard, now: datetime) -> None:
    card.state = RISK.step("go", state=card.state).target
    card.gone_at = now
    card.save(update_fields=["state", "gone_at"])
    _record(card, "go", now)


def _record(card: RiskCard, step: str, now: datetime) -> None:
    payload = {"rule": card.rule.slug, "data": audit.digest_of(card.data)}
    if card.contract is not None:
        steps.record(card, step, actor=CLOCK, now=now, contract=card.contract, payload=payload, clause="")
    elif card.competition is not None:
        record_of_competition(card, card.competition, step, actor=CLOCK, now=now, payload=payload)
