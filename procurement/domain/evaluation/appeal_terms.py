"""The terms of appeals by the frozen profile, with the reasons; a term that is not set is said to be so."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from portal.kernel import norms
from portal.kernel.calendar import UnknownDay
from procurement.domain.calls.freezing import rules_of
from procurement.models import Competition

WINDOW: Final = "appeal-window"
DECISION: Final = "appeal-decision"


def counted(competition: Competition, code: str, since: datetime) -> tuple[date | None, str]:
    """Return the last day of the term that began at `since`, and why, in the portal's first language as it is kept."""
    rules = rules_of(competition)
    term = rules.term(code)
    with translation.override(settings.LANGUAGE_CODE):
        if term is None:
            return None, _("The term is not set in the reference table.")
        try:
            due = norms.due(term, since, rules.calendar)
        except UnknownDay:
            return None, _("The calendar does not reach so far, so no day follows.")
        return due.on, " ".join(due.explanation)
