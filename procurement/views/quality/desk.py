"""The desk of those who evaluate, the beginning of an evaluation, the provider's reply."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.kernel import clock
from portal.kernel.calendar import day_of
from portal.kernel.workflow import StepRefused
from procurement import contract_rules
from procurement.contract_enums import ContractState, QualityKind
from procurement.domain.quality.evaluations import begin_evaluation
from procurement.domain.quality.replies import reply as give_reply
from procurement.interfaces.quality_desk import desk_of, own_organisations
from procurement.interfaces.quality_forms import NewForm, QualityReplyForm, latest_sets
from procurement.models import QualityEvaluation
from procurement.views.quality.access import METHODS, page, quality_page, signed_in

# of so many the list to choose from is still read; older contracts are evaluated from their own page
LISTED = 300


@quality_page
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "quality/home.html", {"desk": desk_of(signed_in(request), clock.moment())})


@quality_page
@require_http_methods(METHODS)
def new(request: HttpRequest) -> HttpResponse:
    """Begin an evaluation: external for a contract of the hromada, internal for an own organisation."""
    kind = request.GET.get("kind", "")
    if kind not in QualityKind.values:
        return redirect("quality:home")
    form = _new_form(request, kind)
    if form.is_bound and form.is_valid():
        try:
            made = _begun(request, kind, form.cleaned_data)
        except StepRefused as refusal:
            form.add_error(None, str(refusal.reason))
        else:
            return redirect("quality:evaluation", made.pk)
    context = {"form": form, "kind": kind, "kind_words": QualityKind(kind).label}
    return render(request, "quality/new.html", context, status=422 if form.errors else 200)


@quality_page
@require_http_methods(METHODS)
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the provider say what it thinks of what was published."""
    found = get_object_or_404(QualityEvaluation.objects.select_related("organisation", "indicators"), pk=pk)
    user = signed_in(request)
    if not contract_rules.can_reply_to_quality(user, found):
        raise Http404
    form = QualityReplyForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        told = form.cleaned_data
        try:
            give_reply(evaluation_id=pk, text=told["text"], user=user, key=told["key"], now=clock.moment())
        except StepRefused as refusal:
            form.add_error("text", str(refusal.reason))
        else:
            messages.success(request, _("The reply is published beside the evaluation."))
            return redirect("procurement:quality_evaluation", pk)
    replies = list(found.replies.all())
    return page(request, "quality/reply.html", found, status=422 if form.errors else 200, form=form, replies=replies)


def _new_form(request: HttpRequest, kind: str) -> NewForm:
    user, number = signed_in(request), request.GET.get("contract", "").replace("\x00", "")
    external = kind == QualityKind.EXTERNAL
    organisations = None if external else own_organisations(user, day_of(clock.moment()))
    if organisations is not None and not organisations.exists():
        raise Http404
    mine = contract_rules.contracts_of_official if external else contract_rules.contracts_of_contractor
    contracts = mine(user).filter(state__in=ContractState.public).select_related("contractor")
    # a named contract is among them however old it is
    listed = contracts.filter(number=number) if number else contracts.none()
    newest = contracts.order_by("-concluded_on", "-pk").values_list("pk", flat=True)[:LISTED]
    keys = {*newest, *listed.values_list("pk", flat=True)}
    offered = contracts.filter(pk__in=keys).order_by("-concluded_on", "-pk")
    first = organisations.first() if organisations is not None else None
    initial: dict[str, Any] = {"contract": number, "indicators": latest_sets().first()}
    initial["organisation"] = first
    sent = request.POST if request.method == "POST" else None
    return NewForm(sent, initial=initial, contracts=offered, organisations=organisations)


def _begun(request: HttpRequest, kind: str, told: dict[str, Any]) -> QualityEvaluation:
    contract, service = told["contract"], told["service_type"]
    organisation_id = told["organisation"].pk if "organisation" in told else contract.contractor_id
    return begin_evaluation(
        kind=kind,
        organisation_id=organisation_id,
        hromada_id=contract.hromada_id if contract else None,
        contract_id=contract.pk if contract else None,
        service_type_id=service.pk if service else None,
        indicators_id=told["indicators"].pk,
        values=told,
        user=signed_in(request),
        key=told["key"],
        now=clock.moment(),
    )
