"""The quorum by the frozen policy, recomputed from who is appointed, recused and present; sittings and attendance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from portal.kernel.workflow import StepRefused
from procurement import rules
from procurement.domain.calls.steps import official_of
from procurement.domain.evaluation.records import record
from procurement.domain.evaluation.steps import lock_round, member_actor, member_of, policy_of, require_state
from procurement.enums import MemberRole, RoundState
from procurement.models import Attendance, CommissionMember, EvaluationRound, InterestDeclaration, Sitting
from registry.domain.providers import Actor

if TYPE_CHECKING:
    from portal.accounts.models import User

# until the minutes are signed
SITTING = (RoundState.DECLARATIONS, RoundState.ADMISSION, RoundState.SCORING, RoundState.DISCUSSION)
KEEPS_RECORDS = frozenset({MemberRole.CHAIR, MemberRole.DEPUTY, MemberRole.SECRETARY})


@dataclass(frozen=True, slots=True)
class Quorum:
    """How many there are: of the appointed, `able` may take part (not recused), `needed` must; `words` say the rule."""

    appointed: int
    recused: int
    able: int
    needed: int
    words: str

    def holds(self, present: int) -> bool:
        return self.needed <= present <= self.able


def quorum_of(round_: EvaluationRound) -> Quorum:
    """Return the quorum now, counted from all who are appointed by the share of the frozen policy.

    Without a share in the data it is not guessed: `needed` is all who are appointed, and `words` say so.
    """
    policy = policy_of(round_.competition)
    members = set(round_.commission.members.active().values_list("pk", flat=True))
    recused = len(members & _barred(round_))
    needed = needed_of(policy, len(members))
    return Quorum(len(members), recused, len(members) - recused, needed, quorum_words(policy, len(members)))


def needed_of(policy: Mapping[str, Any], appointed: int) -> int:
    """Return how many of so many appointed must take part; all of them where the data have no share."""
    share = _share(policy)
    if share is None:
        return appointed
    part = share * appointed
    whole = part.numerator // part.denominator
    if policy.get("quorum_strict"):
        return whole + 1
    return whole if part.denominator == 1 else whole + 1


def quorum_words(policy: Mapping[str, Any], appointed: int) -> str:
    """Say the rule with its numbers and where it is from; a rule that nobody has confirmed is called unverified."""
    counts = {"share": policy.get("quorum_share"), "appointed": appointed, "needed": needed_of(policy, appointed)}
    if _share(policy) is None:
        rule = _("What makes a quorum is not set in the reference table: all %(appointed)d appointed must take part.")
    elif policy.get("quorum_strict"):
        rule = _("Quorum: more than %(share)s of the %(appointed)d appointed, that is at least %(needed)d.")
    else:
        rule = _("Quorum: at least %(share)s of the %(appointed)d appointed, that is %(needed)d.")
    return f"{rule % counts} {rule_source(policy)}"


def rule_source(policy: Mapping[str, Any]) -> str:
    """Say whether a rule of the policy is from its act or a local one that was not found there."""
    if policy.get("verified") and policy.get("act"):
        where = ", ".join(one for one in (policy["act"], policy.get("point")) if one)
        return _("The rule is from the act: %(where)s.") % {"where": where}
    return _("It is a local rule, unverified: the portal has not found it in the text of the act.")


# --- sittings --------------------------------------------------------------------------------------------------------


@transaction.atomic
def record_sitting(
    *, round_id: int, user: User, at: datetime, place: str, agenda: str, present: Mapping[int, bool], now: datetime
) -> Sitting:
    """Record a sitting with who came (member's key → came) and the quorum that they made. Raises `StepRefused`.

    A recused member cannot be present; who is not named was absent. Officials who run the competition record it, or
    chair, deputy and secretary.
    """
    held = require_state(lock_round(round_id), *SITTING)
    actor = _recorder(held, user)
    if at > now or (held.competition.opened_at and at < held.competition.opened_at):
        raise StepRefused(_("A sitting is recorded after it was held, and none was before the opening of proposals."))
    members = list(held.commission.members.active())
    _check_present(held, members, present)
    came = {key for key, is_there in present.items() if is_there}
    sitting = Sitting.objects.create(
        round=held,
        number=held.sittings.count() + 1,
        at=at,
        place=place.strip(),
        agenda=agenda.strip(),
        quorum=_kept(held, len(came)),
        recorded_by=user,
        recorded_at=now,
    )
    Attendance.objects.bulk_create(
        Attendance(sitting=sitting, member=one, is_present=one.pk in came) for one in members
    )
    counts = {key: value for key, value in sitting.quorum.items() if key != "words"}
    sitting.log_seq = record(
        sitting, "record", actor=actor, now=now, competition=held.competition, payload={"round": held.number, **counts}
    )
    sitting.save(update_fields=["log_seq"])
    return sitting


def require_quorate_sitting(round_: EvaluationRound) -> Sitting:
    """Return the last sitting of the round if it has a quorum still with today's recusals.

    Raises `StepRefused` naming the rule.
    """
    quorum = quorum_of(round_)
    sitting = round_.sittings.order_by("-number").first()
    if sitting is None:
        raise StepRefused(_("No sitting is recorded. %(rule)s") % {"rule": quorum.words})
    present = present_now(round_, sitting)
    if not quorum.holds(present):
        raise StepRefused(
            _("There is no quorum: of those who came to sitting %(number)d, %(present)d may take part. %(rule)s")
            % {"number": sitting.number, "present": present, "rule": quorum.words}
        )
    return sitting


def present_now(round_: EvaluationRound, sitting: Sitting) -> int:
    """Count those who came and are neither recused nor out of the commission since."""
    came = sitting.attendances.filter(is_present=True, member__until__isnull=True)
    return len(set(came.values_list("member", flat=True)) - _barred(round_))


def _share(policy: Mapping[str, Any]) -> Fraction | None:
    try:
        return Fraction(policy.get("quorum_share") or "")
    except (ValueError, ZeroDivisionError):
        return None


def _barred(round_: EvaluationRound) -> set[int]:
    return set(rules.barred_members(round_.competition).values_list("pk", flat=True))


def _recorder(held: EvaluationRound, user: User) -> Actor:
    """Return who records: an official, else one who keeps the records of the commission; nobody who is recused."""
    if rules.is_kept_away(user, held.competition):
        raise PermissionDenied
    if rules.can_run_competition(user, held.competition):
        return official_of(held.competition, user)
    member = member_of(held, user)
    if member.role not in KEEPS_RECORDS:
        raise PermissionDenied
    return member_actor(member)


def _check_present(held: EvaluationRound, members: list[CommissionMember], present: Mapping[int, bool]) -> None:
    known = {one.pk: one for one in members}
    if set(present) - set(known):
        raise StepRefused(_("Somebody in the list is not a member of the commission any more. Look at the list again."))
    came = [known[key] for key, is_there in present.items() if is_there]
    barred = _barred(held)
    if gone := [one.name for one in came if one.pk in barred]:
        raise StepRefused(_("A recused member cannot be present: %(names)s.") % {"names": ", ".join(gone)})
    if held.state == RoundState.DECLARATIONS:
        return
    rows = InterestDeclaration.objects.filter(competition=held.competition_id, replaced_at__isnull=True)
    declared = set(rows.values_list("member", flat=True))
    if silent := [one.name for one in came if one.pk not in declared]:
        raise StepRefused(
            _("Nobody takes part before declaring interests, and %(names)s has not declared.")
            % {"names": ", ".join(silent)}
        )


def _kept(held: EvaluationRound, present: int) -> dict[str, Any]:
    """Return the quorum as the sitting keeps it, in the language of the portal's papers."""
    with translation.override(settings.LANGUAGE_CODE):
        quorum = quorum_of(held)
    return {
        "appointed": quorum.appointed,
        "recused": quorum.recused,
        "able": quorum.able,
        "present": present,
        "needed": quorum.needed,
        "words": quorum.words,
        "is_quorate": quorum.holds(present),
    }
