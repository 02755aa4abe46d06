"""Score sheets: each member alone, by the frozen rubric; nothing of others before all own is filed."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.kernel import audit
from portal.kernel.workflow import StepRefused
from procurement import rules
from procurement.domain.calls.steps import official_of
from procurement.domain.evaluation.score_cells import KeptScores, keep_cells, missing_cells, scores_record
from procurement.domain.evaluation.steps import (
    lock_round,
    member_actor,
    member_of,
    move,
    policy_of,
    require_state,
    rubric_of,
)
from procurement.enums import MemberRole, MinutesState, RoundState, SheetState
from procurement.evaluation_notifications import note_evaluation
from procurement.models import CommissionMember, ConsensusNote, EvaluationRound, ScoreSheet
from procurement.queries.scoring import Cell, items_of
from procurement.workflow import ACT, SHEET
from registry.domain.providers import Actor

if TYPE_CHECKING:
    from portal.accounts.models import User

# who files a sheet, where the log must not tell the chair from the others
UNNAMED: Final = f"commission-{MemberRole.MEMBER.value}"


@transaction.atomic
def keep_scores(
    *, sheet_id: int, user: User, version: int, cells: Mapping[Cell, Mapping[str, Any]], now: datetime
) -> KeptScores:
    """Keep a draft: `{cell: {"points": "3"|""|"na", "reason": text}}`, each cell by itself.

    A cell that says what it cannot is left as it was and named with the reason; one that another window wrote since
    `version` comes back as a conflict; all others are saved. Raises `StepRefused`, `PermissionDenied`.
    """
    sheet, _member = _own_draft(sheet_id, user)
    return keep_cells(sheet, version, cells, now)


def save_scores(
    *, sheet_id: int, user: User, version: int, cells: Mapping[Cell, Mapping[str, str]], now: datetime
) -> ScoreSheet:
    """Keep a draft as `keep_scores` does; what could not be kept is refused afterwards, the rest is saved by then."""
    kept = keep_scores(sheet_id=sheet_id, user=user, version=version, cells=cells, now=now)
    told = [f"{cell}: {reason}" for cell, reason in kept.refused.items()]
    told += [f"{one.path}: {_('changed in another window')}" for one in kept.conflicts]
    if told:
        raise StepRefused("; ".join(told))
    return kept.sheet


@transaction.atomic
def file_sheet(*, sheet_id: int, user: User, version: int, now: datetime) -> ScoreSheet:
    """File all own scores at once: every admitted proposal, lot and criterion has points, or none with a reason.

    The log gets the digest of the scores with a salt of their own: few points would be guessed from a bare one.
    """
    sheet, member = _own_draft(sheet_id, user)
    if sheet.version != version:
        raise StepRefused(_("The sheet has changed in another window. Look it over once more and file it again."))
    if missing := len(missing_cells(sheet)):
        words = ngettext("%(count)d score is still to be given.", "%(count)d scores are still to be given.", missing)
        raise StepRefused(words % {"count": missing})
    sheet.salt, sheet.filed_at = secrets.token_hex(32), now
    record = scores_record(sheet)
    sheet.digest = audit.digest_of(record)
    payload = {"round": sheet.round.number, "digest": sheet.digest, "scores": len(record["scores"])}
    fields = ("filed_at", "digest", "salt")
    _step(sheet, "file", member_actor(member), now, payload=payload, fields=fields)
    return sheet


@transaction.atomic
def return_sheet(*, sheet_id: int, user: User, reason: str, now: datetime) -> ScoreSheet:
    """Give a filed sheet back in the discussion, as the official or the chair; what was filed stays in `earlier`."""
    held, sheet = _held_sheet(sheet_id)
    actor = _presiding(_require_discussed(held, user), user)
    if sheet.state == SheetState.FILED:
        assert sheet.filed_at is not None
        filed = {"filed_at": sheet.filed_at.isoformat(), "digest": sheet.digest, "salt": sheet.salt}
        scores = scores_record(sheet)["scores"]
        sheet.earlier = [*sheet.earlier, {**filed, "reason": reason.strip(), "scores": scores}]
    returned, sheet.filed_at, sheet.digest, sheet.salt = sheet.digest, None, "", ""
    sheet.version += 1
    payload = {"round": held.number, "digest": returned}
    fields = ("earlier", "filed_at", "digest", "salt", "version")
    _step(sheet, "return", actor, now, comment=reason, payload=payload, fields=fields)
    return sheet


@transaction.atomic
def put_note(
    *, round_id: int, lot: int, proposal: int, criterion: str, text: str, user: User, now: datetime
) -> ConsensusNote:
    """Write or change what the commission says about scores that lie far apart (members and the official)."""
    held = _require_discussed(lock_round(round_id), user)
    if not text.strip():
        raise StepRefused(_("Write what the commission says about these scores."))
    found = [one for one in items_of(held) if (one.lot.number, one.proposal.number) == (lot, proposal)]
    codes = {one["code"] for one in rubric_of(held.competition).get("criteria", ())}
    if not found or criterion not in codes:
        raise StepRefused(_("This proposal is not scored by such a criterion."))
    member = rules.membership(user, held.competition)
    actor = member_actor(member) if member else official_of(held.competition, user)
    note, _created = ConsensusNote.objects.update_or_create(
        round=held,
        lot=found[0].lot,
        proposal=found[0].proposal,
        criterion=criterion,
        defaults={"text": text.strip(), "at": now, "by": user},
    )
    audit.append(
        tag="procurement:consensusnote:put",
        subject=f"procurement.competition:{held.competition.number}",
        payload={"id": str(note.pk), "round": held.number, "lot": lot, "proposal": proposal, "criterion": criterion},
        actor_role=actor.role,
        at=now,
        clause=ACT,
    )
    return note


# --- who, and when ---------------------------------------------------------------------------------------------------


def _held_sheet(sheet_id: int) -> tuple[EvaluationRound, ScoreSheet]:
    """Return the round and the sheet, both held alone until the transaction ends."""
    held = lock_round(ScoreSheet.objects.values_list("round_id", flat=True).get(pk=sheet_id))
    sheet = ScoreSheet.objects.select_for_update(of=("self",)).select_related("member").get(pk=sheet_id)
    sheet.round = held
    return held, sheet


def _own_draft(sheet_id: int, user: User) -> tuple[ScoreSheet, CommissionMember]:
    """Return the person's own sheet while it may be written in; raises `StepRefused`, `PermissionDenied`."""
    held, sheet = _held_sheet(sheet_id)
    member = member_of(held, user)
    if sheet.member_id != member.pk or not rules.can_read_opened(user, held.competition):
        raise PermissionDenied
    require_state(held, RoundState.SCORING, RoundState.DISCUSSION)
    if sheet.state == SheetState.FILED:
        raise StepRefused(_("The sheet is filed: nothing in it changes any more."))
    if sheet.state == SheetState.LAPSED:
        raise StepRefused(_("The scoring ended before the sheet was filed."))
    return sheet, member


