"""Questions about an announcement: what waits for an answer first; who asked is told to nobody."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.kernel.workflow import StepRefused
from procurement import rules
from procurement.domain.calls.questions import answer, decline
from procurement.enums import CompetitionState, QuestionState
from procurement.interfaces.call_forms import AnswerForm
from procurement.models import Competition, Question
from procurement.queries.announcements import questions_of
from procurement.views.commissioning.access import commissioning_page, competition_or_404, page, signed_in
from procurement.views.commissioning.running import METHODS


@commissioning_page
@require_safe
def questions(request: HttpRequest, pk: int) -> HttpResponse:
    found = competition_or_404(request, pk, *CompetitionState.public)
    rows = questions_of(found)
    waiting = [one for one in rows if one.state == QuestionState.ASKED]
    done = [one for one in rows if one.state != QuestionState.ASKED]
    return page(
        request, "commissioning/questions.html", found.hromada, competition=found, waiting=waiting, answered=done
    )


@commissioning_page
@require_http_methods(METHODS)
def question(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Answer a question, or say that it is not about this competition; both are public at once."""
    found = competition_or_404(request, pk, *CompetitionState.public)
    asked = get_object_or_404(Question.objects.defer("asked_by", "organisation"), competition=found, number=number)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _answer(request, asked, form):
        messages.success(request, _("The answer is published."))
        return redirect("commissioning:questions", pk)
    context = {"competition": found, "question": asked, "form": form, "may_answer": _may_answer(request, found, asked)}
    return page(request, "commissioning/question.html", found.hromada, status=422 if form.errors else 200, **context)


def _may_answer(request: HttpRequest, found: Competition, asked: Question) -> bool:
    return asked.state == QuestionState.ASKED and bool(rules.can_run_competition(request.user, found))


def _answer(request: HttpRequest, asked: Question, form: AnswerForm) -> bool:
    act = decline if "decline" in request.POST else answer
    try:
        act(question_id=asked.pk, user=signed_in(request), text=form.cleaned_data["text"], now=timezone.now())
    except StepRefused as refusal:
        form.add_error("text", str(refusal.reason))
        return False
    return True
