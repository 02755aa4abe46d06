"""The lawful steps of a register entry. Grounds of refusal and exclusion are not confirmed (domain.md §3.3)."""

from portal.kernel.workflow import Transition, Workflow
from registry.enums import Standing

S = Standing

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
