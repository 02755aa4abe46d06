"""Defence of proposals, where the frozen policy has that stage."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from portal.kernel.workflow import StepRefused
from procurement.domain.evaluation.admission import checker_of
from procurement.domain.evaluation.steps import lock_round, move, policy_of, require_state
from procurement.domain.wording import optional_text, required_text
from procurement.enums import AdmissionState, RoundState
from procurement.evaluation_notifications import note_evaluation
from procurement.models import Defence, EvaluationRound
from procurement.workflow import DEFENCE

if TYPE_CHECKING:
    from portal.accounts.models import User

LONGEST_PLACE: Final = 300
LONGEST_NOTE: Final = 20000
_STAGES: Final = (RoundState.ADMISSION, RoundState.SCORING)


@transaction.atomic
def schedule(*, round_id: int, proposal_id: str | UUID, at: datetime, place: str, user: User, now: datetime) -> Defence:
    """Appoint or move the defence of an admitted proposal; the applicant is told by letter."""
    held = require_state(lock_round(round_id), *_STAGES)
    actor = checker_of(held.competition, user)
    _require_stage(held)
    key = UUID(str(proposal_id))
    if not held.admissions.filter(proposal=key, state=AdmissionState.ADMITTED).exists():
        raise StepRefused(_("Only an admitted proposal is defended."))
    if at <= now:
        raise StepRefused(_("The moment of the defence lies in the future."))
    where = _place(place)
    known = held.defences.select_for_update(of=("self",)).filter(proposal=key).first()
    defence = known or Defence(round=held, proposal_id=key)
    DEFENCE.step("schedule", state=defence.state)
    defence.at, defence.place = at, where
    if known is None:
        defence.save(force_insert=True)
    move(
        defence,
        "schedule",
        flow=DEFENCE,
        actor=actor,
        now=now,
        competition=held.competition,
        fields=["at", "place"],
    )
    note_evaluation(competition=held.competition, about=defence, step="schedule", now=now)
    return defence


@transaction.atomic
def record(*, defence_id: int, held: bool, note: str, user: User, now: datetime) -> Defence:
    """Write down that it was held, with questions and answers, or that nobody came."""
    round_ = lock_round(Defence.objects.values_list("round_id", flat=True).get(pk=defence_id))
    require_state(round_, *_STAGES)
    actor = checker_of(round_.competition, user)
    defence = Defence.objects.select_for_update(of=("self",)).get(pk=defence_id)
    step = "hold" if held else "miss"
    DEFENCE.step(step, state=defence.state)
    if now < defence.at:
        raise StepRefused(_("The moment of the defence has not come yet."))
    told = optional_text(note, longest=LONGEST_NOTE)
    if held and not told:
        raise StepRefused(_("Write down what was asked and answered: it goes into the minutes."))
    defence.note, defence.recorded_at = told, now
    fields = ["note", "recorded_at"]
    move(defence, step, flow=DEFENCE, actor=actor, now=now, competition=round_.competition, fields=fields)
    note_evaluation(competition=round_.competition, about=defence, step=step, now=now)
    return defence


def has_defence(round_: EvaluationRound) -> bool:
    """Say whether the frozen rules of the competition have this stage at all."""
    return bool(policy_of(round_.competition)["has_defence"])


def _require_stage(held: EvaluationRound) -> None:
    if not has_defence(held):
        raise StepRefused(_("The rules of this competition have no defence of proposals."))


def _place(place: str) -> str:
    empty = _("Name the place, or the address of the call.")
    return required_text(" ".join(place.split()), empty=empty, longest=LONGEST_PLACE)
