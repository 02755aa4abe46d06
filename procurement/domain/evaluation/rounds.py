"""A round of evaluation from one stage to the next: each step has its guards, the commission's quorum among them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.kernel.workflow import StepRefused
from procurement import ranking, rules
from procurement.domain.calls.steps import lock_competition, official_of, require_reason
from procurement.domain.evaluation.quorum import quorum_of, require_quorate_sitting
from procurement.domain.evaluation.records import record
from procurement.domain.evaluation.steps import lock_round, move, policy_of, rubric_of
from procurement.enums import (
    AdmissionState,
    CommissionState,
    CompetitionState,
    DefenceState,
    ProposalState,
    RecusalState,
    RoundState,
    SheetState,
)
from procurement.evaluation_notifications import note_evaluation
from procurement.models import (
    Admission,
    AdmissionCheck,
    Attendance,
    CommissionMember,
    Competition,
    CompetitionCommission,
    EvaluationRound,
    ScoreSheet,
)
from procurement.queries.rounds import last_round
from procurement.workflow import ROUND, SHEET
from registry.domain.providers import CLOCK, Actor

if TYPE_CHECKING:
    from portal.accounts.models import User

BEGIN: Final = "begin"
# of an admission, what the next round keeps
_DECIDED: Final = ("state", "ground", "reason", "decided_at", "decided_by")


@transaction.atomic
def begin_round(*, competition_id: int, user: User, now: datetime, reason: str = "") -> EvaluationRound:
    """Begin the first round of an opened competition that has a commission; a later one only after an upheld appeal.

    A later one has its reason. Creates the admissions of all opened proposals, pending, or as the last round had them.
    """
    competition = lock_competition(competition_id)
    actor = official_at_work(competition, user)
    commission, last = _require_may_begin(competition)
    number = (competition.rounds.aggregate(last=Max("number"))["last"] or 0) + 1
    begun = EvaluationRound.objects.create(
        competition=competition,
        commission=commission,
        number=number,
        began_at=now,
        began_by=user,
        reason=require_reason(reason) if last else reason.strip(),
    )
    count = _admissions(begun, last)
    payload = {"round": number, "proposals": count}
    record(begun, BEGIN, actor=actor, now=now, competition=competition, payload=payload, comment=begun.reason)
    note_evaluation(competition=competition, about=begun, step=BEGIN, now=now)
    return begun


@transaction.atomic
def begin_admission(*, round_id: int, user: User, now: datetime) -> EvaluationRound:
    """Go on to admission: everybody able has declared, or is recorded absent at a sitting; those here make a quorum."""
    held = lock_round(round_id)
    actor = official_at_work(held.competition, user)
    ROUND.step("check", state=held.state)
    able, declared = able_members(held), _declared(held)
    silent = [one for one in able if one.pk not in declared and one.pk not in _absent(held)]
    if silent:
        raise StepRefused(
            _("Not everybody has declared yet: %(names)s. Whoever does not come is recorded absent at a sitting.")
            % {"names": ", ".join(one.name for one in silent)}
        )
    _require_quorum(held, len([one for one in able if one.pk in declared]))
    return _go(held, "check", actor, now, payload={"declared": len(declared), "able": len(able)})


@transaction.atomic
def begin_scoring(*, round_id: int, user: User, now: datetime) -> EvaluationRound:
    """Go on to scoring: no admission pending or waiting, at least one admitted, a sitting with a quorum.

    The rubric has no gaps (`procurement.ranking.gaps_of`). Creates the empty sheets of all able members.
    A recusal that nobody has decided yet is decided first: who scores must be known.
    """
    held = lock_round(round_id)
    actor = official_at_work(held.competition, user)
    ROUND.step("score", state=held.state)
    states = list(held.admissions.values_list("state", flat=True))
    _require_admitted(states)
    _require_rubric(held)
    _require_recusals_decided(held)
    require_quorate_sitting(held)
    sheets = [ScoreSheet(round=held, member=one, began_at=now, saved_at=now) for one in able_members(held)]
    ScoreSheet.objects.bulk_create(sheets)
    held.scoring_since = now
    payload = {"admitted": states.count(AdmissionState.ADMITTED), "proposals": len(states), "sheets": len(sheets)}
    return _go(held, "score", actor, now, payload=payload, fields=["scoring_since"])


@transaction.atomic
def begin_discussion(*, round_id: int, user: User, now: datetime) -> EvaluationRound:
    """Go on to the discussion: filed sheets make a quorum, defences (where the policy has them) are all recorded.

    Sheets of the others lapse, named in the minutes.
    """
    held = lock_round(round_id)
    actor = official_at_work(held.competition, user)
    ROUND.step("discuss", state=held.state)
    _require_recusals_decided(held)
    _require_defences(held)
    able = {one.pk for one in able_members(held)}
    sheets = list(held.sheets.select_for_update(of=("self",)).filter(member__in=able))
    filed = [one for one in sheets if one.state == SheetState.FILED]
    _require_quorum(held, len(filed))
    for sheet in sheets:
        if sheet.state == SheetState.DRAFT:
            move(sheet, "lapse", flow=SHEET, actor=actor, now=now, competition=held.competition)
    held.discussed_at = now
    payload = {"filed": len(filed), "lapsed": len(sheets) - len(filed)}
    return _go(held, "discuss", actor, now, payload=payload, fields=["discussed_at"])


def official_at_work(competition: Competition, user: User) -> Actor:
    """Return the official as who moves an evaluation; raises `PermissionDenied`, for who is kept away too."""
    actor = official_of(competition, user)
    if rules.is_kept_away(user, competition):
        raise PermissionDenied
    return actor


@transaction.atomic
def end_round(*, round_id: int, now: datetime, actor: Actor = CLOCK) -> None:
    """End the running round with its cancelled competition; called by the step `cancel`, with who cancels."""
    held = lock_round(round_id)
    _go(held, "end", actor, now)


def able_members(round_: EvaluationRound) -> list[CommissionMember]:
    """Return the members who may take part now: active, and kept away by no recusal, proposed or confirmed."""
    members = CommissionMember.objects.active().filter(commission=round_.commission_id)
    return list(members.exclude(pk__in=rules.barred_members(round_.competition)).order_by("order", "pk"))


# --- the beginning ---------------------------------------------------------------------------------------------------


def _require_may_begin(competition: Competition) -> tuple[CompetitionCommission, EvaluationRound | None]:
    """Return the commission, and the round before, which an appeal has annulled; raises `StepRefused`."""
    if competition.state != CompetitionState.OPENED:
        raise StepRefused(_("Proposals are evaluated after they are opened."))
    commission = competition.commission
    if commission is None or commission.state != CommissionState.APPOINTED:
        raise StepRefused(_("Give the competition an appointed commission first."))
    last = last_round(competition)
    if last is not None and last.state not in RoundState.undone:
        raise StepRefused(_("A round of evaluation has begun already; another one follows only an upheld appeal."))
    return commission, last


def _admissions(begun: EvaluationRound, last: EvaluationRound | None) -> int:
    """Create the admissions; what the last round decided stands until somebody takes it up again."""
    before = {one.proposal_id: one for one in last.admissions.prefetch_related("checks")} if last else {}
    count = 0
    for key in begun.competition.proposals.filter(state=ProposalState.OPENED).order_by("number").values_list(flat=True):
        known = before.get(key)
        # what waits for an answer was asked in the round that is over, and may be asked anew
        is_decided = known is not None and known.state != AdmissionState.CLARIFYING
        same = {name: getattr(known, name) for name in _DECIDED} if is_decided else {}
        made = Admission.objects.create(round=begun, proposal_id=key, **same)
        checks = known.checks.all() if known else ()
        AdmissionCheck.objects.bulk_create(
            AdmissionCheck(admission=made, code=one.code, result=one.result, note=one.note) for one in checks
        )
        count += 1
    return count


# --- the guards ------------------------------------------------------------------------------------------------------


def _declared(held: EvaluationRound) -> set[int]:
    rows = held.competition.declarations.filter(replaced_at__isnull=True)
    return set(rows.values_list("member", flat=True))


def _absent(held: EvaluationRound) -> set[int]:
    """Return the members whom the last sitting of the round has as absent."""
    last = held.sittings.order_by("-number").first()
    rows = Attendance.objects.filter(sitting=last, is_present=False)
    return set(rows.values_list("member", flat=True)) if last else set()


def _require_quorum(held: EvaluationRound, count: int) -> None:
    quorum = quorum_of(held)
    if not quorum.holds(count):
        there = ngettext("There is %(count)d member.", "There are %(count)d members.", count) % {"count": count}
        raise StepRefused(_("There is no quorum. %(there)s %(rule)s") % {"there": there, "rule": quorum.words})


def _require_admitted(states: Sequence[str]) -> None:
    if {AdmissionState.PENDING, AdmissionState.CLARIFYING} & set(states):
        raise StepRefused(_("Decide first on the admission of every proposal."))
    if AdmissionState.ADMITTED not in states:
        raise StepRefused(_("No proposal is admitted: there is nothing to score, the minutes come next."))


def _require_rubric(held: EvaluationRound) -> None:
    gaps = list(ranking.gaps_of(rubric_of(held.competition)))
    if gaps:
        raise StepRefused(_("The rubric is not complete: %(gaps)s") % {"gaps": "; ".join(str(one) for one in gaps)})


def _require_recusals_decided(held: EvaluationRound) -> None:
    if held.competition.recusals.filter(state=RecusalState.PROPOSED).exists():
        raise StepRefused(_("A recusal waits for a decision. Decide it first: it says who scores."))


def _require_defences(held: EvaluationRound) -> None:
    if not policy_of(held.competition)["has_defence"]:
        return
    recorded = held.defences.exclude(state=DefenceState.SCHEDULED).values("proposal")
    admitted = held.admissions.filter(state=AdmissionState.ADMITTED)
    if admitted.exclude(proposal__in=recorded).exists():
        raise StepRefused(_("Write down first how the defence of every admitted proposal went."))


def _go(
    held: EvaluationRound,
    step: str,
    actor: Actor,
    now: datetime,
    *,
    payload: dict[str, Any] | None = None,
    fields: Sequence[str] = (),
) -> EvaluationRound:
    told = {"round": held.number, **(payload or {})}
    move(held, step, flow=ROUND, actor=actor, now=now, competition=held.competition, payload=told, fields=fields)
    note_evaluation(competition=held.competition, about=held, step=step, now=now)
    return held
