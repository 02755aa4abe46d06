"""The letters about a competition, in the language in force: to the people of bidders and to officials.

No letter says anything of a proposal, and none to an official says who submitted or how many did.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.accounts.letters import Action, Letter, absolute
from portal.kernel.models.reference import in_language
from portal.kernel.norms import DAY_FORMAT, MOMENT_FORMAT
from procurement.enums import Moment, ProposalState, QuestionState
from procurement.models import Award, AwardDecision, Competition, CompetitionVersion, Proposal, Question
from procurement.queries.applicants import printed_name
from procurement.queries.moves import Move, dates_of, moves_of
from registry.mistake_letters import unlinked

Fact = tuple[str, str]

# --- to the people of bidders --------------------------------------------------------------------------------------


def changed(proposal: Proposal, version: CompetitionVersion) -> Letter:
    """Say that the announcement changed; whoever must confirm again reads it first, and until when."""
    words = names(version.competition)
    until = {"until": moment(version.competition.closes_at)}
    paragraphs = [_("The announcement of the competition “%(title)s” has changed.") % words]
    if proposal.state == ProposalState.UNCONFIRMED:
        paragraphs.append(
            _("Your proposal counts only if you confirm it again before %(until)s: as it is, or with changes.") % until
        )
    elif proposal.state == ProposalState.SUBMITTED:
        paragraphs.append(_("Your proposal stays submitted. See whether you want to change it."))
    else:
        paragraphs.append(_("Read the changes before you submit. Proposals are accepted until %(until)s.") % until)
    must = proposal.state == ProposalState.UNCONFIRMED
    subject = _("Confirm your proposal again: competition № %(number)s has changed")
    return Letter(
        (subject if must else _("Competition № %(number)s has changed")) % words,
        (*paragraphs, *reasons(version)),
        proposal_action(proposal, _("Look and confirm") if must else ""),
        facts=move_facts(version),
        links=(page_link(version.competition),),
    )


def extended(proposal: Proposal, version: CompetitionVersion) -> Letter:
    words = names(version.competition)
    after = {
        ProposalState.SUBMITTED: _("Your proposal stays submitted. You may replace or withdraw it until then."),
        ProposalState.UNCONFIRMED: _("Your proposal still waits for your confirmation."),
    }.get(ProposalState(proposal.state), _("You have more time to finish your proposal."))
    return Letter(
        _("Competition № %(number)s is extended") % words,
        (_("Dates of the competition “%(title)s” have moved.") % words, *reasons(version), after),
        proposal_action(proposal),
        facts=move_facts(version) or closing_facts(version),
        links=(page_link(version.competition),),
    )


def cancelled(competition: Competition) -> Letter:
    text = _("The competition “%(title)s” is cancelled. Proposals are not opened.")
    if competition.opened_at is not None:
        text = _("The competition “%(title)s” is cancelled.")
    return _ended(competition, _("Competition № %(number)s is cancelled"), text)


def void(competition: Competition) -> Letter:
    return _ended(
        competition,
        _("Competition № %(number)s is not held"),
        _("The competition “%(title)s” is not held."),
    )


def _ended(competition: Competition, subject: str, text: str) -> Letter:
    words = names(competition)
    return Letter(
        subject % words,
        (text % words, *end_reasons(competition)),
        page_link(competition),
        facts=base_facts(competition),
    )


def opened(competition: Competition) -> Letter:
    words = {**names(competition), "at": moment(competition.opened_at)}
    return Letter(
        _("Competition № %(number)s: proposals are opened") % words,
        (_("The proposals in the competition “%(title)s” were opened on %(at)s. They are evaluated now.") % words,),
        page_link(competition),
        facts=base_facts(competition),
    )


def answered(question: Question) -> Letter:
    words = {**names(question.competition), "question": question.number}
    declined = question.state == QuestionState.DECLINED
    subject = _("Competition № %(number)s: question %(question)s is not answered")
    return Letter(
        (subject if declined else _("Competition № %(number)s: question %(question)s is answered")) % words,
        (
            _("Question: %(text)s") % {"text": unlinked(question.text)},
            (_("Why there is no answer: %(text)s") if declined else _("Answer: %(text)s")) % {"text": question.answer},
            _("Questions and answers are public and belong to the announcement."),
        ),
        page_link(question.competition),
        facts=base_facts(question.competition),
    )


# --- to officials --------------------------------------------------------------------------------------------------


def asked(question: Question, *, again: bool = False) -> Letter:
    """Bring a question to those who answer it, or say once more that it waits."""
    words = {**names(question.competition), "question": question.number}
    due = question.answer_due_on
    subject = _("Competition № %(number)s: question %(question)s waits for an answer")
    return Letter(
        (subject if again else _("Competition № %(number)s: a new question")) % words,
        (_("A question is asked about the competition “%(title)s”:") % words, unlinked(question.text)),
        desk_action(question.competition, _("Answer the question")),
        (_("The question is public. Until it is answered it may hold the end of accepting proposals."),),
        facts=(
            *base_facts(question.competition),
            (_("Answer due by"), day(due) if due else _("the term is not set in the reference table")),
        ),
    )


def closed(competition: Competition) -> Letter:
    words = names(competition)
    return Letter(
        _("Competition № %(number)s is closed") % words,
        (
            _("Accepting proposals in the competition “%(title)s” has ended.") % words,
            _("What was submitted stays sealed until the opening. Till then nobody sees who submitted."),
        ),
        desk_action(competition),
        facts=(*base_facts(competition), *_opening_fact(competition)),
    )


def opening_due(competition: Competition) -> Letter:
    words = names(competition)
    return Letter(
        _("Competition № %(number)s: proposals are to be opened") % words,
        (
            _("The time to open the proposals in the competition “%(title)s” has come.") % words,
            _("The opening is recorded with everybody who is present."),
        ),
        desk_action(competition, _("Go to the opening")),
        facts=(*base_facts(competition), *_opening_fact(competition)),
    )


def _opening_fact(competition: Competition) -> tuple[Fact, ...]:
    known = moment(competition.opening_at) if competition.opening_at else _("not set")
    return ((str(capfirst(Moment.OPENING_AT.label)), known),)


# --- pieces --------------------------------------------------------------------------------------------------------


def names(competition: Competition) -> dict[str, str]:
    return {"number": competition.number or "", "title": competition.title}


def base_facts(competition: Competition) -> tuple[Fact, ...]:
    return (
        (_("Competition"), competition.title),
        (_("Number"), competition.number or ""),
        (_("Commissioner"), str(competition.commissioner)),
    )


def service_names(content: Mapping[str, Any]) -> list[str]:
    """Return what a published announcement orders, each service once, in the language in force."""
    named = (
        in_language(str(lot.get("service") or ""), str(lot.get("service_en") or "")) or str(lot.get("title") or "")
        for lot in content.get("lots", ())
    )
    return [name for name in dict.fromkeys(named) if name]


def closing_facts(version: CompetitionVersion) -> tuple[Fact, ...]:
    closes = dates_of(version.content).get(Moment.CLOSES_AT)
    return ((str(capfirst(Moment.CLOSES_AT.label)), written(closes)),) if closes else ()


def move_facts(version: CompetitionVersion) -> tuple[Fact, ...]:
    """Return each moved date with where it stood before."""
    return moves_in_words(moves_of(version))


def moves_in_words(moves: Iterable[Move]) -> tuple[Fact, ...]:
    told = []
    for move in moves:
        values = {"now": written(move.after), "before": written(move.before)}
        words = _("%(now)s (was: %(before)s)") % values if move.before else values["now"]
        told.append((str(capfirst(move.point.label)), words if move.after else _("no date any more")))
    return tuple(told)


def reasons(version: CompetitionVersion) -> tuple[str, ...]:
    told = [_("Ground: %(ground)s") % {"ground": version.ground.text}] if version.ground else []
    return (*told, *((_("Reason: %(reason)s") % {"reason": version.reason},) if version.reason else ()))


def end_reasons(competition: Competition) -> tuple[str, ...]:
    ground = competition.end_ground
    told = [_("Ground: %(ground)s") % {"ground": ground.text}] if ground else []
    return (*told, _("Reason: %(reason)s") % {"reason": competition.end_reason})


def decision_lines(decision: AwardDecision) -> tuple[str, ...]:
    """Say the outcome of a decision: the winners with their lots, or the ground of a decision without one."""
    order = _("Order No. %(number)s of %(day)s.") % {"number": decision.act_number, "day": day(decision.act_on)}
    told = [
        _("Lot %(lot)s, place %(place)s: %(name)s")
        % {"lot": award.lot.number, "place": award.place, "name": _applicant(award)}
        for award in decision.awards.all()
    ]
    if decision.supersedes_id is not None:
        told.insert(0, _("This decision takes the place of an earlier one."))
    ground = [_("Ground: %(ground)s") % {"ground": decision.ground.text}] if decision.ground else []
    reason = [_("Reason: %(reason)s") % {"reason": decision.reason}] if decision.reason else []
    return (*(told or [_("Nobody has won.")]), *ground, *reason, order)


def _applicant(award: Award) -> str:
    return printed_name(award.proposal.organisation, award.proposal.number)


def results_link(competition: Competition) -> Action:
    return Action(_("Look at the results"), absolute(reverse("procurement:results", args=[competition.number])))


def page_link(competition: Competition) -> Action:
    return Action(_("Look at the competition"), absolute(reverse("procurement:competition", args=[competition.number])))


def proposal_action(proposal: Proposal, label: str = "") -> Action:
    return Action(label or _("Open the proposal"), absolute(reverse("proposals:proposal", args=[proposal.pk])))


def desk_action(competition: Competition, label: str = "") -> Action:
    address = reverse("commissioning:call", args=[competition.pk])
    return Action(label or _("Open the competition"), absolute(address))


def written(value: date | datetime | None) -> str:
    if value is None:
        return ""
    return moment(value) if isinstance(value, datetime) else day(value)


def day(value: date) -> str:
    return date_format(value, DAY_FORMAT)


def moment(value: datetime | None) -> str:
    return date_format(timezone.localtime(value), MOMENT_FORMAT) if value else ""
