"""Assessments of needs: the list, the draft with its tables, publishing, correcting."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.kernel.norms import DAY_FORMAT, Due
from procurement.domain.planning import needs as domain
from procurement.enums import AssessmentState
from procurement.interfaces.order_forms import AboutNeedsForm, AsOfForm, FileForm, ReasonForm
from procurement.models import NeedsAssessment
from procurement.queries.orders_due import study_term
from procurement.queries.orders_needs import public_needs
from procurement.views.commissioning.access import commissioning_page, hromada_of, page, signed_in
from procurement.views.commissioning.order_sheets import Sheet, answers, confirm, fill_in, own_or_404

METHODS = ["GET", "HEAD", "POST"]


@commissioning_page
@require_safe
def needs(request: HttpRequest) -> HttpResponse:
    hromada = hromada_of(request)
    rows = NeedsAssessment.objects.filter(hromada=hromada).select_related("superseded_by").order_by("-as_of", "-pk")
    return page(request, "commissioning/orders/needs.html", hromada, assessments=rows)


@commissioning_page
@require_http_methods(METHODS)
def needs_new(request: HttpRequest) -> HttpResponse:
    hromada, now = hromada_of(request), timezone.now()
    form = AsOfForm(answers(request), initial={"as_of": date(timezone.localdate(now).year, 1, 1)})
    sheet = Sheet(
        _("Begin an assessment of needs"),
        _("Begin"),
        _("The draft is there. Add groups and services row by row, then publish."),
        reverse("commissioning:needs"),
    )

    def start(values: dict[str, date]) -> str:
        user = signed_in(request)
        return _url(domain.start_assessment(hromada_id=hromada.pk, user=user, as_of=values["as_of"], now=now).pk)

    return fill_in(request, hromada, form, sheet, start)


@commissioning_page
@require_safe
def assessment(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the draft with its tables to fill in, or what is published as everybody reads it."""
    found = own_assessment(request, pk)
    if found.state == AssessmentState.DRAFT:
        return page(request, "commissioning/orders/needs_draft.html", found.hromada, assessment=found)
    later = NeedsAssessment.objects.filter(supersedes=found).first()
    context: dict[str, Any] = {"assessment": found, "needs": public_needs(found), "later": later}
    return page(request, "commissioning/orders/needs_published.html", found.hromada, **context)


@commissioning_page
@require_http_methods(METHODS)
def about(request: HttpRequest, pk: int) -> HttpResponse:
    found, now = draft_assessment(request, pk), timezone.now()
    form = AboutNeedsForm(answers(request), initial={name: getattr(found, name) for name in domain.ABOUT})
    term = study_term((found.study_from or found.as_of).year)
    sheet = Sheet(_("About the study"), _("Save"), _("Saved."), _url(pk), _study_words(term), why=term)
    return fill_in(
        request,
        found.hromada,
        form,
        sheet,
        lambda values: domain.describe_assessment(assessment_id=pk, user=signed_in(request), values=values, now=now),
    )


@commissioning_page
@require_http_methods(METHODS)
def file(request: HttpRequest, pk: int) -> HttpResponse:
    found, now = draft_assessment(request, pk), timezone.now()
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    sheet = Sheet(_("The file of the assessment"), _("Add"), _("The file is added."), _url(pk))
    return fill_in(
        request,
        found.hromada,
        form,
        sheet,
        lambda values: domain.attach_needs_file(
            assessment_id=pk, user=signed_in(request), file=values["file"], now=now
        ),
    )


@commissioning_page
@require_http_methods(METHODS)
def file_remove(request: HttpRequest, pk: int) -> HttpResponse:
    found = draft_assessment(request, pk)
    sheet = Sheet(_("Take the file out of the draft?"), _("Take out"), _("The file is taken out."), _url(pk))
    return confirm(
        request, found.hromada, sheet, lambda: domain.detach_needs_file(assessment_id=pk, user=signed_in(request))
    )


@commissioning_page
@require_http_methods(METHODS)
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the tables as everybody will see them, without small groups, and publish."""
    found, now = draft_assessment(request, pk), timezone.now()
    sheet = Sheet(_("Check the needs"), _("Publish"), _("The needs are published."), _url(pk))
    return confirm(
        request,
        found.hromada,
        sheet,
        lambda: domain.publish_assessment(assessment_id=pk, user=signed_in(request), now=now),
        "commissioning/orders/needs_publish.html",
        needs=public_needs(found),
    )


@commissioning_page
@require_http_methods(METHODS)
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    found, now = own_assessment(request, pk), timezone.now()
    sheet = Sheet(
        _("Correct the needs"),
        _("Begin the correction"),
        _("Change what is wrong and publish. Until then the first one stands."),
        _url(pk),
        _("What is published stays readable. A new assessment will stand in its place."),
    )
    return fill_in(
        request,
        found.hromada,
        ReasonForm(answers(request)),
        sheet,
        lambda values: _url(
            domain.correct_assessment(assessment_id=pk, user=signed_in(request), reason=values["reason"], now=now).pk
        ),
    )


@commissioning_page
@require_http_methods(METHODS)
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    found = draft_assessment(request, pk)
    sheet = Sheet(
        _("Throw the draft away?"),
        _("Throw away"),
        _("The draft is thrown away."),
        _url(pk),
        after=reverse("commissioning:needs"),
    )
    return confirm(
        request, found.hromada, sheet, lambda: domain.discard_assessment(assessment_id=pk, user=signed_in(request))
    )


def _study_words(term: Due | None) -> str:
    """Say when the table of terms has the study carried out; nothing where it does not say."""
    if term is None or term.starts_on is None or term.on is None:
        return ""
    return _("By the table of terms the study is carried out from %(first)s to %(last)s.") % {
        "first": date_format(term.starts_on, DAY_FORMAT),
        "last": date_format(term.on, DAY_FORMAT),
    }


def _url(pk: int) -> str:
    return reverse("commissioning:assessment", args=[pk])


def own_assessment(request: HttpRequest, pk: int) -> NeedsAssessment:
    rows = NeedsAssessment.objects.select_related("hromada__oblast", "document")
    rows = rows.prefetch_related("figures__group", "services__service_type")
    found: NeedsAssessment = own_or_404(request, rows, pk)
    return found


def draft_assessment(request: HttpRequest, pk: int) -> NeedsAssessment:
    """Return a draft; what is published has no pages that change it."""
    found = own_assessment(request, pk)
    if found.state != AssessmentState.DRAFT:
        raise Http404
    return found
