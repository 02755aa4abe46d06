"""A survey as its evaluators run it: opened, codes and paper forms printed, paper answers entered, closed."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.kernel import clock
from portal.kernel.workflow import StepRefused
from procurement.contract_enums import SurveyState
from procurement.domain.quality import surveys
from procurement.domain.quality.ballots import answer_on_paper
from procurement.domain.quality.codes import make_codes
from procurement.domain.quality.results import results_of
from procurement.domain.quality.suppression import shown_people
from procurement.interfaces.quality_forms import CodesForm, OpenSurveyForm
from procurement.interfaces.quality_page import survey_line
from procurement.interfaces.survey_pdf import codes_pdf, questionnaire_pdf
from procurement.interfaces.survey_sheet import SurveySheet, read_answers
from procurement.models import QualityEvaluation, Survey
from procurement.views.quality.access import METHODS, draft_or_moved, page, quality_page, signed_in
from registry.interfaces.press import PressBusyError
from registry.views.printing import pdf_file

A_DAY = timedelta(days=1)


@quality_page
@require_http_methods(METHODS)
def survey(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a survey; show how far it is, or what it said."""
    found = draft_or_moved(request, pk)
    form = OpenSurveyForm(request.POST if request.method == "POST" else None)
    form.initial["form"] = form.fields["form"].queryset.first()  # type: ignore[attr-defined]
    if form.is_bound and form.is_valid():
        told = form.cleaned_data
        try:
            surveys.open_survey(
                evaluation_id=pk,
                form_id=told["form"].pk,
                closes_on=told["last_on"] + A_DAY,
                user=signed_in(request),
                now=clock.moment(),
            )
        except StepRefused as refusal:
            form.add_error("last_on", str(refusal.reason))
        else:
            return redirect("quality:survey", pk)
    return _survey_page(request, found, form, CodesForm(initial={"number": 30}))


@quality_page
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the survey: from now on it says what it says, in sum."""
    found = draft_or_moved(request, pk)
    surveys.close_survey(survey_id=_open_or_404(found).pk, user=signed_in(request), now=clock.moment())
    messages.success(request, _("The survey is closed. Its codes are deleted."))
    return redirect("quality:survey", pk)


@quality_page
@require_http_methods(["POST"])
def codes(request: HttpRequest, pk: int) -> HttpResponse:
    """Print a sheet of codes, once: they are kept only after the sheet is there, and nobody reads them again."""
    found = draft_or_moved(request, pk)
    running = _open_or_404(found)
    form = CodesForm(request.POST)
    if not form.is_valid():
        return _survey_page(request, found, OpenSurveyForm(), form)
    made = make_codes(form.cleaned_data["number"])
    try:
        sheet = codes_pdf(running, made)
    except PressBusyError:
        return _busy(request, pk)
    surveys.keep_codes(survey_id=running.pk, codes=made, user=signed_in(request), now=clock.moment())
    return pdf_file(sheet, f"survey-codes-{running.pk}", disposition="attachment")


@quality_page
@require_safe
def paper_form(request: HttpRequest, pk: int) -> HttpResponse:
    """Print the questionnaire for those who answer by hand."""
    running = _open_or_404(draft_or_moved(request, pk))
    try:
        return pdf_file(questionnaire_pdf(running), f"survey-form-{running.pk}")
    except PressBusyError:
        return _busy(request, pk)


@quality_page
@require_http_methods(METHODS)
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter the answers of one person from paper; the next form follows at once."""
    found = draft_or_moved(request, pk)
    running = _open_or_404(found)
    if request.method != "POST":
        return page(request, "quality/paper.html", found, sheet=SurveySheet(running, {}), key=uuid4(), problem="")
    key, answers = _key(request), read_answers(running, request.POST)
    try:
        answer_on_paper(survey_id=running.pk, key=key, answers=answers, user=signed_in(request), now=clock.moment())
    except StepRefused as refusal:
        told = {"sheet": SurveySheet(running, answers), "key": key, "problem": str(refusal.reason)}
        return page(request, "quality/paper.html", found, status=422, **told)
    messages.success(request, _("The answers are entered. Here is the next form."))
    return redirect("quality:paper", pk)


def _survey_page(
    request: HttpRequest, found: QualityEvaluation, form: OpenSurveyForm, codes_form: CodesForm
) -> HttpResponse:
    rows = list(found.surveys.select_related("form").order_by("pk"))
    running = next((one for one in rows if one.state == SurveyState.OPEN), None)
    dates = [(one, {"from": one.opened_on, "until": one.closes_on}) for one in rows if one is not running]
    context = {
        "form": form,
        "codes_form": codes_form,
        "running": running,
        "last_on": running.closes_on - A_DAY if running else None,
        # how many have answered is told from five on; what they said, when the survey is over
        "answered": shown_people(running.ballots.count()) if running else None,
        "surveys": [survey_line(one, {**when, **results_of(one).as_content()}) for one, when in dates],
    }
    wrong = form.errors or codes_form.errors
    return page(request, "quality/survey.html", found, status=422 if wrong else 200, **context)


def _open_or_404(found: QualityEvaluation) -> Survey:
    rows = found.surveys.filter(state=SurveyState.OPEN).select_related("form", "evaluation__organisation")
    running = rows.select_related("form", "evaluation__organisation", "evaluation__service_type").first()
    if running is None:
        raise Http404
    return running


def _key(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError as error:
        raise Http404 from error


def _busy(request: HttpRequest, pk: int) -> HttpResponse:
    messages.error(request, _("The press is busy: try again in a few seconds."))
    return redirect("quality:survey", pk)
