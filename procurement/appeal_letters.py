"""The letters about awards and appeals: to winners, to who complains, to the officials who decide.

An appeal's own words stand in no letter; the decision on it does, since it is published.
"""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts.letters import Action, Letter, absolute
from procurement.enums import AppealRemedy, AppealState, AwardState
from procurement.evaluation_letters import award_facts, own_facts
from procurement.letters import Fact, base_facts, day, moment, names, page_link
from procurement.models import Appeal, Award, Competition, Proposal
from registry.mistake_letters import unlinked


def _desk(competition: Competition, page: str, label: str, *more: object) -> Action:
    return Action(label, absolute(reverse(f"commissioning:{page}", args=[competition.pk, *more])))


def _own(proposal: Proposal, page: str, label: str) -> Action:
    return Action(label, absolute(reverse(f"proposals:{page}", args=[proposal.pk])))


# --- awards ----------------------------------------------------------------------------------------------------------


def award_answered(award: Award) -> Letter:
    """Confirm to the winner's people what they have answered, or tell that the award has lapsed."""
    competition = award.decision.competition
    words = {**names(competition), "lot": award.lot.number}
    until = competition.contract_on
    contract = _("The announcement names no day by which the contract is to be concluded.")
    if until:
        contract = _("The contract is to be concluded by %(day)s.") % {"day": day(until)}
    subject, text = {
        AwardState.ACCEPTED: (_("Competition № %(number)s: you have accepted the award"), contract),
        AwardState.REFUSED: (
            _("Competition № %(number)s: you have refused the award"),
            _("The commissioner decides anew without your proposal in this lot."),
        ),
    }.get(
        AwardState(award.state),
        (
            _("Competition № %(number)s: your award has lapsed"),
            _("The commissioner says that you did not sign the contract in time, and decides anew."),
        ),
    )
    reason = (_("Reason: %(reason)s") % {"reason": award.reason},) if award.reason else ()
    return Letter(
        subject % words,
        (text, *reason),
        _own(award.proposal, "award", _("Look at the award")),
        facts=(*own_facts(award.proposal), *award_facts([award])),
    )


def award_waits(award: Award) -> Letter | None:
    """Remind the winner's people that an award waits for their answer."""
    if award.state != AwardState.OFFERED:
        return None
    return Letter(
        _("Competition № %(number)s: your award still waits for your answer") % names(award.decision.competition),
        (_("Your proposal has won. Say whether you accept."),),
        _own(award.proposal, "award", _("Accept or refuse")),
        facts=(*own_facts(award.proposal), *award_facts([award])),
    )


def award_answer_came(award: Award) -> Letter:
    """Tell the officials that the winner has accepted, or that another decision is needed."""
    competition = award.decision.competition
    words = {**names(competition), "lot": award.lot.number, "name": award.proposal.organisation.name}
    if award.state == AwardState.ACCEPTED:
        return Letter(
            _("Competition № %(number)s: the winner of lot %(lot)s accepts") % words,
            (_("%(name)s accepts the award. The contract is to be concluded.") % words,),
            _desk(competition, "awards", _("Look at the awards")),
            facts=base_facts(competition),
        )
    return Letter(
        _("Competition № %(number)s: the winner of lot %(lot)s refuses") % words,
        (
            _("%(name)s refuses the award. Another decision takes the place of the one in force.") % words,
            _("Reason: %(reason)s") % {"reason": unlinked(award.reason)},
        ),
        _desk(competition, "award", _("Decide anew")),
        facts=base_facts(competition),
    )


# --- appeals ---------------------------------------------------------------------------------------------------------


def _about(appeal: Appeal) -> tuple[Fact, ...]:
    return (
        *base_facts(appeal.competition),
        (_("Appeal"), f"№ {appeal.number}"),
        (_("About"), appeal.get_scope_display()),
    )


def _words(appeal: Appeal) -> dict[str, object]:
    return {**names(appeal.competition), "appeal": appeal.number}


def appeal_received(appeal: Appeal, proposal: Proposal) -> Letter:
    """Confirm to the complainant's people what was filed when, and until when it is to be decided."""
    due = day(appeal.due_on) if appeal.due_on else _("the term is not set in the reference table")
    stops = _("Until it is decided, no award can be accepted and no decision on winners taken.")
    return Letter(
        _("Competition № %(number)s: your appeal № %(appeal)s is received") % _words(appeal),
        (
            _("Your appeal is received. It is decided by an official who had no part in what it is about."),
            *((stops,) if appeal.stops else ()),
            _("Until it is decided you may withdraw it."),
        ),
        _own(proposal, "appeal", _("Look at the appeal")),
        facts=(*_about(appeal), (_("Filed at"), moment(appeal.filed_at)), (_("To be decided by"), due)),
    )


