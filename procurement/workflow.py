"""The lawful steps of a decision on the social order, of a competition, a question and a proposal.

Points of decree 450 are not confirmed (domain.md §4), so clauses name the act alone.
"""

from typing import Final

from portal.kernel.workflow import Transition, Workflow
from procurement.enums import CompetitionState, DecisionState, ProposalState, QuestionState

D = DecisionState
C = CompetitionState
Q = QuestionState
P = ProposalState

ACT: Final = "450"
COMMISSION: Final = "procurement.commission"

ORDER_DECISION = Workflow(
    Transition("take", {D.DRAFT}, D.TAKEN, clause=ACT, permission=COMMISSION),
)

COMPETITION = Workflow(
    Transition("publish", {C.DRAFT}, C.PUBLISHED, clause=ACT, permission=COMMISSION),
    Transition("change", {C.PUBLISHED}, C.PUBLISHED, clause=ACT, permission=COMMISSION, comment_required=True),
    Transition("extend", {C.PUBLISHED}, C.PUBLISHED, clause=ACT, permission=COMMISSION, comment_required=True),
    # the clock has closed it; this writes it down
    Transition("close", {C.PUBLISHED}, C.CLOSED, clause=ACT, permission="procurement.run_due"),
    Transition("open", {C.CLOSED}, C.OPENED, clause=ACT, permission="procurement.open_proposals"),
    # nobody came
    Transition("void", {C.CLOSED}, C.VOID, clause=ACT, permission=COMMISSION, comment_required=True),
    Transition(
        "cancel", {C.PUBLISHED, C.CLOSED}, C.CANCELLED, clause=ACT, permission=COMMISSION, comment_required=True
    ),
)

QUESTION = Workflow(
    Transition("answer", {Q.ASKED}, Q.ANSWERED, clause=ACT, permission=COMMISSION, comment_required=True),
    Transition("decline", {Q.ASKED}, Q.DECLINED, clause=ACT, permission=COMMISSION, comment_required=True),
)

SUBMIT: Final = "procurement.submit_proposal"
PROPOSAL = Workflow(
    Transition("submit", {P.DRAFT, P.WITHDRAWN}, P.SUBMITTED, clause=ACT, permission=SUBMIT),
    Transition("replace", {P.SUBMITTED, P.UNCONFIRMED}, P.SUBMITTED, clause=ACT, permission=SUBMIT),
    Transition("confirm", {P.UNCONFIRMED}, P.SUBMITTED, clause=ACT, permission=SUBMIT),
    # the announcement changed after it was submitted
    Transition("unsettle", {P.SUBMITTED}, P.UNCONFIRMED, clause=ACT, permission=COMMISSION),
    Transition("withdraw", {P.SUBMITTED, P.UNCONFIRMED}, P.WITHDRAWN, clause=ACT, permission=SUBMIT),
    Transition("lapse", {P.DRAFT, P.UNCONFIRMED, P.WITHDRAWN}, P.LAPSED, clause=ACT, permission="procurement.run_due"),
    Transition("open", {P.SUBMITTED}, P.OPENED, clause=ACT, permission="procurement.open_proposals"),
)
