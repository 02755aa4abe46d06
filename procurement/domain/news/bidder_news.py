"""Who is told what of clarifications, admissions, defences, decisions, awards and appeals."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from portal.accounts.letters import Letter
from portal.accounts.models import User
from portal.kernel.calendar import day_of
from procurement import appeal_letters, commission_letters, evaluation_letters
from procurement.domain.evaluation.appeals import appeal_window
from procurement.domain.evaluation.ranked import ranked
from procurement.enums import AppealRemedy, AppealState, AwardState
from procurement.models import Admission, Appeal, Award, AwardDecision, Clarification, Defence, Proposal
from procurement.queries.evaluation_readers import applicants_told, members_told, officials_told
from procurement.queries.readers import people_of_all

Told = Iterator[tuple[Iterable[User], Letter | None]]


def _applicant(proposal: Proposal, at: datetime) -> list[User]:
    return people_of_all([proposal.organisation_id], day_of(at)).get(proposal.organisation_id, [])


# --- bidders ---------------------------------------------------------------------------------------------------------


def clarify(row: Clarification, at: datetime) -> Told:
    yield _applicant(row.admission.proposal, at), evaluation_letters.clarification_asked(row)


def clarify_again(row: Clarification, at: datetime) -> Told:
    yield _applicant(row.admission.proposal, at), evaluation_letters.clarification_asked(row, again=True)


def clarified(row: Clarification, at: datetime) -> Told:
    yield _applicant(row.admission.proposal, at), evaluation_letters.clarification_received(row)
    yield officials_told(row.admission.proposal.competition), commission_letters.clarification_came(row)


def not_clarified(row: Clarification, at: datetime) -> Told:
    yield _applicant(row.admission.proposal, at), evaluation_letters.clarification_lapsed(row)
    yield officials_told(row.admission.proposal.competition), commission_letters.clarification_did_not_come(row)


def admission_decided(row: Admission, at: datetime) -> Told:
    yield _applicant(row.proposal, at), evaluation_letters.admission_decided(row)


def admission_reconsidered(row: Admission, at: datetime) -> Told:
    yield _applicant(row.proposal, at), evaluation_letters.admission_reconsidered(row)


def defence_appointed(row: Defence, at: datetime) -> Told:
    yield _applicant(row.proposal, at), evaluation_letters.defence_appointed(row)
    yield [one.user for one in members_told(row.round) if one.user is not None], commission_letters.defence(row)


def decided(decision: AwardDecision, at: datetime) -> Told:
    rows, until = ranked(decision.ranking), appeal_window(decision.competition)
    awards: dict[object, list[Award]] = {}
    for award in decision.awards.select_related("lot"):
        awards.setdefault(award.proposal_id, []).append(award)
    for proposal, people in applicants_told(decision.competition, day_of(at)):
        own = evaluation_letters.own_results(decision, proposal, rows)
        yield people, evaluation_letters.decided(decision, proposal, own, awards.get(proposal.pk, ()), until)


def award_answered(award: Award, at: datetime) -> Told:
    yield _applicant(award.proposal, at), appeal_letters.award_answered(award)
    if award.state != AwardState.LAPSED:
        yield officials_told(award.decision.competition), appeal_letters.award_answer_came(award)


def award_waits(award: Award, at: datetime) -> Told:
    yield _applicant(award.proposal, at), appeal_letters.award_waits(award)


# --- appeals ---------------------------------------------------------------------------------------------------------


def _complainant(appeal: Appeal, at: datetime, write: Callable[[Appeal, Proposal], Letter]) -> Told:
    proposal = appeal.competition.proposals.filter(organisation=appeal.organisation_id).first()
    if proposal is not None:
        yield _applicant(proposal, at), write(appeal, proposal)


def _winners(appeal: Appeal, at: datetime, letter: Letter) -> Told:
    standing = Award.objects.filter(decision__competition=appeal.competition_id, state=AwardState.OFFERED)
    others = standing.exclude(proposal__organisation=appeal.organisation_id)
    owners = set(others.values_list("proposal__organisation", flat=True))
    for people in people_of_all(owners, day_of(at)).values():
        yield people, letter


def appeal_filed(appeal: Appeal, at: datetime) -> Told:
    yield from _complainant(appeal, at, appeal_letters.appeal_received)
    yield officials_told(appeal.competition), appeal_letters.appeal_to_decide(appeal)
    if appeal.stops:
        yield from _winners(appeal, at, appeal_letters.award_stopped(appeal))


def appeal_waits(appeal: Appeal, _at: datetime) -> Told:
    if appeal.state in AppealState.open:
        yield officials_told(appeal.competition), appeal_letters.appeal_to_decide(appeal, again=True)


def appeal_considered(appeal: Appeal, at: datetime) -> Told:
    yield from _complainant(appeal, at, appeal_letters.appeal_considered)


def appeal_decided(appeal: Appeal, at: datetime) -> Told:
    yield from _complainant(appeal, at, appeal_letters.appeal_decided)
    if appeal.remedy == AppealRemedy.CORRECT:
        yield officials_told(appeal.competition), appeal_letters.decision_to_correct(appeal)
    elif appeal.stops:
        yield from _winners(appeal, at, appeal_letters.award_not_stopped(appeal))


def appeal_withdrawn(appeal: Appeal, at: datetime) -> Told:
    yield officials_told(appeal.competition), appeal_letters.appeal_withdrawn(appeal)
    if appeal.stops:
        yield from _winners(appeal, at, appeal_letters.award_not_stopped(appeal))
