"""An evaluation in work: its task list, what it is about, the working group, ratings, publication."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from portal.kernel import clock
from portal.kernel.workflow import StepRefused
from procurement import contract_rules
from procurement.contract_enums import QualityKind, QualityState
from procurement.domain.quality import evaluations
from procurement.domain.quality.content import total_content
from procurement.domain.quality.gaps import gaps_of
from procurement.domain.quality.ratings import RATING, rate, survey_offers, take_from_survey
from procurement.interfaces.quality_desk import indicator_lines, tasks_of
from procurement.interfaces.quality_forms import DescribeForm, MemberForm, RatingForm
from procurement.interfaces.quality_words import grade_colour, grade_words
from procurement.views.quality.access import METHODS, draft_or_moved, evaluation_or_404, page, quality_page, signed_in


@quality_page
@require_safe
def evaluation(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what is to be done, or that it is published."""
    found = evaluation_or_404(request, pk)
    is_draft = found.state == QualityState.DRAFT
    tasks = tasks_of(found, clock.moment()) if is_draft else []
    may_publish = contract_rules.can_publish_quality(request.user, found)
    return page(request, "quality/evaluation.html", found, tasks=tasks, is_draft=is_draft, may_publish=may_publish)


@quality_page
@require_http_methods(METHODS)
def about(request: HttpRequest, pk: int) -> HttpResponse:
    """Fill in the period, the order, the conclusion."""
    found = draft_or_moved(request, pk)
    known = {name: getattr(found, name) for name in evaluations.ABOUT}
    form = DescribeForm(request.POST if request.method == "POST" else None, initial=known)
    if form.is_bound and form.is_valid():
        evaluations.save_about(evaluation_id=pk, values=form.cleaned_data, user=signed_in(request))
        messages.success(request, _("Saved."))
        return redirect("quality:evaluation", pk)
    return page(request, "quality/about.html", found, status=422 if form.errors else 200, form=form)


@quality_page
@require_http_methods(METHODS)
def group(request: HttpRequest, pk: int) -> HttpResponse:
    """Name the members of the working group, or take one out."""
    found = draft_or_moved(request, pk)
    if found.kind != QualityKind.EXTERNAL:
        raise Http404
    removed = request.POST.get("remove", "")
    if removed.isdecimal():
        evaluations.remove_member(evaluation_id=pk, member_id=int(removed[:18]), user=signed_in(request))
        return redirect("quality:group", pk)
    form = MemberForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        evaluations.add_member(evaluation_id=pk, values=form.cleaned_data, user=signed_in(request))
        return redirect("quality:group", pk)
    gaps = [gap for gap in gaps_of(found, clock.moment()) if gap.part == "group"]
    context = {"form": form, "members": list(found.group.all()), "gaps": gaps}
    return page(request, "quality/group.html", found, status=422 if form.errors else 200, **context)


@quality_page
@require_http_methods(METHODS)
def ratings(request: HttpRequest, pk: int) -> HttpResponse:
    """Show all indicators with what is known of each; take over what the survey says."""
    found = draft_or_moved(request, pk)
    if request.method == "POST":
        taken = take_from_survey(evaluation_id=pk, user=signed_in(request))
        words = ngettext("%(number)d value was taken.", "%(number)d values were taken.", taken)
        messages.success(request, words % {"number": taken})
        return redirect("quality:ratings", pk)
    lines = indicator_lines(found, survey_offers(found), clock.moment())
    can_take = any(line.offer and (line.rating is None or line.rating.value is None) for line in lines)
    return page(request, "quality/ratings.html", found, lines=lines, can_take=can_take, **_total(found))


@quality_page
@require_http_methods(METHODS)
def rating(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Rate one indicator."""
    found = draft_or_moved(request, pk)
    lines = indicator_lines(found, survey_offers(found), clock.moment())
    line = next((one for one in lines if one.code == code), None)
    if line is None:
        raise Http404
    known = {name: getattr(line.rating, name) for name in RATING} if line.rating else {}
    form = RatingForm(request.POST if request.method == "POST" else None, initial=known)
    if form.is_bound and form.is_valid():
        values = form.cleaned_data
        try:
            rate(evaluation_id=pk, code=code, values=values, user=signed_in(request), now=clock.moment())
        except StepRefused as refusal:
            form.add_error(None, str(refusal.reason))
        else:
            return redirect("quality:ratings", pk)
    return page(request, "quality/rating.html", found, status=422 if form.errors else 200, form=form, line=line)


@quality_page
@require_http_methods(METHODS)
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what will be published and what still stands in the way; publish it for good."""
    found = draft_or_moved(request, pk)
    if request.method == "POST":
        evaluations.publish(evaluation_id=pk, user=signed_in(request), now=clock.moment())
        messages.success(request, _("The evaluation is published."))
        return redirect("procurement:quality_evaluation", pk)
    context = {
        "gaps": gaps_of(found, clock.moment()),
        "lines": indicator_lines(found, {}, clock.moment()),
        "members": list(found.group.all()),
        "supersedes": evaluations.before_of(found),
        "may_publish": contract_rules.can_publish_quality(request.user, found),
        **_total(found),
    }
    return page(request, "quality/publish.html", found, **context)


@quality_page
@require_http_methods(METHODS)
def abandon(request: HttpRequest, pk: int) -> HttpResponse:
    """Give up an evaluation, after asking once more."""
    found = draft_or_moved(request, pk)
    if request.method == "POST":
        evaluations.abandon(evaluation_id=pk, user=signed_in(request), now=clock.moment())
        messages.success(request, _("The evaluation is given up; nothing of it was published."))
        return redirect("quality:home")
    return page(request, "quality/abandon.html", found)


def _total(found: evaluations.QualityEvaluation) -> dict[str, Any]:
    total, definition = total_content(found), found.indicators.definition
    grade = total["grade"]
    return {
        "total": total,
        "grade": grade_words(definition, grade) if grade else "",
        "colour": grade_colour(definition, grade),
    }
