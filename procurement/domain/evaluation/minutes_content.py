"""What minutes say, from rows to plain values; page, PDF and digest read it alone.

`Minutes.content` holds

    competition    {number, title, procedure, procedure_en, act, verified, commissioner, hromada, version,
                   version_digest, closed_at, budget_limit, is_demo, lots: [{number, title, ceiling}]}
    round          {number, reason, began_at, scoring_since, discussed_at}
    minutes        {number, made_at, stage, drawn_by: {role, name}}     stage: `admission` where nobody was admitted;
                   an official has no name here
    commission     {title, act_number, act_on, act_body, act_url, members: [{name, position, body, role, since, until,
                   is_recused}]}
    quorum         {appointed, recused, able, needed, words}
    sittings       [{number, at, place, agenda, quorum, attendance: [{name, role, is_present, note}], log_seq}]
    declarations   [{name, has_interest, at, digest, log_seq}]
    recusals       [{name, source, ground, state, proposed_at, decided_at, by, log_seq}]   never about whom, never why
    opening        {at, present, findings, log_seq}
    proposals      [{number, applicant, partners, submitted_at, lots, asked: {lot: sum}}]
    admissions     [{proposal, state, checks, ground, reason, decided_at, clarification}]
    defences       [{proposal, at, place, state, note}]
    and what `minutes_scores` adds: rubric, scores, sheets, tie_breaks, ranking, sensitivity, proposed, digests
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from procurement.domain.calls.announcement import money
from procurement.domain.evaluation.minutes_admissions import admissions_part, defences_part, moment
from procurement.domain.evaluation.minutes_scores import scored_part
from procurement.domain.evaluation.quorum import quorum_of
from procurement.domain.evaluation.rankings import Frozen
from procurement.domain.evaluation.score_rows import asked_of
from procurement.enums import CoApplicantState, ProposalState, RecusalState
from procurement.models import (
    CommissionMember,
    Competition,
    EvaluationRound,
    EvaluationStep,
    Proposal,
)
from procurement.queries.applicants import printed_name


def content_of_minutes(
    round_: EvaluationRound, frozen: Frozen, *, number: int, made_at: datetime, drawn_by: Mapping[str, str]
) -> dict[str, Any]:
    """Write down the whole round as it stands in the rows, in a fixed number of queries however many rows."""
    competition = round_.competition
    members = members_of(round_)
    return {
        "competition": _competition(competition),
        "round": _round(round_),
        "minutes": {"number": number, "made_at": moment(made_at), "stage": round_.state, "drawn_by": dict(drawn_by)},
        "commission": _commission(round_, members),
        "quorum": _quorum(round_),
        "sittings": _sittings(round_),
        "declarations": _declarations(competition, members),
        "recusals": _recusals(competition, members),
        "opening": _opening(competition),
        "proposals": _proposals(competition),
        "admissions": admissions_part(round_),
        "defences": defences_part(round_),
        **scored_part(round_, frozen),
    }


def members_of(round_: EvaluationRound) -> list[CommissionMember]:
    """Return who belonged to the commission at some time of the round, in the order of the act."""
    members = round_.commission.members.order_by("order", "pk")
    return [one for one in members if one.until is None or one.until >= round_.began_at.date()]


# --- the competition and the commission ------------------------------------------------------------------------------


def _competition(competition: Competition) -> dict[str, Any]:
    version = competition.versions.get(number=competition.version)
    policy = version.frozen.get("policy") or {}
    return {
        "number": competition.number,
        "title": competition.title,
        "procedure": policy.get("name", ""),
        "procedure_en": policy.get("name_en", ""),
        "act": policy.get("act", ""),
        "verified": bool(policy.get("verified")),
        "commissioner": competition.commissioner.organisation.name,
        "hromada": competition.hromada.name,
        "version": version.number,
        "version_digest": version.digest,
        "closed_at": moment(competition.closed_at),
        "budget_limit": money(competition.budget_limit),
        "is_demo": competition.is_demo,
        "lots": [
            {"number": one.number, "title": one.title, "ceiling": money(one.ceiling)} for one in competition.lots.all()
        ],
    }


def _round(round_: EvaluationRound) -> dict[str, Any]:
    return {
        "number": round_.number,
        "reason": round_.reason,
        "began_at": moment(round_.began_at),
        "scoring_since": moment(round_.scoring_since),
        "discussed_at": moment(round_.discussed_at),
    }


def _commission(round_: EvaluationRound, members: list[CommissionMember]) -> dict[str, Any]:
    commission = round_.commission
    confirmed = round_.competition.recusals.filter(state=RecusalState.CONFIRMED)
    recused = set(confirmed.values_list("member", flat=True))
    return {
        **{name: getattr(commission, name) for name in ("title", "act_number", "act_body", "act_url")},
        "act_on": commission.act_on.isoformat() if commission.act_on else None,
        "members": [
            {
                **{name: getattr(one, name) for name in ("name", "position", "body", "role")},
                "since": one.since.isoformat(),
                "until": one.until.isoformat() if one.until else None,
                "is_recused": one.pk in recused,
            }
            for one in members
        ],
    }


def _quorum(round_: EvaluationRound) -> dict[str, Any]:
    quorum = quorum_of(round_)
    return {name: getattr(quorum, name) for name in ("appointed", "recused", "able", "needed", "words")}


def _sittings(round_: EvaluationRound) -> list[dict[str, Any]]:
    return [
        {
            "number": sitting.number,
            "at": moment(sitting.at),
            "place": sitting.place,
            "agenda": sitting.agenda,
            "quorum": sitting.quorum,
            "attendance": [
                {
                    "name": one.member.name,
                    "role": one.member.role,
                    "is_present": one.is_present,
                    "note": one.note,
                }
                for one in sitting.attendances.all()
            ],
            "log_seq": sitting.log_seq,
        }
        for sitting in round_.sittings.prefetch_related("attendances__member").order_by("number")
    ]


def _declarations(competition: Competition, members: list[CommissionMember]) -> list[dict[str, Any]]:
    rows = competition.declarations.filter(replaced_at__isnull=True, member__in=members).select_related("member")
    return [
        {
            "name": one.member.name,
            "has_interest": one.has_interest,
            "at": moment(one.at),
            "digest": one.digest,
            "log_seq": one.log_seq,
        }
        for one in rows.order_by("member__order", "member")
    ]


def _recusals(competition: Competition, members: list[CommissionMember]) -> list[dict[str, Any]]:
    """Write down that, when, what kind of tie and how it was decided; the tie itself is nobody's to read."""
    steps = EvaluationStep.objects.filter(competition=competition, thing="recusal").order_by("at", "pk")
    by = dict(steps.filter(step__in=("confirm", "dismiss")).values_list("key", "actor_role"))
    rows = competition.recusals.filter(member__in=members).select_related("member")
    return [
        {
            "name": one.member.name,
            "source": one.source,
            "ground": one.ground,
            "state": one.state,
            "proposed_at": moment(one.proposed_at),
            "decided_at": moment(one.decided_at),
            "by": by.get(str(one.pk), ""),
            "log_seq": one.log_seq,
        }
        for one in rows.order_by("proposed_at", "pk")
    ]


