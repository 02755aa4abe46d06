"""Calling a competition: from a draft to an announcement with frozen rules, its changes, extension and end."""

from procurement.domain.calls.changes import change, change_bar, extend
from procurement.domain.calls.drafts import (
    attach_to_call,
    base_of,
    detach_from_call,
    discard_call,
    save_call,
    set_lots,
    start_competition,
)
from procurement.domain.calls.ends import cancel, close, void
from procurement.domain.calls.gaps import TASKS, Gap, NotReady, gaps
from procurement.domain.calls.publishing import publish

__all__ = [
    "TASKS",
    "Gap",
    "NotReady",
    "attach_to_call",
    "base_of",
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
