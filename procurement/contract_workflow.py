"""The lawful steps of a contract and of all that follows it: short machines, tied by guards.

Points of decrees 450 and 449 are not confirmed (domain.md §4, 6), so clauses name the act alone.
"""

from typing import Final

from portal.kernel.workflow import Transition, Workflow
from procurement.contract_enums import (
    ActState,
    ContractState,
    ContractVersionState,
    FindingState,
    MilestoneState,
    QualityState,
    ReportState,
    RiskState,
    SurveyState,
    VisitState,
)

ACT: Final = "450"
QUALITY_ACT: Final = "449"
RUN: Final = "procurement.run_contract"
FULFIL: Final = "procurement.fulfil_contract"
SIGN: Final = "procurement.sign_contract"
CLOCK: Final = "procurement.run_due"

C = ContractState
CONTRACT = Workflow(
    Transition("offer", {C.DRAFT}, C.OFFERED, clause=ACT, permission=RUN),
    # the offered version is taken back to be mended
    Transition("take_back", {C.OFFERED}, C.DRAFT, clause=ACT, permission=RUN, comment_required=True),
    # the second of the two signatures
    Transition("conclude", {C.OFFERED}, C.IN_FORCE, clause=ACT, permission=SIGN),
    Transition("fail", {C.DRAFT, C.OFFERED}, C.NOT_CONCLUDED, clause=ACT, permission=RUN, comment_required=True),
    Transition("amend", C.running, C.IN_FORCE, clause=ACT, permission=SIGN),
    Transition("suspend", {C.IN_FORCE}, C.SUSPENDED, clause=ACT, permission=RUN, comment_required=True),
    Transition("resume", {C.SUSPENDED}, C.IN_FORCE, clause=ACT, permission=RUN, comment_required=True),
    Transition("close", {C.IN_FORCE}, C.CLOSED, clause=ACT, permission=RUN),
    Transition("terminate", C.running, C.TERMINATED, clause=ACT, permission=RUN, comment_required=True),
)

V = ContractVersionState
CONTRACT_VERSION = Workflow(
    Transition("offer", {V.DRAFT}, V.OFFERED, clause=ACT, permission=RUN),
    Transition("sign", {V.OFFERED}, V.SIGNED, clause=ACT, permission=SIGN),
    Transition("withdraw", V.open, V.WITHDRAWN, clause=ACT, permission=RUN, comment_required=True),
)

M = MilestoneState
MILESTONE = Workflow(
    Transition("meet", {M.PLANNED, M.MISSED}, M.MET, clause=ACT, permission=RUN),
    Transition("miss", {M.PLANNED}, M.MISSED, clause=ACT, permission=RUN, comment_required=True),
    Transition("waive", {M.PLANNED, M.MISSED}, M.WAIVED, clause=ACT, permission=RUN, comment_required=True),
)

R = ReportState
REPORT = Workflow(
    Transition("file", R.open, R.FILED, clause=ACT, permission=FULFIL),
    Transition("return", {R.FILED}, R.RETURNED, clause=ACT, permission=RUN, comment_required=True),
    Transition("accept", {R.FILED}, R.ACCEPTED, clause=ACT, permission=RUN),
    # an end or an amendment of the contract took its period away
    Transition("waive", {R.DUE, R.RETURNED}, R.WAIVED, clause=ACT, permission=RUN, comment_required=True),
)

A = ActState
ACCEPTANCE_ACT = Workflow(
    Transition("claim", A.open, A.CLAIMED, clause=ACT, permission=SIGN),
    Transition("return", {A.CLAIMED}, A.RETURNED, clause=ACT, permission=RUN, comment_required=True),
    Transition("accept", {A.CLAIMED}, A.ACCEPTED, clause=ACT, permission=RUN),
    Transition("withdraw", {A.DRAFT, A.CLAIMED, A.RETURNED}, A.WITHDRAWN, clause=ACT, permission=SIGN),
)

S = VisitState
VISIT = Workflow(
    Transition("move", {S.PLANNED}, S.PLANNED, clause=QUALITY_ACT, permission=RUN, comment_required=True),
    Transition("hold", {S.PLANNED}, S.HELD, clause=QUALITY_ACT, permission=RUN),
    # sent once more from another device, before the conclusion
    Transition("add", {S.HELD}, S.HELD, clause=QUALITY_ACT, permission=RUN),
    Transition("conclude", {S.HELD}, S.CONCLUDED, clause=QUALITY_ACT, permission=RUN),
    Transition("cancel", {S.PLANNED}, S.CANCELLED, clause=QUALITY_ACT, permission=RUN, comment_required=True),
)

F = FindingState
FINDING = Workflow(
    Transition("reply", {F.OPEN}, F.REPLIED, clause=QUALITY_ACT, permission=FULFIL, comment_required=True),
    # partly or not eliminated, with another term
    Transition("reopen", F.unsolved, F.OPEN, clause=QUALITY_ACT, permission=RUN, comment_required=True),
    Transition("close", F.unsolved, F.CLOSED, clause=QUALITY_ACT, permission=RUN, comment_required=True),
)

K = RiskState
RISK = Workflow(
    Transition("go", {K.OPEN}, K.GONE, clause="", permission=CLOCK),
)

Q = QualityState
QUALITY_EVALUATION = Workflow(
    Transition("publish", {Q.DRAFT}, Q.PUBLISHED, clause=QUALITY_ACT, permission="procurement.evaluate_quality"),
    Transition("abandon", {Q.DRAFT}, Q.ABANDONED, clause=QUALITY_ACT, permission="procurement.evaluate_quality"),
)

U = SurveyState
SURVEY = Workflow(
    Transition("close", {U.OPEN}, U.CLOSED, clause=QUALITY_ACT, permission="procurement.evaluate_quality"),
)
