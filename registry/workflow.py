"""The lawful steps of a register entry and of an application to the register.

Grounds of refusal and exclusion are not confirmed (domain.md §3.3): they are rows of `Ground`, not code.
"""

from collections.abc import Mapping
from typing import Final

from portal.kernel.workflow import Transition, Workflow
from registry.enums import ApplicationKind, ApplicationState, Outcome, Standing

S = Standing
A = ApplicationState
K = ApplicationKind
O = Outcome  # noqa: E741 a table of one-letter names reads as a table

ENTRY = Workflow(
    Transition(
        "suspend", {S.INCLUDED}, S.SUSPENDED, clause="99", permission="registry.decide_entry", comment_required=True
    ),
    Transition(
        "restore", {S.SUSPENDED}, S.INCLUDED, clause="99", permission="registry.decide_entry", comment_required=True
    ),
    Transition(
        "exclude",
        {S.INCLUDED, S.SUSPENDED},
        S.EXCLUDED,
        clause="99",
        permission="registry.decide_entry",
        comment_required=True,
    ),
)

APPLICATION = Workflow(
    Transition("submit", {A.DRAFT}, A.SUBMITTED, clause="99", permission="registry.submit_application"),
    # an amendment of nothing but what the policy of the register calls trivial
    Transition(
        "enter_at_once",
        {A.SUBMITTED},
        A.DECIDED,
        clause="99",
        permission="registry.submit_application",
        comment_required=True,
    ),
    Transition("take", {A.SUBMITTED}, A.EXAMINATION, clause="99", permission="registry.examine_application"),
    Transition(
        "ask_correction",
        {A.EXAMINATION},
        A.CORRECTION,
        clause="99",
        permission="registry.examine_application",
        comment_required=True,
    ),
    Transition("correct", {A.CORRECTION}, A.EXAMINATION, clause="99", permission="registry.submit_application"),
    # the day passed without an answer: the examination goes on with what there is
    Transition("lapse_correction", {A.CORRECTION}, A.EXAMINATION, clause="99", permission="registry.run_due"),
    Transition("propose", {A.EXAMINATION}, A.PROPOSED, clause="99", permission="registry.examine_application"),
    Transition(
        "send_back",
        {A.PROPOSED},
        A.EXAMINATION,
        clause="99",
        permission="registry.decide_application",
        comment_required=True,
    ),
    Transition("decide", {A.PROPOSED}, A.DECIDED, clause="99", permission="registry.decide_application"),
    Transition(
        "withdraw",
        {A.DRAFT, A.SUBMITTED, A.EXAMINATION, A.CORRECTION},
        A.WITHDRAWN,
        clause="99",
        permission="registry.submit_application",
    ),
)

# what may be decided on an application of each kind
OUTCOMES: Final[Mapping[str, tuple[str, ...]]] = {
    K.INCLUSION: (O.INCLUDE, O.INCLUDE_SOME, O.RETURN, O.REFUSE),
    K.AMENDMENT: (O.AMEND, O.RETURN, O.REFUSE),
    K.EXCLUSION: (O.EXCLUDE, O.RETURN, O.REFUSE),
    K.INITIATIVE: (O.SUSPEND, O.RESTORE, O.EXCLUDE),
}
