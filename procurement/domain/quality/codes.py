"""One-time codes of a survey: printed once, kept as keyed digests from which no code is read."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from portal.kernel.verification import new_code
from portal.kernel.workflow import StepRefused
from procurement.contract_enums import SurveyState
from procurement.models import Survey

# of one sheet to print: more are made by asking again
MOST_CODES: Final = 400


def make_codes(number: int) -> list[str]:
    """Return fresh codes that nobody keeps: they are printed first, and kept as digests once the sheet is there."""
    if not 0 < number <= MOST_CODES:
        raise StepRefused(_("From 1 to %(most)d codes are made at once.") % {"most": MOST_CODES})
    return [new_code() for _place in range(number)]


def digest_of_code(code: str) -> str:
    """Return the keyed digest by which a code is known."""
    return salted_hmac("procurement.survey.code", code, algorithm="sha256").hexdigest()


def require_taking(survey: Survey, today: date) -> None:
    """Raise `StepRefused` for a survey that takes no answers on the day."""
    if survey.state != SurveyState.OPEN or not survey.opened_on <= today < survey.closes_on:
        raise StepRefused(_("The survey is over: it takes no more answers."))
