"""Minutes: generated from the rows, signed in the portal, then fixed; a PDF with a code."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext as _

from portal.kernel import audit
from portal.kernel.workflow import StepRefused
from procurement import rules
from procurement.domain.calls.steps import official_of, require_reason
from procurement.domain.evaluation.decision_papers import issue_minutes_code
from procurement.domain.evaluation.minutes_content import content_of_minutes
from procurement.domain.evaluation.minutes_gaps import gaps_before_minutes, signing_of
from procurement.domain.evaluation.rankings import freeze_ranking
from procurement.domain.evaluation.records import record
from procurement.domain.evaluation.steps import lock_round, member_actor, member_of, move, require_state
from procurement.enums import MemberRole, MinutesState, RoundState
from procurement.evaluation_notifications import note_evaluation
from procurement.models import CommissionMember, EvaluationRound, Minutes, MinutesSignature
from procurement.workflow import MINUTES, ROUND
from registry.domain.providers import Actor

if TYPE_CHECKING:
    from portal.accounts.models import User

__all__ = [
    "gaps_before_minutes",
    "is_open_to_sign",
    "is_stale",
    "make_minutes",
    "minutes_in_force",
    "sign_minutes",
    "withdraw_minutes",
]

# it is printed with the minutes
LONGEST_OPINION: Final = 20000


def minutes_in_force(round_: EvaluationRound) -> Minutes | None:
    """Return the minutes that are to be signed or are signed; withdrawn ones are in force no more."""
    return round_.minutes.exclude(state=MinutesState.WITHDRAWN).select_related("code").first()


@transaction.atomic
def make_minutes(*, round_id: int, user: User, now: datetime) -> Minutes:
    """Draw up the minutes of a round in discussion, or in admission where nobody was admitted; raises `StepRefused`.

    As an official who runs the competition, or as the chair, deputy or secretary. What they say stands in
    `minutes_content` and `minutes_scores`: who, when, quorum, recusals, admissions, scores with reasons, spreads and
    notes, ranking with the tie path, sensitivity, earlier filed sheets, what is proposed to the commissioner.
    """
    held = lock_round(round_id)
    actor = _drawer(held, user)
    gaps = gaps_before_minutes(held)
    if gaps:
        raise StepRefused(" ".join(gaps))
    if minutes_in_force(held) is not None:
        raise StepRefused(_("The minutes are drawn up already. Withdraw them to draw up others."))
    last = held.minutes.aggregate(last=Max("number"))["last"]
    minutes = _drawn(held, number=(last or 0) + 1, made_at=now, drawn_by=_drawn_by(held, user))
    minutes.made_by = user
    minutes.save()
    payload = {"round": held.number, "number": minutes.number, **_digests(minutes)}
    minutes.log_seq = record(minutes, "make", actor=actor, now=now, competition=held.competition, payload=payload)
    minutes.save(update_fields=["log_seq"])
    note_evaluation(competition=held.competition, about=minutes, step="make", now=now)
    return minutes


@transaction.atomic
def withdraw_minutes(*, minutes_id: int, user: User, reason: str, now: datetime) -> Minutes:
    """Withdraw minutes that are not signed by all needed, to mend them; the signatures stay with the withdrawn ones."""
    held, minutes = _held(minutes_id)
    actor = _drawer(held, user)
    why, payload = require_reason(reason), {"round": held.number, **_digests(minutes)}
    move(
        minutes,
        "withdraw",
        flow=MINUTES,
        actor=actor,
        now=now,
        competition=held.competition,
        comment=why,
        payload=payload,
    )
    note_evaluation(competition=held.competition, about=minutes, step="withdraw", now=now)
    return minutes


@transaction.atomic
def sign_minutes(*, minutes_id: int, user: User, opinion: str, now: datetime) -> MinutesSignature:
    """Sign as an able member who was present, with a separate opinion if there is one.

    With the presiding member, the secretary and as many as the quorum needs the minutes are signed: the round is
    minuted, the code issued. Until the decision the others may still sign. Raises `StepRefused`; `PermissionDenied` for
    who is no member, is recused or has not declared.
    """
    held, minutes = _held(minutes_id)
    member = member_of(held, user)
    if not rules.can_read_opened(user, held.competition):
        raise PermissionDenied
    _require_signable(held, minutes, member)
    told = _opinion(opinion)
    signature = MinutesSignature(minutes=minutes, member=member, at=now, digest=minutes.digest, opinion=told)
    signature.save()
    payload = {"round": held.number, "digest": minutes.digest, "has_opinion": bool(signature.opinion)}
    if signature.opinion:
        payload["opinion_digest"] = audit.digest_of({"minutes": minutes.digest, "opinion": signature.opinion})
    actor = member_actor(member)
    signature.log_seq = record(signature, "sign", actor=actor, now=now, competition=held.competition, payload=payload)
    signature.save(update_fields=["log_seq"])
    if minutes.state == MinutesState.DRAFT and signing_of(held, minutes).is_complete:
        _finish(held, minutes, actor, now)
    return signature


def _opinion(text: str) -> str:
    told = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if len(told) > LONGEST_OPINION:
        raise StepRefused(_("Make it shorter: at most %(count)d characters.") % {"count": LONGEST_OPINION})
    return told


def is_open_to_sign(minutes: Minutes) -> bool:
    """Say whether minutes may be signed: as long as they are to be, and after that until the decision is taken."""
    if minutes.state == MinutesState.SIGNED:
        return minutes.round.state == RoundState.MINUTED
    return minutes.state == MinutesState.DRAFT


def is_stale(minutes: Minutes) -> bool:
    """Say whether the rows say something else by now than the minutes that are to be signed."""
    if minutes.state != MinutesState.DRAFT:
        return False
    told = minutes.content["minutes"]["drawn_by"]
    again = _drawn(minutes.round, number=minutes.number, made_at=minutes.made_at, drawn_by=told)
    return again.digest != minutes.digest


# --- who, and whether ------------------------------------------------------------------------------------------------


def _held(minutes_id: int) -> tuple[EvaluationRound, Minutes]:
    """Return the round and its minutes, both held alone until the transaction ends."""
    held = lock_round(Minutes.objects.values_list("round_id", flat=True).get(pk=minutes_id))
    minutes = Minutes.objects.select_for_update(of=("self",)).get(pk=minutes_id)
    minutes.round = held
    return held, minutes


def _drawer(held: EvaluationRound, user: User) -> Actor:
    """Return who draws up or withdraws as who acts; raises `PermissionDenied`, also for who may not read the bids."""
    if not rules.can_read_opened(user, held.competition):
        raise PermissionDenied
    member = rules.membership(user, held.competition)
    if member is not None and member.role in (*MemberRole.presiding, MemberRole.SECRETARY):
        return member_actor(member)
    return official_of(held.competition, user)


def _require_signable(held: EvaluationRound, minutes: Minutes, member: CommissionMember) -> None:
    if minutes.state == MinutesState.SIGNED:
        require_state(held, RoundState.MINUTED)
    else:
        MINUTES.step("sign", state=minutes.state)
        require_state(held, RoundState.ADMISSION, RoundState.DISCUSSION)
    if minutes.signatures.filter(member=member).exists():
        raise StepRefused(_("You have signed these minutes already."))
    if member.pk not in signing_of(held, minutes).may_sign:
        raise StepRefused(_("Minutes are signed by members who were present at a sitting of this round."))
    if is_stale(minutes):
        raise StepRefused(_("Something has changed since the minutes were drawn up: have them made anew."))


# --- how they are written --------------------------------------------------------------------------------------------


def _drawn(round_: EvaluationRound, *, number: int, made_at: datetime, drawn_by: Mapping[str, str]) -> Minutes:
    """Return the minutes as the rows have them, in the portal's first language; nothing is written."""
    with translation.override(settings.LANGUAGE_CODE):
        frozen = freeze_ranking(round_)
        content = content_of_minutes(round_, frozen, number=number, made_at=made_at, drawn_by=drawn_by)
    return Minutes(
        round=round_,
        number=number,
        content=content,
        inputs={"scores": frozen.scores, "rubric": frozen.rubric},
        inputs_digest=frozen.digest,
        ranking=frozen.ranking,
        sensitivity=content["sensitivity"],
        digest=audit.digest_of(content),
        made_at=made_at,
    )


