"""What is printed for a survey: the sheet of one-time codes to cut, and the questionnaire to fill in by hand."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from portal.accounts.letters import absolute
from portal.kernel.pdf import render_pdf
from portal.kernel.verification import qr_svg
from procurement.interfaces.survey_sheet import SurveySheet
from procurement.models import Survey
from registry.interfaces.press import print_unkept

_GROUP = 4


def codes_pdf(survey: Survey, codes: Sequence[str]) -> bytes:
    """Print the slips and keep nothing: whoever read the sheet again could answer. Raises `PressBusyError`."""
    address = absolute(reverse("procurement:survey"))
    context = {
        "sheet": SurveySheet(survey, {}),
        "survey": survey,
        "address": address.removeprefix("https://").removeprefix("http://"),
        "slips": [(grouped(code), mark_safe(qr_svg(f"{address}?{urlencode({'code': code})}"))) for code in codes],
    }
    title = _("Codes of the survey")
    return print_unkept(lambda: render_pdf("procurement/pdf/survey_codes.html", context, title=title, code=""))


def questionnaire_pdf(survey: Survey) -> bytes:
    """Print the questionnaire for those who answer by hand. Raises `PressBusyError`."""
    context = {"sheet": SurveySheet(survey, {}), "survey": survey}
    title = survey.form.title
    return print_unkept(lambda: render_pdf("procurement/pdf/survey_form.html", context, title=title, code=""))


def grouped(code: str) -> str:
    """Write a code in groups of four, as it is typed easiest."""
    return "-".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))
