"""What is missing before minutes, and who has yet to sign them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.kernel.workflow import StepRefused
from procurement.domain.evaluation.quorum import quorum_of, require_quorate_sitting
from procurement.domain.evaluation.ranked import lots_undecided, ranked
from procurement.domain.evaluation.rankings import freeze_ranking
from procurement.domain.evaluation.rounds import able_members
from procurement.domain.evaluation.spreads import spreads_of
from procurement.enums import AdmissionState, MemberRole, RecusalState, RoundState, SheetState
from procurement.models import Attendance, CommissionMember, EvaluationRound, Minutes


@dataclass(frozen=True, slots=True)
class Signing:
    """Who may sign minutes (keys of members), who must, who has; the rest may."""

    may_sign: frozenset[int]
    signed: frozenset[int]
    presiding: frozenset[int]
    secretaries: frozenset[int]
    needed: int

    @property
    def is_complete(self) -> bool:
        """Say whether one who presided, a secretary if one was there, and as many as the quorum needs have signed."""
        counted = self.signed & self.may_sign
        has_presiding = bool(counted & self.presiding)
        has_secretary = not self.secretaries or bool(counted & self.secretaries)
        return has_presiding and has_secretary and len(counted) >= self.needed


def signing_of(round_: EvaluationRound, minutes: Minutes | None) -> Signing:
    """Return who may sign: able members present at a sitting of the round; presiding and secretary: at the last one."""
    able = {one.pk: one for one in able_members(round_)}
    came = Attendance.objects.filter(sitting__round=round_, is_present=True, member__in=list(able))
    rows = list(came.values_list("member", "sitting__number"))
    last = round_.sittings.order_by("-number").values_list("number", flat=True).first()
    there = [able[member] for member, number in rows if number == last]
    signed = minutes.signatures.values_list("member", flat=True) if minutes else ()
    return Signing(
        may_sign=frozenset(member for member, _number in rows),
        signed=frozenset(signed),
        presiding=frozenset(one.pk for one in _presiding(there)),
        secretaries=frozenset(one.pk for one in there if one.role == MemberRole.SECRETARY),
        needed=quorum_of(round_).needed,
    )


def _presiding(there: list[CommissionMember]) -> list[CommissionMember]:
    """Return the chair, or the deputies where the chair was not there."""
    chairs = [one for one in there if one.role == MemberRole.CHAIR]
    return chairs or [one for one in there if one.role == MemberRole.DEPUTY]


def gaps_before_minutes(round_: EvaluationRound) -> list[str]:
    """Return in sentences all that is missing at once: quorum, consensus notes, undecided ties, returned sheets."""
    if round_.state == RoundState.ADMISSION:
        stage = list(_admission_gaps(round_))
    elif round_.state == RoundState.DISCUSSION:
        stage = [*_sheet_gaps(round_), *_note_gaps(round_), *_tie_gaps(round_)]
    else:
        return [_("Minutes are drawn up in the discussion of scores, or where no proposal was admitted.")]
    return [*_sitting_gaps(round_), *stage]


def _sitting_gaps(round_: EvaluationRound) -> Iterator[str]:
    try:
        require_quorate_sitting(round_)
    except StepRefused as refusal:
        yield str(refusal.reason)
    else:
        if not signing_of(round_, None).presiding:
            yield _("Nobody presided: at the last sitting neither the chair nor a deputy was present.")
    waiting = round_.competition.recusals.filter(state=RecusalState.PROPOSED).select_related("member")
    for name in sorted({one.member.name for one in waiting}):
        yield _("The recusal of %(name)s waits for a decision.") % {"name": name}


def _admission_gaps(round_: EvaluationRound) -> Iterator[str]:
    states = list(round_.admissions.values_list("state", flat=True))
    waiting = sum(state in (AdmissionState.PENDING, AdmissionState.CLARIFYING) for state in states)
    if waiting:
        text = ngettext(
            "The admission of %(count)d proposal is not decided.",
            "The admission of %(count)d proposals is not decided.",
            waiting,
        )
        yield text % {"count": waiting}
    elif AdmissionState.ADMITTED in states:
        yield _("Proposals are admitted: the minutes come after scoring and discussion.")


def _sheet_gaps(round_: EvaluationRound) -> Iterator[str]:
    able = [one.pk for one in able_members(round_)]
    sheets = list(round_.sheets.filter(member__in=able).select_related("member").order_by("member__order", "pk"))
    for sheet in sheets:
        if sheet.state == SheetState.DRAFT:
            yield _("The sheet of %(name)s was returned and is not filed again.") % {"name": sheet.member.name}
    filed = sum(sheet.state == SheetState.FILED for sheet in sheets)
    quorum = quorum_of(round_)
    if filed < quorum.needed:
        text = ngettext("Only %(count)d sheet counts.", "Only %(count)d sheets count.", filed) % {"count": filed}
        yield _("%(count)s That is no quorum: %(rule)s") % {"count": text, "rule": quorum.words}


def _note_gaps(round_: EvaluationRound) -> Iterator[str]:
    rows = round_.notes.values_list("lot__number", "proposal__number", "criterion")
    noted = set(rows)
    for one in spreads_of(round_):
        if one.needs_note and (one.lot, one.proposal, one.criterion) not in noted:
            words = {"proposal": one.proposal, "lot": one.lot, "criterion": one.name}
            yield (
                _("Scores lie far apart: lot %(lot)d, proposal %(proposal)d, “%(criterion)s”. Write a consensus note.")
                % words
            )


def _tie_gaps(round_: EvaluationRound) -> Iterator[str]:
    for lot in lots_undecided(ranked(freeze_ranking(round_).ranking)):
        yield _("Proposals are still equal in lot %(lot)d: record the casting vote or a drawing.") % {"lot": lot}