def appeal_considered(appeal: Appeal, proposal: Proposal) -> Letter:
    return Letter(
        _("Competition № %(number)s: your appeal № %(appeal)s is under consideration") % _words(appeal),
        (_("Your appeal is taken into consideration. You are written to when it is decided."),),
        _own(proposal, "appeal", _("Look at the appeal")),
        facts=_about(appeal),
    )


def appeal_decided(appeal: Appeal, proposal: Proposal) -> Letter:
    """Bring the complainant the decision, its reasons and what follows."""
    subject = {
        AppealState.UPHELD: _("Competition № %(number)s: your appeal № %(appeal)s is upheld"),
        AppealState.DISMISSED: _("Competition № %(number)s: your appeal № %(appeal)s is dismissed"),
    }.get(
        AppealState(appeal.state), _("Competition № %(number)s: your appeal № %(appeal)s is left without consideration")
    )
    ground = (_("Ground: %(ground)s") % {"ground": appeal.ground.text},) if appeal.ground else ()
    remedy = AppealRemedy(appeal.remedy).label if appeal.remedy else ""
    return Letter(
        subject % _words(appeal),
        (
            *ground,
            _("Decision on the appeal: %(text)s") % {"text": appeal.answer},
            *((_("What follows: %(remedy)s.") % {"remedy": remedy},) if remedy else ()),
            _("You may also turn to a court. The portal has no part in that."),
        ),
        _own(proposal, "appeal", _("Look at the appeal")),
        facts=(*_about(appeal), (_("Decided at"), moment(appeal.decided_at))),
    )


def award_stopped(appeal: Appeal) -> Letter:
    """Tell winners that an appeal of somebody else stops the award."""
    return Letter(
        _("Competition № %(number)s: an appeal stops the award") % _words(appeal),
        (_("An appeal is filed about this competition. Until it is decided your award can not be accepted."),),
        page_link(appeal.competition),
        facts=_about(appeal),
    )


def award_not_stopped(appeal: Appeal) -> Letter:
    """Tell winners that the appeal is over and the award stands as it was."""
    return Letter(
        _("Competition № %(number)s: the appeal stops the award no more") % _words(appeal),
        (
            _("The appeal is over: %(outcome)s.") % {"outcome": appeal.get_state_display()},
            _("If no other appeal is open, your award stands and waits for your answer as before."),
        ),
        page_link(appeal.competition),
        facts=_about(appeal),
    )


def appeal_to_decide(appeal: Appeal, *, again: bool = False) -> Letter:
    """Bring an appeal to the officials, or remind of one that waits."""
    due = day(appeal.due_on) if appeal.due_on else _("the term is not set in the reference table")
    subject = _("Competition № %(number)s: appeal № %(appeal)s is filed")
    return Letter(
        (_("Competition № %(number)s: appeal № %(appeal)s still waits") if again else subject) % _words(appeal),
        (
            _("%(name)s has filed an appeal.") % {"name": appeal.organisation.name},
            _("Whoever sat in the commission or decided on what it is about cannot decide it."),
            *((_("Until it is decided, no award can be accepted and no decision on winners taken."),) * appeal.stops),
        ),
        _desk(appeal.competition, "appeal", _("Read the appeal"), appeal.number),
        facts=(*_about(appeal), (_("To be decided by"), due)),
    )


def appeal_withdrawn(appeal: Appeal) -> Letter:
    return Letter(
        _("Competition № %(number)s: appeal № %(appeal)s is withdrawn") % _words(appeal),
        (_("%(name)s has withdrawn the appeal. Nothing is left to decide.") % {"name": appeal.organisation.name},),
        _desk(appeal.competition, "appeal", _("Look at the appeal"), appeal.number),
        facts=_about(appeal),
    )


def decision_to_correct(appeal: Appeal) -> Letter:
    """Ask the officials for the decision that an upheld appeal demands."""
    return Letter(
        _("Competition № %(number)s: appeal № %(appeal)s asks for another decision") % _words(appeal),
        (
            _("The appeal is upheld. Another decision takes the place of the one in force."),
            _("Decision on the appeal: %(text)s") % {"text": appeal.answer},
        ),
        _desk(appeal.competition, "award", _("Decide anew")),
        facts=_about(appeal),
    )
