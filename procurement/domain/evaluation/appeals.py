"""Appeals: filed by a bidder, decided by somebody who had no part in what they are about, with what follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from portal.accounts import rules as accounts
from portal.accounts.models import Organisation
from portal.kernel import audit
from portal.kernel.calendar import day_of
from portal.kernel.workflow import StepRefused
from procurement import rules
from procurement.domain.calls.steps import ground_of, lock_competition, official_of
from procurement.domain.evaluation import appeal_remedies
from procurement.domain.evaluation.appeal_files import keep_file
from procurement.domain.evaluation.appeal_terms import DECISION, WINDOW, counted
from procurement.domain.evaluation.decided import decision_in_force
from procurement.domain.evaluation.records import record
from procurement.domain.evaluation.steps import move, policy_of
from procurement.domain.proposals.steps import BIDDER
from procurement.domain.wording import required_text
from procurement.enums import AppealRemedy, AppealScope, AppealState, CompetitionState, GroundUse, ProposalState
from procurement.evaluation_notifications import note_evaluation
from procurement.models import Appeal, AwardDecision, Competition
from procurement.workflow import APPEAL
from registry.domain.providers import Actor

if TYPE_CHECKING:
    from django.core.files.base import File

    from portal.accounts.models import User

LONGEST: Final = 8000
# what nobody can complain of before the results are published
_OF_RESULTS: Final = (AppealScope.SCORING, AppealScope.DECISION)


def appeal_window(competition: Competition) -> tuple[date | None, str]:
    """Return until which day an appeal about the results may be filed, and why.

    The term is `appeal-window` of the frozen profile; where it is not set, None and a sentence: none is too late then.
    """
    decision = _published(competition)
    if decision is None:
        return None, _("The results are not published yet.")
    return counted(competition, WINDOW, decision.at)


@transaction.atomic
def file_appeal(
    *,
    competition_id: int,
    organisation_id: int,
    user: User,
    scope: str,
    text: str,
    remedy_asked: str,
    file: File[bytes] | None,
    key: UUID,
    now: datetime,
) -> Appeal:
    """File as who may sign for an organisation with a submitted proposal in the competition; the same key files once.

    Raises `PermissionDenied`, `StepRefused`, `DocumentRefused`.
    """
    competition = lock_competition(competition_id)
    known = Appeal.objects.filter(key=key).first()
    if known is not None:
        return _own(known, competition, user)
    organisation = _complainant(competition, organisation_id, user)
    decision = _published(competition)
    scope = _scope_open(competition, organisation, scope, decision, now)
    due_on, due_words = counted(competition, DECISION, now)
    appeal = Appeal(
        competition=competition,
        number=(competition.appeals.aggregate(last=Max("number"))["last"] or 0) + 1,
        organisation=organisation,
        decision=decision,
        scope=scope,
        text=required_text(text, empty=_("Write what is wrong."), longest=LONGEST),
        remedy_asked=required_text(remedy_asked, empty=_("Write what you ask for."), longest=LONGEST),
        stops=policy_of(competition)["appeal_stops"],
        filed_at=now,
        filed_by=user,
        key=key,
        due_on=due_on,
        due_words=due_words,
    )
    appeal.document = keep_file(file, competition, user, now) if file else None
    appeal.save()
    _write_filing(appeal, now)
    return appeal


@transaction.atomic
def accept(*, appeal_id: int, user: User, now: datetime) -> Appeal:
    """Take a filed appeal into consideration, as an official who may decide it."""
    appeal, actor = _judging(appeal_id, user)
    move(appeal, "accept", flow=APPEAL, actor=actor, now=now, competition=appeal.competition, payload=_about(appeal))
    note_evaluation(competition=appeal.competition, about=appeal, step="accept", now=now)
    return appeal


@transaction.atomic
def leave(*, appeal_id: int, user: User, ground_id: int, answer: str, now: datetime) -> Appeal:
    """Leave without consideration on a typed ground (`GroundUse.LEAVING`)."""
    appeal, actor = _judging(appeal_id, user)
    ground = ground_of(ground_id, GroundUse.LEAVING, appeal.competition, now)
    appeal.ground = ground
    _settle(appeal, "leave", actor, answer, now, ground=ground.slug)
    return appeal


@transaction.atomic
def decide_appeal(*, appeal_id: int, user: User, upheld: bool, remedy: str, answer: str, now: datetime) -> Appeal:
    """Uphold or dismiss, as an official whom `rules.can_decide_appeal` lets.

    Upheld with `AppealRemedy.ANEW` it annuls the round, reopens the competition and begins the next round; with
    `CORRECT` the next `decisions.decide` is expected. One that is dismissed has no remedy. Raises `StepRefused`.
    """
    appeal, actor = _judging(appeal_id, user)
    appeal.remedy = appeal_remedies.require_remedy(appeal.competition, remedy) if upheld else ""
    _settle(appeal, "uphold" if upheld else "dismiss", actor, answer, now, remedy=appeal.remedy)
    if appeal.remedy == AppealRemedy.ANEW:
        appeal_remedies.evaluate_anew(appeal, actor, now)
    return appeal


@transaction.atomic
def withdraw(*, appeal_id: int, user: User, now: datetime) -> Appeal:
    """Take an appeal back before it is decided, as who may sign for the organisation that filed it."""
    appeal = _held(appeal_id)
    if not accounts.can_sign_for(user, appeal.organisation):
        raise PermissionDenied
    appeal.decided_at = now
    actor = Actor(user, BIDDER)
    move(
        appeal,
        "withdraw",
        flow=APPEAL,
        actor=actor,
        now=now,
        competition=appeal.competition,
        payload=_about(appeal),
        fields=["decided_at"],
    )
    note_evaluation(competition=appeal.competition, about=appeal, step="withdraw", now=now)
    return appeal


def stopping(competition: Competition) -> Appeal | None:
    """Return an open appeal that stops the award, if there is one."""
    return competition.appeals.filter(state__in=AppealState.open, stops=True).order_by("number").first()


def to_be_corrected(decision: AwardDecision) -> Appeal | None:
    """Return the upheld appeal that asks for another decision in place of this one."""
    upheld = Appeal.objects.filter(competition=decision.competition_id, state=AppealState.UPHELD)
    return upheld.filter(remedy=AppealRemedy.CORRECT, decided_at__gte=decision.at).order_by("number").first()


def _published(competition: Competition) -> AwardDecision | None:
    """Return the decision that stands; while a competition is evaluated anew there is none to complain of."""
    return decision_in_force(competition) if competition.state in CompetitionState.decided else None


def _own(known: Appeal, competition: Competition, user: User) -> Appeal:
    if known.filed_by_id != user.pk or known.competition_id != competition.pk:
        raise StepRefused(_("File your appeal anew."))
    return known


def _complainant(competition: Competition, organisation_id: int, user: User) -> Organisation:
    organisation = Organisation.objects.get(pk=organisation_id)
    if not accounts.can_sign_for(user, organisation):
        raise PermissionDenied
    if competition.state not in CompetitionState.readable:
        # an appeal would tell who has submitted
        raise StepRefused(_("Appeals are taken from the opening on. Until then ask a question about the announcement."))
    if not competition.proposals.filter(organisation=organisation, state=ProposalState.OPENED).exists():
        raise StepRefused(_("Only who has submitted a proposal in this competition may appeal."))
    return organisation


def _scope_open(
    competition: Competition, organisation: Organisation, scope: str, decision: AwardDecision | None, now: datetime
) -> str:
    if scope not in AppealScope.values:
        raise StepRefused(_("Choose what the appeal is about."))
    if scope in _OF_RESULTS and decision is None:
        raise StepRefused(_("The results are not published yet: there is nothing of this kind to complain of."))
    until, _why = appeal_window(competition)
    if until is not None and day_of(now) > until:
        raise StepRefused(_("The term for appeals has passed."))
    if competition.appeals.filter(organisation=organisation, scope=scope, state__in=AppealState.open).exists():
        raise StepRefused(_("Your appeal about this is not decided yet. Withdraw it to file another one."))
    return scope


def _write_filing(appeal: Appeal, now: datetime) -> None:
    """Write down that it was filed: the log has a digest of what it says, and everybody concerned is told."""
    digest = audit.digest_of({"text": appeal.text, "asked": appeal.remedy_asked})
    appeal.log_seq = record(
        appeal,
        "file",
        actor=Actor(appeal.filed_by, BIDDER),
        now=now,
        competition=appeal.competition,
        payload={**_about(appeal), "stops": appeal.stops, "digest": digest},
    )
    appeal.save(update_fields=["log_seq"])
    note_evaluation(competition=appeal.competition, about=appeal, step="file", now=now)


def _held(appeal_id: int) -> Appeal:
    competition = lock_competition(Appeal.objects.values_list("competition_id", flat=True).get(pk=appeal_id))
    rows = Appeal.objects.select_for_update(of=("self",)).select_related("organisation", "decision")
    appeal = rows.get(pk=appeal_id)
    appeal.competition = competition
    return appeal


def _judging(appeal_id: int, user: User) -> tuple[Appeal, Actor]:
    """Return the held appeal and the official; who had a part in what it is about is told so."""
    appeal = _held(appeal_id)
    actor = official_of(appeal.competition, user)
    if not rules.can_decide_appeal(user, appeal):
        raise StepRefused(_("You had a part in what the appeal is about. Another official decides it."))
    return appeal, actor


def _about(appeal: Appeal) -> Mapping[str, Any]:
    """Return what the public log has of an appeal: its number and what it is about, never whose it is."""
    return {"number": appeal.number, "scope": appeal.scope}


def _settle(appeal: Appeal, step: str, actor: Actor, answer: str, now: datetime, **payload: str) -> None:
    appeal.answer = required_text(
        answer, empty=_("Write the decision on the appeal with its reasons: it is published."), longest=LONGEST
    )
    appeal.decided_at, appeal.decided_by = now, actor.user
    seq = move(
        appeal,
        step,
        flow=APPEAL,
        actor=actor,
        now=now,
        competition=appeal.competition,
        comment=appeal.answer,
        payload={**_about(appeal), **payload, "digest": audit.digest_of({"answer": appeal.answer})},
        fields=["ground", "remedy", "answer", "decided_at", "decided_by"],
    )
    appeal.log_seq = seq
    appeal.save(update_fields=["log_seq"])
    note_evaluation(competition=appeal.competition, about=appeal, step=step, now=now)