# --- the proposals ---------------------------------------------------------------------------------------------------


def _opening(competition: Competition) -> dict[str, Any] | None:
    opening = getattr(competition, "opening", None)
    if opening is None:
        return None
    return {
        "at": moment(opening.at),
        "present": opening.present,
        "findings": opening.findings,
        "log_seq": opening.log_seq,
    }


def _proposals(competition: Competition) -> list[dict[str, Any]]:
    asked = asked_of(competition)
    rows = competition.proposals.filter(state=ProposalState.OPENED).select_related("organisation")
    rows = rows.prefetch_related("lots__lot", "co_applicants__organisation").defer("content", "draft", "draft_key")
    return [_proposal(one, asked) for one in rows.order_by("number")]


def _proposal(proposal: Proposal, asked: Any) -> dict[str, Any]:
    number = proposal.number or 0
    lots = sorted(one.lot.number for one in proposal.lots.all())
    partners = [one for one in proposal.co_applicants.all() if one.state == CoApplicantState.ACCEPTED]
    sums = {str(lot): asked.get((lot, number)) for lot in lots}
    return {
        "number": number,
        "applicant": printed_name(proposal.organisation, number),
        "partners": [printed_name(one.organisation, number) for one in partners],
        "submitted_at": moment(proposal.submitted_at),
        "lots": lots,
        "asked": {lot: None if value is None else str(value) for lot, value in sums.items()},
        "fault": proposal.fault,
    }
