"""The letters of an evaluation to members of the commission and to the officials who run it.

None says what a proposal says or how it was scored, and none to a member names an applicant.
"""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts.letters import Action, Letter, absolute
from procurement.enums import RecusalState
from procurement.letters import Fact, base_facts, day, moment, names, page_link
from procurement.models import (
    Clarification,
    Competition,
    Defence,
    EvaluationRound,
    Minutes,
    Recusal,
    ScoreSheet,
)


def _work(competition: Competition, label: str) -> Action:
    return Action(label, absolute(reverse("commission:competition", args=[competition.pk])))


def _desk(competition: Competition, label: str, page: str = "evaluation") -> Action:
    return Action(label, absolute(reverse(f"commissioning:{page}", args=[competition.pk])))


def _facts(round_: EvaluationRound) -> tuple[Fact, ...]:
    return (*base_facts(round_.competition), (_("Commission"), round_.commission.title))


def _until(competition: Competition) -> tuple[Fact, ...]:
    """Return by when the announcement has the evaluation done, if it says so."""
    on = competition.evaluated_on
    return ((_("Evaluation is to be done by"), day(on)),) if on else ()


# --- to members ------------------------------------------------------------------------------------------------------


def declare(round_: EvaluationRound, *, again: bool = False) -> Letter:
    """Ask a member to declare; nothing of the proposals is readable before."""
    words = names(round_.competition)
    anew = [_("The evaluation begins anew. Reason: %(reason)s") % {"reason": round_.reason}] if round_.reason else []
    subject = _("Competition № %(number)s: declare your interests")
    return Letter(
        (_("Competition № %(number)s still waits for your declaration") if again else subject) % words,
        (
            *anew,
            _("You are a member of the commission that evaluates the competition “%(title)s”.") % words,
            _("Say first whether anything ties you to the applicants. Until then the proposals are closed to you."),
        ),
        _work(round_.competition, _("Look at the applicants and declare")),
        facts=(*_facts(round_), *_until(round_.competition)),
    )


def score(round_: EvaluationRound, *, again: bool = False) -> Letter:
    words = names(round_.competition)
    subject = _("Competition № %(number)s: score the proposals")
    return Letter(
        (_("Competition № %(number)s still waits for your scores") if again else subject) % words,
        (
            _("The admitted proposals of the competition “%(title)s” are ready to be scored.") % words,
            _("You score alone. What others have given you see once you have filed all your own scores."),
        ),
        _work(round_.competition, _("Go to your score sheet")),
        facts=(*_facts(round_), *_until(round_.competition)),
    )


def discuss(round_: EvaluationRound) -> Letter:
    words = names(round_.competition)
    return Letter(
        _("Competition № %(number)s: the scores are discussed") % words,
        (_("Scoring is over. See where the scores of the commission lie far apart and what is to be explained."),),
        _work(round_.competition, _("Look at the scores")),
        facts=_facts(round_),
    )


def anew(round_: EvaluationRound, reason: str) -> Letter:
    return Letter(
        _("Competition № %(number)s: this round of the evaluation is over") % names(round_.competition),
        (
            _("What the commission did in this round has no force any more. It stays readable where it was published."),
            *((_("Reason: %(reason)s") % {"reason": reason},) if reason else ()),
        ),
        page_link(round_.competition),
        facts=_facts(round_),
    )


def recusal(row: Recusal) -> Letter:
    """Tell the member where a recusal stands; neither what was found nor the applicant is named in a letter."""
    words = names(row.competition)
    told = {
        RecusalState.PROPOSED: (
            _("Competition № %(number)s: your recusal is proposed"),
            _("A tie with an applicant was declared or found. Until it is decided the proposals are closed to you."),
        ),
        RecusalState.CONFIRMED: (
            _("Competition № %(number)s: you are recused"),
            _("You take no part in evaluating this competition, and its proposals are closed to you."),
        ),
        RecusalState.DISMISSED: (
            _("Competition № %(number)s: you are not recused"),
            _("Your recusal is not confirmed. You take part in evaluating this competition."),
        ),
    }
    subject, text = told[RecusalState(row.state)]
    reason = (_("Reason: %(reason)s") % {"reason": row.reason},) if row.reason else ()
    action = _work(row.competition, _("Go on")) if row.state == RecusalState.DISMISSED else page_link(row.competition)
    return Letter(subject % words, (text, *reason), action, facts=base_facts(row.competition))