def _require_discussed(held: EvaluationRound, user: User) -> EvaluationRound:
    """Return the round in discussion, before its minutes, for who sees the scores; others are refused."""
    if not rules.can_see_scores(user, held):
        raise PermissionDenied
    require_state(held, RoundState.DISCUSSION)
    if held.minutes.exclude(state=MinutesState.WITHDRAWN).exists():
        raise StepRefused(_("The minutes are drawn up. Withdraw them first."))
    return held


def _presiding(held: EvaluationRound, user: User) -> Actor:
    """Return the chair or the deputy, or else the official, as who acts; raises `PermissionDenied`."""
    member = rules.membership(user, held.competition)
    if member is not None and member.role in MemberRole.presiding:
        return member_actor(member)
    return official_of(held.competition, user)


def _step(sheet: ScoreSheet, step: str, actor: Actor, now: datetime, **more: Any) -> None:
    """Write a step of the sheet with its log entry, and tell of it.

    Where the policy does not name members, neither the role nor the key of the row tells whose points those are.
    """
    competition = sheet.round.competition
    if not policy_of(competition)["names_members"]:
        more["payload"] = {**more["payload"], "id": more["payload"]["digest"]}
        actor = Actor(actor.user, UNNAMED) if step == "file" else actor
    sheet.log_seq = move(sheet, step, flow=SHEET, actor=actor, now=now, competition=competition, **more)
    sheet.save(update_fields=["log_seq"])
    note_evaluation(competition=competition, about=sheet, step=step, now=now)
