"""The sections `bids` and `awards`, from signed minutes and decisions, as soon as a decision was published.

What an award was at a moment follows from moments alone: given by the decision, accepted or failed when the winner
answered, cancelled when another decision took its place or the evaluation began anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts.letters import absolute
from procurement.enums import AdmissionState, AwardOutcome, AwardState, CheckResult, RoundState
from procurement.interfaces.moments import read_money, read_point
from procurement.models import Award, AwardDecision, Competition, Contract

from . import parties
from .called import lots_in, statistic
from .criteria import admission_id
from .events import Event
from .reading import Minuted, Process, decisions_of
from .values import Json, document, moment, money, pruned

_STATUS = {AdmissionState.ADMITTED: "valid", AdmissionState.REJECTED: "disqualified"}


def decided(process: Process, competition: Competition) -> Iterator[Event]:
    """Yield each decision with all that became public by it, and what became of its awards."""
    decisions = decisions_of(process)
    later = {one.supersedes_id: one.at for one in decisions if one.supersedes_id}
    for decision in decisions:
        yield _decision(process, competition, decision)
        yield from _answers(decision)
        over_at = _over(competition, decision, later.get(decision.pk))
        standing = [one for one in decision.awards.all() if not _failed(one)]
        if over_at is not None and standing:
            told = [{"id": award_id(one), "status": "cancelled"} for one in standing]
            yield Event(over_at, ("awardCancellation",), {"awards": told})


def award_id(award: Award) -> str:
    """Return the identifier of an award: decision, lot, proposal."""
    return f"{award.decision.number}-{award.lot.number}-{_proposal(award)}"


def award_of(process: Process, contract: Contract, at: datetime) -> str:
    """Return the award that a contract follows at a moment: a decision in place of another gives the same lot anew.

    A contract of another channel has an award that is made of the contract itself.
    """
    if contract.award is None:
        return str(contract.number)
    same = (contract.award.lot_id, contract.award.proposal_id)
    told = (award for one in decisions_of(process) if one.at <= at for award in one.awards.all())
    given = [award for award in told if (award.lot_id, award.proposal_id) == same]
    return award_id(given[-1] if given else contract.award)


def _proposal(award: Award) -> int:
    return award.proposal.number or 0


def _failed(award: Award) -> bool:
    return award.state in AwardState.failed


def _over(competition: Competition, decision: AwardDecision, superseded_at: datetime | None) -> datetime | None:
    """Return when the decision went out of force: superseded, annulled by an appeal, or ended with the competition."""
    undone = decision.round.state == RoundState.ANNULLED
    anew = [step.at for step in competition.steps.all() if undone and step.at >= decision.at]
    return min((at for at in (superseded_at, competition.ended_at, *anew) if at is not None), default=None)


def _answers(decision: AwardDecision) -> Iterator[Event]:
    for one in decision.awards.all():
        if one.answered_at is None or one.answered_at <= decision.at:
            continue
        status, tag = ("cancelled", "awardCancellation") if _failed(one) else ("active", "awardUpdate")
        told = pruned({"id": award_id(one), "status": status, "description": one.reason if _failed(one) else ""})
        yield Event(one.answered_at, (tag,), {"awards": [told]})


# --- the decision ----------------------------------------------------------------------------------------------------


def _decision(process: Process, competition: Competition, decision: AwardDecision) -> Event:
    event = Event(decision.at, ("award",), {})
    awards = list(decision.awards.all())
    won = decision.outcome == AwardOutcome.AWARD
    given = {one.lot.number for one in awards}
    ends = dict.fromkeys(given, "complete")
    minuted = process.minutes.get(decision.minutes_id, Minuted([], []))
    details = [_bid(process, minuted, row, event) for row in minuted.proposals]
    told = {
        "tender": {
            "id": competition.number,
            "status": "complete" if won else "unsuccessful",
            "lots": lots_in(competition, "unsuccessful", ends),
            **pruned(
                {
                    "numberOfTenderers": len(details) or None,
                    "tenderers": list({one["id"]: one for bid in details for one in bid["tenderers"]}.values()),
                }
            ),
        },
        "bids": _bids(decision, minuted, details),
        "awards": [
            *(_award(process, one, event) for one in awards),
            *(_nobody(decision, lot.number, lot.title) for lot in competition.lots.all() if lot.number not in given),
        ],
    }
    event.told = pruned(told)
    return event


def _bids(decision: AwardDecision, minuted: Minuted, details: list[Json]) -> Json:
    admitted = sum(row["state"] == AdmissionState.ADMITTED for row in minuted.admissions)
    return pruned({"statistics": [statistic("validBids", admitted, decision.at)], "details": details})


def _bid(process: Process, minuted: Minuted, row: dict[str, Any], event: Event) -> Json:
    number = int(row["number"])
    admission = next((one for one in minuted.admissions if one["proposal"] == number), None)
    proposal = process.proposals.get(number)
    who = (
        parties.applicant(proposal, process.number)
        if proposal is not None
        else parties.partner(str(row["applicant"]), process.number, number, 0)
    )
    together = [
        parties.partner(str(name), process.number, number, place)
        for place, name in enumerate(row.get("partners") or (), 1)
    ]
    asked = [sum_ for text in (row.get("asked") or {}).values() if (sum_ := read_money(text)) is not None]
    return pruned(
        {
            "id": str(number),
            "date": moment(read_point(row.get("submitted_at"))),
            "status": _STATUS.get(admission["state"], "pending") if admission else "pending",
            "tenderers": [event.take("tenderer", one) for one in (who, *together)],
            "value": money(sum(asked, Decimal(0))) if asked else None,
            "relatedLots": [str(lot) for lot in row.get("lots") or ()],
            "requirementResponses": _responses(number, admission),
        }
    )


def _responses(number: int, admission: dict[str, Any] | None) -> list[Json]:
    """Return how each condition of admission was judged; one that was unclear has no answer."""
    answers = {CheckResult.MET: True, CheckResult.NOT_MET: False}
    return [
        pruned(
            {
                "id": f"{number}-{admission_id(check['code'])}",
                "value": answers[check["result"]],
                "description": check.get("note"),
                "requirement": {"id": admission_id(check["code"])},
            }
        )
        for check in (admission or {}).get("checks") or ()
        if check.get("result") in answers
    ]


def _award(process: Process, award: Award, event: Event) -> Json:
    answered = award.answered_at is not None and award.answered_at <= award.decision.at
    return pruned(
        {
            "id": award_id(award),
            "title": award.lot.title,
            "status": "active" if answered else "pending",
            "date": moment(award.decision.at),
            "value": money(award.amount),
            "suppliers": [event.take("supplier", parties.applicant(award.proposal, process.number))],
            "relatedLots": [str(award.lot.number)],
            "relatedBid": str(_proposal(award)),
            "documents": _documents(process.number, award.decision),
        }
    )


def _nobody(decision: AwardDecision, lot: int, title: str) -> Json:
    """Return that a lot has no winner by this decision."""
    return pruned(
        {
            "id": f"{decision.number}-{lot}",
            "title": title,
            "status": "unsuccessful",
            "date": moment(decision.at),
            "description": decision.reason,
            "relatedLots": [str(lot)],
        }
    )


def _documents(competition: str, decision: AwardDecision) -> list[Json]:
    key = [competition, decision.number]
    act = {"number": decision.act_number, "day": decision.act_on.strftime("%d.%m.%Y")}
    title = _("Order № %(number)s of %(day)s on the winners") % act
    page, paper = (absolute(reverse(f"procurement:{name}", args=key)) for name in ("decision_results", "decision_pdf"))
    files = (
        (name, absolute(reverse("procurement:decision_file", args=[*key, name])))
        for name in ("scores.csv", "rubric.json", "ranking.csv")
    )
    at = decision.at
    own = [document("order", "awardNotice", title, decision.act_url, decision.act_on)] if decision.act_url else []
    return [
        document("results", "awardNotice", _("Results of the competition"), page, at, format="text/html"),
        document("decision", "awardNotice", title, paper, at, format="application/pdf"),
        *own,
        *(
            document(
                name,
                "evaluationReports",
                name,
                url,
                at,
                format="application/json" if name.endswith("json") else "text/csv",
            )
            for name, url in files
        ),
    ]
