"""The lawful steps of a decision on the social order, a competition, a question, a proposal, and of an evaluation.

Points of decree 450 are not confirmed (domain.md §4), so clauses name the act alone.
"""

from typing import Final

from portal.kernel.workflow import Transition, Workflow
from procurement.enums import (
    AdmissionState,
    AppealState,
    AwardState,
    ClarificationState,
    CommissionState,
    CompetitionState,
    DecisionState,
    DefenceState,
    MinutesState,
    ProposalState,
    QuestionState,
    RecusalState,
    RoundState,
    SheetState,
)

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
        "cancel",
        {C.PUBLISHED, C.CLOSED, C.OPENED},
        C.CANCELLED,
        clause=ACT,
        permission=COMMISSION,
        comment_required=True,
    ),
    # each by a decision; a later one supersedes the one in force
    Transition("award", {C.OPENED, *C.decided}, C.AWARDED, clause=ACT, permission=COMMISSION),
    Transition("leave", {C.OPENED, *C.decided}, C.UNAWARDED, clause=ACT, permission=COMMISSION),
    # an appeal was upheld: the commission evaluates anew
    Transition("reopen", C.decided, C.OPENED, clause=ACT, permission=COMMISSION, comment_required=True),
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

# --- the commission's work: short machines, tied by guards (features.md D1) ------------------------------------------

EVALUATE: Final = "procurement.evaluate"
CLOCK: Final = "procurement.run_due"
BODY = CommissionState
COMMISSION_FLOW = Workflow(
    Transition("appoint", {BODY.DRAFT}, BODY.APPOINTED, clause=ACT, permission=COMMISSION),
    Transition("dissolve", {BODY.APPOINTED}, BODY.DISSOLVED, clause=ACT, permission=COMMISSION, comment_required=True),
)

R = RecusalState
RECUSAL = Workflow(
    Transition("confirm", {R.PROPOSED}, R.CONFIRMED, clause=ACT, permission=COMMISSION, comment_required=True),
    Transition("dismiss", {R.PROPOSED}, R.DISMISSED, clause=ACT, permission=COMMISSION, comment_required=True),
)

S = RoundState
ROUND = Workflow(
    Transition("check", {S.DECLARATIONS}, S.ADMISSION, clause=ACT, permission=COMMISSION),
    Transition("score", {S.ADMISSION}, S.SCORING, clause=ACT, permission=COMMISSION),
    Transition("discuss", {S.SCORING}, S.DISCUSSION, clause=ACT, permission=COMMISSION),
    # nobody admitted: straight to the minutes
    Transition("minute", {S.ADMISSION, S.DISCUSSION}, S.MINUTED, clause=ACT, permission=EVALUATE),
    Transition("decide", {S.MINUTED}, S.DECIDED, clause=ACT, permission=COMMISSION),
    Transition("annul", {S.DECIDED}, S.ANNULLED, clause=ACT, permission=COMMISSION, comment_required=True),
    Transition("end", S.running, S.ENDED, clause=ACT, permission=COMMISSION),
)

A = AdmissionState
ADMISSION = Workflow(
    Transition("ask", {A.PENDING}, A.CLARIFYING, clause=ACT, permission=COMMISSION),
    Transition("answer", {A.CLARIFYING}, A.PENDING, clause=ACT, permission=SUBMIT),
    Transition("lapse", {A.CLARIFYING}, A.PENDING, clause=ACT, permission=CLOCK),
    Transition("admit", {A.PENDING}, A.ADMITTED, clause=ACT, permission=COMMISSION),
    Transition("reject", {A.PENDING}, A.REJECTED, clause=ACT, permission=COMMISSION, comment_required=True),
    # until scoring begins
    Transition(
        "reconsider", {A.ADMITTED, A.REJECTED}, A.PENDING, clause=ACT, permission=COMMISSION, comment_required=True
    ),
)

L = ClarificationState
CLARIFICATION = Workflow(
    Transition("answer", {L.ASKED}, L.ANSWERED, clause=ACT, permission=SUBMIT),
    Transition("lapse", {L.ASKED}, L.LAPSED, clause=ACT, permission=CLOCK),
)

F = DefenceState
DEFENCE = Workflow(
    # again, when it is moved
    Transition("schedule", {F.SCHEDULED}, F.SCHEDULED, clause=ACT, permission=COMMISSION),
    Transition("hold", {F.SCHEDULED}, F.HELD, clause=ACT, permission=COMMISSION),
    Transition("miss", {F.SCHEDULED}, F.ABSENT, clause=ACT, permission=COMMISSION),
)

H = SheetState
SHEET = Workflow(
    Transition("file", {H.DRAFT}, H.FILED, clause=ACT, permission=EVALUATE),
    # in the discussion; what was filed stays written down
    Transition("return", {H.FILED}, H.DRAFT, clause=ACT, permission=COMMISSION, comment_required=True),
    Transition("lapse", {H.DRAFT}, H.LAPSED, clause=ACT, permission=COMMISSION),
)

M = MinutesState
MINUTES = Workflow(
    Transition("sign", {M.DRAFT}, M.SIGNED, clause=ACT, permission=EVALUATE),
    Transition("withdraw", {M.DRAFT}, M.WITHDRAWN, clause=ACT, permission=COMMISSION),
)

W = AwardState
AWARD = Workflow(
    Transition("accept", {W.OFFERED}, W.ACCEPTED, clause=ACT, permission=SUBMIT),
    Transition("refuse", W.standing, W.REFUSED, clause=ACT, permission=SUBMIT, comment_required=True),
    Transition("lapse", W.standing, W.LAPSED, clause=ACT, permission=COMMISSION, comment_required=True),
    Transition("supersede", W.standing, W.SUPERSEDED, clause=ACT, permission=COMMISSION),
)

E = AppealState
APPEAL = Workflow(
    Transition("accept", {E.FILED}, E.CONSIDERED, clause=ACT, permission=COMMISSION),
    Transition("leave", {E.FILED}, E.LEFT, clause=ACT, permission=COMMISSION, comment_required=True),
    Transition("uphold", {E.CONSIDERED}, E.UPHELD, clause=ACT, permission=COMMISSION, comment_required=True),
    Transition("dismiss", {E.CONSIDERED}, E.DISMISSED, clause=ACT, permission=COMMISSION, comment_required=True),
    Transition("withdraw", E.open, E.WITHDRAWN, clause=ACT, permission=SUBMIT),
)