def sheet_returned(sheet: ScoreSheet, reason: str) -> Letter:
    return Letter(
        _("Competition № %(number)s: your score sheet is given back") % names(sheet.round.competition),
        (
            _("Look at your scores once more and file them again. What you had filed stays written down."),
            *((_("Reason: %(reason)s") % {"reason": reason},) if reason else ()),
        ),
        _work(sheet.round.competition, _("Go to your score sheet")),
        facts=_facts(sheet.round),
    )


def sheet_lapsed(sheet: ScoreSheet) -> Letter:
    return Letter(
        _("Competition № %(number)s: scoring is over without your scores") % names(sheet.round.competition),
        (_("You had not filed your score sheet. It does not count, and the minutes say so."),),
        page_link(sheet.round.competition),
        facts=_facts(sheet.round),
    )


def defence(row: Defence) -> Letter:
    """Call a member to a defence; the letter has the number of the proposal and no name."""
    words = {**names(row.round.competition), "proposal": row.proposal.number, "at": moment(row.at)}
    return Letter(
        _("Competition № %(number)s: defence of proposal %(proposal)s on %(at)s") % words,
        (_("An applicant presents the proposal to the commission and answers its questions."),),
        _work(row.round.competition, _("Read the proposal")),
        facts=(*_facts(row.round), (_("Time"), moment(row.at)), (_("Place"), row.place or _("not stated"))),
    )


def sign(minutes: Minutes, *, again: bool = False) -> Letter:
    words = names(minutes.round.competition)
    subject = _("Competition № %(number)s: sign the minutes")
    return Letter(
        (_("Competition № %(number)s: the minutes still wait for your signature") if again else subject) % words,
        (
            _("The minutes of the commission are drawn up. Read them and sign."),
            _("If you do not agree with something, add a separate opinion: it becomes a part of the minutes."),
        ),
        _work(minutes.round.competition, _("Read and sign")),
        facts=(*_facts(minutes.round), *_until(minutes.round.competition)),
    )


def minutes_withdrawn(minutes: Minutes, reason: str) -> Letter:
    return Letter(
        _("Competition № %(number)s: the minutes are withdrawn to be mended") % names(minutes.round.competition),
        (
            _("The minutes you were to sign are withdrawn. You are called once new ones are drawn up."),
            *((_("Reason: %(reason)s") % {"reason": reason},) if reason else ()),
        ),
        page_link(minutes.round.competition),
        facts=_facts(minutes.round),
    )


# --- to officials ----------------------------------------------------------------------------------------------------


def recusal_to_decide(row: Recusal) -> Letter:
    return Letter(
        _("Competition № %(number)s: a recusal is to be decided") % names(row.competition),
        (
            _("The recusal of %(name)s is proposed. Until it is decided the proposals are closed to this member.")
            % {"name": row.member.name},
        ),
        _desk(row.competition, _("Decide"), "recusals"),
        facts=base_facts(row.competition),
    )


def clarification_came(row: Clarification) -> Letter:
    competition = row.admission.proposal.competition
    words = {**names(competition), "proposal": row.admission.proposal.number}
    return Letter(
        _("Competition № %(number)s: proposal %(proposal)s is clarified") % words,
        (_("The applicant has answered. Now the admission of the proposal can be decided."),),
        _desk(competition, _("Go to the admission"), "admissions"),
        facts=base_facts(competition),
    )


def clarification_did_not_come(row: Clarification) -> Letter:
    competition = row.admission.proposal.competition
    words = {**names(competition), "proposal": row.admission.proposal.number}
    return Letter(
        _("Competition № %(number)s: proposal %(proposal)s is not clarified") % words,
        (_("No answer came in time. Decide on the admission by what was submitted."),),
        _desk(competition, _("Go to the admission"), "admissions"),
        facts=base_facts(competition),
    )


def decide(round_: EvaluationRound) -> Letter:
    on = round_.competition.award_on
    return Letter(
        _("Competition № %(number)s: decide on the winners") % names(round_.competition),
        (_("The minutes of the commission are signed. The decision on the winners rests on them."),),
        _desk(round_.competition, _("Go to the decision")),
        facts=(*_facts(round_), *(((_("Decision due by"), day(on)),) if on else ())),
    )
