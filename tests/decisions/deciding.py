"""Rounds brought to minutes and decisions, for the tests of both."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from portal.kernel.calendar import day_of
from procurement.domain.evaluation.decisions import decide
from procurement.domain.evaluation.minutes import make_minutes, sign_minutes
from procurement.enums import AdmissionState, RecusalState, RoundState
from procurement.models import Appeal, AwardDecision, EvaluationRound, Minutes, Recusal
from tests.factories.evaluation import make_round
from tests.factories.rule_profiles import make_ground

REASON = "Переможець відмовився укладати договір."


def discussed(**values: Any) -> EvaluationRound:
    """Return a round in discussion; without `points` the first proposal has a point more than the others."""
    return make_round(state=RoundState.DISCUSSION, **values)


def after(round_: EvaluationRound, days: int = 2, **more: Any) -> datetime:
    return round_.began_at + timedelta(days=days, **more)


def official_of(round_: EvaluationRound) -> Any:
    return round_.competition.created_by


def make(round_: EvaluationRound) -> Minutes:
    return make_minutes(round_id=round_.pk, user=official_of(round_), now=after(round_))


def sign(minutes: Minutes, *places: int, opinion: str = "") -> None:
    """Let the members at these places of the act sign; everybody where none is named."""
    members = list(minutes.round.commission.members.order_by("order"))
    for place in places or range(len(members)):
        sign_minutes(
            minutes_id=minutes.pk, user=members[place].user, opinion=opinion, now=after(minutes.round, hours=1 + place)
        )
    minutes.refresh_from_db()
    minutes.round.refresh_from_db()


def minuted(round_: EvaluationRound | None = None, **values: Any) -> EvaluationRound:
    """Return a round with signed minutes."""
    found = round_ or discussed(**values)
    sign(make(found))
    found.refresh_from_db()
    return found


def nobody_admitted(**values: Any) -> EvaluationRound:
    """Return a round in admission in which every proposal was refused."""
    found = make_round(state=RoundState.ADMISSION, **values)
    ground = make_ground("rejection")
    found.admissions.update(
        state=AdmissionState.REJECTED,
        ground=ground,
        reason="Немає довідки про відсутність боргу.",
        decided_at=after(found, 1),
        decided_by=official_of(found),
    )
    return found


def order(round_: EvaluationRound, *, days: int = 3, **values: Any) -> AwardDecision:
    now = after(round_, days)
    told = {"act_number": "118", "act_on": day_of(now), "user": official_of(round_), **values}
    made = decide(competition_id=round_.competition_id, now=now, **told)
    round_.refresh_from_db()
    round_.competition.refresh_from_db()
    return made


def recuse(round_: EvaluationRound, place: int, state: str = RecusalState.CONFIRMED) -> Recusal:
    """Recuse the member at this place of the act, as if long ago."""
    decided = {} if state == RecusalState.PROPOSED else {"decided_at": after(round_, 1), "reason": "Працює в учасника."}
    return Recusal.objects.create(
        competition=round_.competition,
        member=round_.commission.members.order_by("order")[place],
        organisation=round_.competition.proposals.first().organisation,
        source="declared",
        state=state,
        ground="employer",
        evidence=[{"kind": "code", "words": "Таємна підстава 30456789"}],
        proposed_at=round_.began_at,
        **decided,
    )


def stop(round_: EvaluationRound) -> Appeal:
    """File an appeal that stops the decision."""
    proposal = round_.competition.proposals.first()
    return Appeal.objects.create(
        competition=round_.competition,
        number=1,
        organisation=proposal.organisation,
        scope="admission",
        text="Не згодні.",
        remedy_asked="Переглянути.",
        stops=True,
        filed_at=after(round_),
        filed_by=proposal.created_by,
        key=uuid4(),
    )
