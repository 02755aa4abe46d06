"""Asking about an announcement: for people who have signed in; nobody is told who asked."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from portal.accounts.access import cabinet_page
from portal.kernel.clock import moment
from portal.kernel.workflow import StepRefused
from procurement.domain.calls.questions import ask
from procurement.interfaces.competition_page import CompetitionPage
from procurement.interfaces.question_form import QuestionForm
from procurement.views.competitions.page import competition_or_404


@cabinet_page
@require_http_methods(["GET", "HEAD", "POST"])
def ask_question(request: HttpRequest, number: str) -> HttpResponse:
    """Ask, or say why not; what was typed comes back with every answer but thanks."""
    competition, now = competition_or_404(number), moment()
    form = QuestionForm(request.POST if request.method == "POST" else None, user=request.user, now=now)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        organisation = values["organisation"]
        try:
            question = ask(
                competition_id=competition.pk,
                user=request.user,  # type: ignore[arg-type]
                organisation_id=organisation.pk if organisation else None,
                text=values["text"],
                key=values["key"],
                now=now,
            )
        except StepRefused as refused:
            form.add_error(None, str(refused.reason))
        else:
            return redirect(reverse("procurement:competition", args=[number]) + f"#question-{question.number}")
    context = {"page": CompetitionPage(competition, now), "form": form}
    return render(request, "procurement/competitions/ask.html", context, status=422 if form.errors else 200)
