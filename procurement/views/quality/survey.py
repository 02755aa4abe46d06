"""Where a recipient answers: a code from a slip of paper, no account, no cookie, nothing of who or when is kept."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from portal.kernel import clock
from portal.kernel.verification import normalise
from portal.kernel.workflow import StepRefused
from procurement.domain.quality.ballots import answer_by_code, survey_of_code
from procurement.interfaces.survey_sheet import SurveySheet, read_answers


@csrf_exempt  # nobody is signed in here: the code itself is the right, and a cookie would be a trace
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def survey(request: HttpRequest) -> HttpResponse:
    """Ask for the code, then for the answers; a code is used up with the answers, not before."""
    data = request.POST if request.method == "POST" else request.GET
    typed = data.get("code", "").replace("\x00", "")[:40]
    code = normalise(typed) if typed.strip() else None
    found = survey_of_code(code, clock.moment()) if code else None
    if found is None:
        return _ask(request, typed)
    sheet = SurveySheet(found, {})
    if request.method != "POST" or "send" not in request.POST:
        return _answer(request, code, sheet)
    sheet = SurveySheet(found, read_answers(found, request.POST))
    try:
        answer_by_code(code=str(code), answers=sheet.answers, now=clock.moment())
    except StepRefused as refusal:
        return _answer(request, code, sheet, problem=str(refusal.reason))
    return _private(render(request, "procurement/quality/survey_thanks.html"))


def _ask(request: HttpRequest, typed: str) -> HttpResponse:
    unknown = bool(typed.strip())
    context = {"typed": typed, "unknown": unknown}
    return _private(render(request, "procurement/quality/survey_code.html", context, status=422 if unknown else 200))


def _answer(request: HttpRequest, code: str | None, sheet: SurveySheet, *, problem: str = "") -> HttpResponse:
    context = {"code": code, "sheet": sheet, "problem": problem}
    return _private(render(request, "procurement/quality/survey.html", context, status=422 if problem else 200))


def _private(response: HttpResponse) -> HttpResponse:
    """Let no page that is opened from here learn the address, which may hold the code."""
    response["Referrer-Policy"] = "no-referrer"
    return response