def _drawn_by(held: EvaluationRound, user: User) -> dict[str, str]:
    """Return who draws the minutes up: a member by name, an official by the office alone."""
    member = rules.membership(user, held.competition)
    return {"role": member.role, "name": member.name} if member else {"role": "official", "name": ""}


def _digests(minutes: Minutes) -> dict[str, str]:
    return {
        "digest": minutes.digest,
        "inputs_digest": minutes.inputs_digest,
        "ranking_digest": minutes.content["digests"]["ranking"],
    }


def _finish(held: EvaluationRound, minutes: Minutes, actor: Actor, now: datetime) -> None:
    """Fix the minutes: signed, with a code; the round waits for the decision."""
    competition = held.competition
    minutes.signed_at, minutes.code = now, issue_minutes_code(competition=competition, minutes=minutes, now=now)
    payload = {"round": held.number, "signatures": minutes.signatures.count(), **_digests(minutes)}
    fields = ("signed_at", "code", "log_seq")
    seq = move(
        minutes, "sign", flow=MINUTES, actor=actor, now=now, competition=competition, payload=payload, fields=fields
    )
    minutes.log_seq = seq
    minutes.save(update_fields=["log_seq"])
    held.minuted_at = now
    move(held, "minute", flow=ROUND, actor=actor, now=now, competition=competition, fields=["minuted_at"])
    note_evaluation(competition=competition, about=minutes, step="sign", now=now)
