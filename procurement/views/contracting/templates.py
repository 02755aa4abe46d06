"""Templates of contracts that a hromada uses: the shipped ones, and its own made of them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.kernel import clock
from procurement.domain.contracts.templates import PLACES, save_template, templates_for
from procurement.interfaces.contract_draft_forms import TemplateForm, text_of
from procurement.views.commissioning.access import commissioning_page, hromada_of, page, signed_in
from procurement.views.contracting.access import METHODS, taken


@commissioning_page
@require_safe
def templates(request: HttpRequest) -> HttpResponse:
    """List the templates, the hromada's own first."""
    hromada = hromada_of(request)
    return page(request, "contracting/templates.html", hromada, templates=templates_for(hromada))


@commissioning_page
@require_http_methods(METHODS)
def template(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the words of a template; saved, they are the hromada's own, a new version each time."""
    hromada = hromada_of(request)
    found = get_object_or_404(templates_for(hromada), pk=pk)
    told = {"title": found.title_uk, "text": text_of(found.definition["sections"])}
    form = TemplateForm(request.POST if request.method == "POST" else None, initial=told)

    def step() -> object:
        return save_template(
            template_id=pk,
            user=signed_in(request),
            hromada=hromada,
            title=form.cleaned_data["title"],
            sections=form.sections,
            now=clock.moment(),
        )

    if form.is_bound and form.is_valid() and taken(request, step, form=form):
        messages.success(request, _("The template is saved: contracts made from now on begin with it."))
        return redirect("contracting:templates")
    context = {"words": found, "form": form, "places": PLACES}
    return page(request, "contracting/template.html", hromada, status=422 if form.errors else 200, **context)
