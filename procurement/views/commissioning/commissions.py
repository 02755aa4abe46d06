"""Commissions of the hromada: begun, filled in part by part, appointed, dissolved."""

from __future__ import annotations

from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from procurement.domain.evaluation import commissions as use
from procurement.domain.evaluation.quorum import quorum_words, rule_source
from procurement.enums import CommissionState
from procurement.interfaces.commission_forms import ActForm, DissolveForm, StartForm
from procurement.interfaces.order_forms import FileForm
from procurement.models import CommissionMember, CompetitionCommission
from procurement.queries.commissions import changes_of, commissions_with_counts, work_of
from procurement.views.commissioning.access import commissioning_page, hromada_of, page, signed_in
from procurement.views.commissioning.order_sheets import Sheet, answers, confirm, fill_in, own_or_404

METHODS = ["GET", "HEAD", "POST"]
ORDER: Final = [state.value for state in (CommissionState.DRAFT, CommissionState.APPOINTED, CommissionState.DISSOLVED)]


@commissioning_page
@require_safe
def commissions(request: HttpRequest) -> HttpResponse:
    """List the hromada's commissions, those in preparation first."""
    hromada = hromada_of(request)
    rows = commissions_with_counts(CompetitionCommission.objects.filter(hromada=hromada))
    shown = sorted(rows, key=lambda one: (ORDER.index(one.state), -one.pk))
    return page(request, "commissioning/commissions/list.html", hromada, commissions=shown)


@commissioning_page
@require_http_methods(METHODS)
def new(request: HttpRequest) -> HttpResponse:
    hromada, now = hromada_of(request), timezone.now()
    lead = _("The act that appoints it and the members come next. Nobody sees the commission before it is appointed.")
    sheet = Sheet(_("Begin a commission"), _("Begin"), _("Begun."), reverse("commissioning:commissions"), lead)
    return fill_in(
        request,
        hromada,
        StartForm(answers(request), hromada=hromada),
        sheet,
        lambda values: url_of(
            use.create_commission(
                user=signed_in(request), commissioner_id=values["commissioner"].pk, title=values["title"], now=now
            ).pk
        ),
    )


@commissioning_page
@require_safe
def commission(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a draft as a list of what is to be done, or the appointed commission with its members and its work."""
    found, now = commission_or_404(request, pk), timezone.now()
    members = members_of(found)
    context: dict[str, Any] = {"commission": found, "members": [one for one in members if one.until is None]}
    if found.state == CommissionState.DRAFT:
        return page(request, "commissioning/commissions/draft.html", found.hromada, **context, **_draft(found, now))
    context |= {
        "former": [one for one in members if one.until is not None],
        "changes": changes_of(found, members),
        "competitions": work_of(found),
    }
    return page(request, "commissioning/commissions/appointed.html", found.hromada, **context)


def _draft(found: CompetitionCommission, now: Any) -> dict[str, Any]:
    policy = use.policy_for(found, now)
    lacks = use.lacks_of(found, now)
    number = found.members.active().count()
    return {
        "lacks": lacks,
        "of_act": [one for one in lacks if one.field != "members"],
        "of_members": [one for one in lacks if one.field == "members"],
        "fewest": policy.get("commission_min"),
        "source": rule_source(policy),
        "quorum": quorum_words(policy, number) if number else "",
    }


@commissioning_page
@require_http_methods(METHODS)
def about(request: HttpRequest, pk: int) -> HttpResponse:
    found, now = draft_or_404(request, pk), timezone.now()
    return fill_in(
        request,
        found.hromada,
        ActForm(answers(request), initial=ActForm.of(found)),
        Sheet(_("The appointing act"), _("Save"), _("Saved."), url_of(pk)),
        lambda values: use.save_commission(commission_id=pk, user=signed_in(request), values=values, now=now),
    )


@commissioning_page
@require_http_methods(METHODS)
def file(request: HttpRequest, pk: int) -> HttpResponse:
    found, now = draft_or_404(request, pk), timezone.now()
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    sheet = Sheet(_("The file of the act"), _("Add"), _("The file is added."), url_of(pk))
    return fill_in(
        request,
        found.hromada,
        form,
        sheet,
        lambda values: use.save_commission(
            commission_id=pk, user=signed_in(request), values={"act_document": values["file"]}, now=now
        ),
    )


@commissioning_page
@require_http_methods(METHODS)
def file_remove(request: HttpRequest, pk: int) -> HttpResponse:
    found, now = draft_or_404(request, pk), timezone.now()
    sheet = Sheet(_("Take the file out of the draft?"), _("Take out"), _("The file is taken out."), url_of(pk))
    return confirm(
        request,
        found.hromada,
        sheet,
        lambda: use.save_commission(commission_id=pk, user=signed_in(request), values={"act_document": None}, now=now),
    )


@commissioning_page
@require_http_methods(METHODS)
def appoint(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the commission as everybody will see it, and publish it."""
    found, now = draft_or_404(request, pk), timezone.now()
    sheet = Sheet(_("Check the commission"), _("Publish the commission"), _("The commission is appointed."), url_of(pk))
    return confirm(
        request,
        found.hromada,
        sheet,
        lambda: use.appoint(commission_id=pk, user=signed_in(request), now=now),
        "commissioning/commissions/appoint.html",
        commission=found,
        members=members_of(found),
        lacks=use.lacks_of(found, now),
    )


@commissioning_page
@require_http_methods(METHODS)
def dissolve(request: HttpRequest, pk: int) -> HttpResponse:
    found, now = commission_or_404(request, pk, CommissionState.APPOINTED), timezone.now()
    lead = _("It stays readable, and is given to no competition any more. While it evaluates one, it is not dissolved.")
    sheet = Sheet(_("Dissolve the commission"), _("Dissolve"), _("The commission is dissolved."), url_of(pk), lead)
    return fill_in(
        request,
        found.hromada,
        DissolveForm(answers(request)),
        sheet,
        lambda values: use.dissolve(commission_id=pk, user=signed_in(request), reason=values["reason"], now=now),
    )


@commissioning_page
@require_http_methods(METHODS)
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    found, now = draft_or_404(request, pk), timezone.now()
    sheet = Sheet(
        _("Throw the draft away?"),
        _("Throw away"),
        _("The draft is thrown away."),
        url_of(pk),
        found.title,
        after=reverse("commissioning:commissions"),
    )
    return confirm(
        request,
        found.hromada,
        sheet,
        lambda: use.discard_commission(commission_id=pk, user=signed_in(request), now=now),
    )


# --- what these pages share ------------------------------------------------------------------------------------------


def url_of(pk: int) -> str:
    return reverse("commissioning:commission", args=[pk])


def commission_or_404(request: HttpRequest, pk: int, *states: str) -> CompetitionCommission:
    """Return a commission of the official's hromadas, in one of the states if any are named."""
    rows = CompetitionCommission.objects.select_related(
        "hromada__oblast", "commissioner__organisation", "commissioner__hromada", "act_document"
    )
    found: CompetitionCommission = own_or_404(request, rows, pk)
    if states and found.state not in states:
        raise Http404
    return found


def draft_or_404(request: HttpRequest, pk: int) -> CompetitionCommission:
    return commission_or_404(request, pk, CommissionState.DRAFT)


def members_of(commission: CompetitionCommission) -> list[CommissionMember]:
    return list(commission.members.order_by("order", "pk"))
