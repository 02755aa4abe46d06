"""How long a provider has to answer a notice: a term of the reference table, which may be not set."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from portal.kernel import norms
from portal.kernel.calendar import UnknownDay, day_of
from portal.kernel.models import DeadlineRule
from portal.kernel.models.calendar import load_calendar
from procurement.models import Contract

NOTICE: Final = "contract-notice"


def answer_term(contract: Contract, now: datetime) -> tuple[date | None, str]:
    """Return the earliest lawful last day to answer a notice sent now, and why; no day where the table has none.

    The words are kept in the portal's first language.
    """
    with translation.override(settings.LANGUAGE_CODE):
        unset = _("The term is not set in the reference table.")
        if contract.profile is None:
            return None, unset
        try:
            due = norms.due(contract.profile.rule(NOTICE, day_of(now)), now, load_calendar())
        except DeadlineRule.DoesNotExist:
            return None, unset
        except UnknownDay:
            return None, _("The calendar does not reach so far, so no day follows.")
        return due.on, " ".join(due.explanation)
