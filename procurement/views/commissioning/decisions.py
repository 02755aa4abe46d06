"""The decision whether to order: its draft part by part, the check before everybody sees it, its correction."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from procurement.domain.planning import orders
from procurement.enums import DecisionState
from procurement.interfaces.order_forms import FileForm, OrderDecisionForm, OrderItemForm, ReasonForm
from procurement.models import OrderDecision, OrderItem
from procurement.queries.orders_hromada import decision_view, decisions_with_all
from procurement.views.commissioning.access import commissioning_page, page, signed_in
from procurement.views.commissioning.order_sheets import Sheet, answers, confirm, fill_in, own_or_404

METHODS = ["GET", "HEAD", "POST"]


@commissioning_page
@require_safe
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the draft with all that it lacks, or the taken decision as everybody reads it."""
    found = _decision(request, pk)
    context: dict[str, Any] = {"view": decision_view(found), "decision": found, "act": found.budget_act}
    if found.state == DecisionState.DRAFT:
        lacks = orders.lacks_of(found, timezone.now())
        return page(request, "commissioning/orders/draft.html", found.hromada, lacks=lacks, **context)
    later = OrderDecision.objects.filter(supersedes=found).first()
    return page(request, "commissioning/orders/taken.html", found.hromada, later=later, **context)


@commissioning_page
@require_http_methods(METHODS)
def about(request: HttpRequest, pk: int) -> HttpResponse:
    found = _draft(request, pk)
    form = OrderDecisionForm(answers(request), initial=OrderDecisionForm.of(found), hromada=found.hromada)
    sheet = Sheet(_("About the decision"), _("Save"), _("Saved."), _url(pk))
    return fill_in(
        request,
        found.hromada,
        form,
        sheet,
        lambda values: orders.describe_decision(decision_id=pk, user=signed_in(request), values=values),
    )


@commissioning_page
@require_http_methods(METHODS)
def item(request: HttpRequest, pk: int, item_id: int | None = None) -> HttpResponse:
    """Add a service, or change the one that is named."""
    found = _draft(request, pk)
    row = _item(found, item_id) if item_id else None
    initial = {name: getattr(row, name) for name in orders.ITEM_FIELDS} if row else {}
    title = _("Change the service") if row else _("Add a service")
    sheet = Sheet(title, _("Save"), _("Saved."), _url(pk))
    return fill_in(
        request,
        found.hromada,
        OrderItemForm(answers(request), initial=initial),
        sheet,
        lambda values: orders.put_item(decision_id=pk, user=signed_in(request), values=values, item_id=item_id),
    )


@commissioning_page
@require_http_methods(METHODS)
def item_remove(request: HttpRequest, pk: int, item_id: int) -> HttpResponse:
    found = _draft(request, pk)
    row = _item(found, item_id)
    sheet = Sheet(_("Remove the service from the draft?"), _("Remove"), _("Removed."), _url(pk), str(row.service_type))
    return confirm(
        request,
        found.hromada,
        sheet,
        lambda: orders.remove_item(decision_id=pk, item_id=item_id, user=signed_in(request)),
    )


@commissioning_page
@require_http_methods(METHODS)
def file(request: HttpRequest, pk: int) -> HttpResponse:
    found, now = _draft(request, pk), timezone.now()
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    sheet = Sheet(_("The file of the decision"), _("Add"), _("The file is added."), _url(pk))
    return fill_in(
        request,
        found.hromada,
        form,
        sheet,
        lambda values: orders.attach_decision_file(
            decision_id=pk, user=signed_in(request), file=values["file"], now=now
        ),
    )


@commissioning_page
@require_http_methods(METHODS)
def file_remove(request: HttpRequest, pk: int) -> HttpResponse:
    found = _draft(request, pk)
    sheet = Sheet(_("Take the file out of the draft?"), _("Take out"), _("The file is taken out."), _url(pk))
    return confirm(
        request,
        found.hromada,
        sheet,
        lambda: orders.detach_decision_file(decision_id=pk, user=signed_in(request)),
    )


@commissioning_page
@require_http_methods(METHODS)
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the decision as everybody will see it, how late it is, and publish it."""
    found, now = _draft(request, pk), timezone.now()
    sheet = Sheet(
        _("Check the decision"),
        _("Publish the decision"),
        _("The decision is published."),
        _url(pk),
    )
    due = found.budget_act.decision_due_on
    late = (found.decided_on - due).days if found.decided_on and due else 0
    return confirm(
        request,
        found.hromada,
        sheet,
        lambda: orders.take_decision(decision_id=pk, user=signed_in(request), now=now),
        "commissioning/orders/take.html",
        view=decision_view(found),
        act=found.budget_act,
        lacks=orders.lacks_of(found, now),
        late=max(late, 0),
    )


@commissioning_page
@require_http_methods(METHODS)
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a decision that will stand in place of this one."""
    found, now = _decision(request, pk), timezone.now()
    sheet = Sheet(
        _("Correct the decision"),
        _("Begin the correction"),
        _("Change what is wrong and publish. Until then the first decision stands."),
        _url(pk),
        _("The published decision stays readable. A new one will stand in its place."),
    )
    return fill_in(
        request,
        found.hromada,
        ReasonForm(answers(request)),
        sheet,
        lambda values: _url(
            orders.correct_decision(decision_id=pk, user=signed_in(request), reason=values["reason"], now=now).pk
        ),
    )


@commissioning_page
@require_http_methods(METHODS)
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    found = _draft(request, pk)
    sheet = Sheet(
        _("Throw the draft away?"),
        _("Throw away"),
        _("The draft is thrown away."),
        _url(pk),
        after=reverse("commissioning:budget", args=[found.budget_act_id]),
    )
    return confirm(
        request, found.hromada, sheet, lambda: orders.discard_decision(decision_id=pk, user=signed_in(request))
    )


def _url(pk: int) -> str:
    return reverse("commissioning:decision", args=[pk])


def _decision(request: HttpRequest, pk: int) -> OrderDecision:
    found: OrderDecision = own_or_404(request, decisions_with_all().select_related("hromada__oblast"), pk)
    return found


def _draft(request: HttpRequest, pk: int) -> OrderDecision:
    found = _decision(request, pk)
    if found.state != DecisionState.DRAFT:
        raise Http404
    return found


def _item(decision: OrderDecision, item_id: int) -> OrderItem:
    """Return a service of the decision; raises `OrderItem.DoesNotExist`, which the page tells as not found."""
    return decision.items.get(pk=item_id)
