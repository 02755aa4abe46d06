"""Announced competitions: the announcement in force, its versions, questions, and what was decided.

`state` is what is written down; what a competition is at a moment follows from it and the dates, so that an object
changes by decisions and never by the clock.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.urls import reverse
from django.utils import translation

from portal.accounts.letters import absolute
from portal.kernel.visibility import public_view
from portal.site.opendata.objects import competition_fields
from procurement.interfaces.competition_json import CONTENT
from procurement.interfaces.json_values import place_json, written
from procurement.interfaces.result_json import award_json
from procurement.interfaces.result_parts import ShownAppeal, ShownDecision, decision_texts, shown_decisions
from procurement.interfaces.result_reading import names_of
from procurement.interfaces.result_tables import LotTable, lot_tables
from procurement.models import Appeal, Competition
from procurement.queries.applicants import printed_name
from procurement.queries.many import CompetitionParts, public_parts
from procurement.queries.orders_needs import shown

KIND: Final = "competition"
KEY: Final = "number"
FIELDS: Final = competition_fields.FIELDS
_DATES: Final = (
    *("published_at", "opens_at", "questions_until", "closes_at", "hold_until", "opening_at"),
    *("service_from", "service_to", "closed_at", "opened_at", "ended_at"),
)
_VERSION: Final = ("number", "kind", "at", "reason", "digest", "unsettles", "log_seq")
_QUESTION: Final = ("number", "state", "text", "asked_at", "answer_due_on", "answer", "answered_at")
_DECISION: Final = ("number", "outcome", "act_number", "act_on", "act_url", "reason", "digest", "at", "log_seq")
# of the announcement: what has a place of its own in the object stands there alone
_CONTENT: Final = tuple(name for name in CONTENT if name not in ("title", "procedure", "lots"))
_NUMBER_OF_PEOPLE: Final = "recipients"


def keys() -> list[str]:
    return [str(one) for one in Competition.objects.public().order_by("number").values_list("number", flat=True)]


def objects(keys: Sequence[str], *, today: date) -> Iterator[dict[str, Any]]:
    """Yield the announced competitions among these numbers, in the order given."""
    del today
    with translation.override("uk"):
        told = {number: _object(found) for number, found in public_parts(keys).items()}
    return (told[key] for key in keys if key in told)


def _object(found: CompetitionParts) -> dict[str, Any]:
    one = found.competition
    facts = ("number", "state", "title", "procedure", "version", "sequence", "is_demo", "end_reason", *_DATES)
    return {
        **_written("procurement.Competition", one, facts),
        "url": absolute(reverse("procurement:competition", args=[one.number])),
        "hromada": place_json(one.hromada),
        "oblast": place_json(one.hromada.oblast) if one.hromada.oblast else None,
        "commissioner": one.commissioner.organisation.name,
        "commissioner_code": one.commissioner.organisation.code,
        "budget_limit": None if one.budget_limit is None else f"{one.budget_limit:.2f}",
        "end_ground": one.end_ground.text_uk if one.end_ground else "",
        "services": list(dict.fromkeys(slug for lot in found.lots if (slug := lot.get("service_slug")))),
        "lots": [_lot(lot) for lot in found.lots],
        "announcement": {name: found.content[name] for name in _CONTENT if name in found.content},
        "versions": [_version(each) for each in found.versions],
        "questions": [_written("procurement.Question", each, _QUESTION) for each in found.questions],
        "decisions": [_decision(each) for each in reversed(shown_decisions(found.decisions))],
        "applicants": _applicants(found),
        "ranking": [_ranked(table) for table in _tables(found)],
        "appeals": [_appeal(each, found) for each in found.appeals],
    }


def _lot(lot: Mapping[str, Any]) -> dict[str, Any]:
    """Return a lot as it was announced, but for a number of people that is too small to be told."""
    people = shown(lot.get(_NUMBER_OF_PEOPLE))
    return {**lot, _NUMBER_OF_PEOPLE: people.value, f"{_NUMBER_OF_PEOPLE}_hidden": people.hidden.value}


def _version(version: Any) -> dict[str, Any]:
    ground = version.ground.text_uk if version.ground else ""
    return {**_written("procurement.CompetitionVersion", version, _VERSION), "ground": ground}


def _decision(one: ShownDecision) -> dict[str, Any]:
    decision = one.decision
    return {
        **_written("procurement.AwardDecision", decision, _DECISION),
        "ground": decision.ground.text_uk if decision.ground else "",
        "supersedes": decision.supersedes.number if decision.supersedes else None,
        "is_in_force": one.is_in_force,
        "awards": [{**award_json(each), **_winner(each.award)} for each in one.awards],
    }


def _winner(award: Any) -> dict[str, Any]:
    # a person's code is not an EDRPOU and is nowhere public
    return {"applicant_code": award.proposal.organisation.code}


def _applicants(found: CompetitionParts) -> list[dict[str, Any]]:
    """Return who applied, from the signed minutes; nobody before a decision has made it public."""
    if not found.decisions:
        return []
    names = names_of(found.minutes)
    return [{"proposal": number, "applicant": name} for number, name in sorted(names.items())]


def _tables(found: CompetitionParts) -> list[LotTable]:
    if not found.decisions:
        return []
    texts = {name.partition(".")[0]: text for name, text in decision_texts(found.in_force).items()}
    tables = lot_tables(texts, names_of(found.minutes))
    return tables if any(table.lines for table in tables) else []


def _ranked(table: LotTable) -> dict[str, Any]:
    return {
        "lot": table.number,
        "proposals": [
            {
                "place": int(line.place),
                "proposal": line.number,
                "applicant": line.name,
                "total": str(line.total),
                "asked": None if line.asked is None else str(line.asked),
                "outcome": line.outcome,
            }
            for line in table.lines
        ],
    }


def _appeal(appeal: Appeal, found: CompetitionParts) -> dict[str, Any]:
    """Return an appeal: who complains once applicants are public, what is said once it is answered."""
    one = ShownAppeal(appeal, names_applicants=False)
    number = found.numbers.get(appeal.organisation_id)
    return {
        "number": appeal.number,
        "scope": appeal.scope,
        "state": appeal.state,
        "who": printed_name(appeal.organisation, number) if found.decisions else "",
        "decision": appeal.decision.number if appeal.decision else None,
        "stops": appeal.stops,
        "filed_at": written(appeal.filed_at),
        "due_on": written(appeal.due_on),
        "text": one.text,
        "asked": one.asked,
        "ground": appeal.ground.text_uk if appeal.ground else "",
        "remedy": appeal.remedy,
        "answer": appeal.answer,
        "decided_at": written(appeal.decided_at),
        "log_seq": appeal.log_seq,
    }


def _written(label: str, thing: Any, names: Sequence[str]) -> dict[str, Any]:
    """Return those of the fields that everybody may read, as JSON has them."""
    return {name: written(value) for name, value in public_view(label, thing, names).items()}
