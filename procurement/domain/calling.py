"""Calling a competition: from a draft to an announcement with frozen rules, its changes, extension and end."""

from procurement.domain.calling_changes import change, change_bar, extend
from procurement.domain.calling_drafts import (
    attach_to_call,
    detach_from_call,
    discard_call,
    save_call,
    set_lots,
    start_competition,
)
from procurement.domain.calling_ends import cancel, close, void
from procurement.domain.calling_gaps import TASKS, Gap, NotReady, gaps
from procurement.domain.publishing import publish

__all__ = [
    "TASKS",
    "Gap",
    "NotReady",
    "attach_to_call",
    "cancel",
    "change",
    "change_bar",
    "close",
    "detach_from_call",
    "discard_call",
    "extend",
    "gaps",
    "publish",
    "save_call",
    "set_lots",
    "start_competition",
    "void",
]
