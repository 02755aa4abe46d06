"""Members of a commission: named and changed in a draft; added, ended and invited again afterwards."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from procurement.domain.evaluation import members as use
from procurement.domain.evaluation.invitations import invite_member
from procurement.enums import CommissionState
from procurement.interfaces.commission_forms import EndForm, LaterMemberForm, MemberForm
from procurement.models import CommissionMember, CompetitionCommission
from procurement.views.commissioning.access import commissioning_page, signed_in
from procurement.views.commissioning.commissions import METHODS, commission_or_404, draft_or_404, url_of
from procurement.views.commissioning.order_sheets import Sheet, answers, confirm, fill_in


@commissioning_page
@require_http_methods(METHODS)
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """Name one more person; in an appointed commission by an act of its own."""
    found = commission_or_404(request, pk, CommissionState.DRAFT, CommissionState.APPOINTED)
    is_draft, now = found.state == CommissionState.DRAFT, timezone.now()
    form = (MemberForm if is_draft else LaterMemberForm)(answers(request))
    words = "" if is_draft else _("The commission is appointed: an act of its own names every new member.")
    lead = f"{found.title}. {words}" if words else found.title
    more = _("Save and name another") if is_draft else ""
    sheet = Sheet(_("Add a member"), _("Save"), _("The member is named."), url_of(pk), lead, more=more)

    def step(values: dict[str, Any]) -> str:
        told = {name: value for name, value in values.items() if value is not None}
        use.put_member(commission_id=pk, user=signed_in(request), values=told, now=now)
        return reverse("commissioning:commission_member_new", args=[pk]) if "more" in request.POST else url_of(pk)

    return fill_in(request, found.hromada, form, sheet, step)


@commissioning_page
@require_http_methods(METHODS)
def member(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    found, now = draft_or_404(request, pk), timezone.now()
    row = _member(found, key)
    return fill_in(
        request,
        found.hromada,
        MemberForm(answers(request), initial=MemberForm.of(row)),
        Sheet(_("Change the member"), _("Save"), _("Saved."), url_of(pk)),
        lambda values: _put(request, found, values, key, now),
    )


def _put(request: HttpRequest, found: CompetitionCommission, values: dict[str, Any], key: int, now: Any) -> None:
    use.put_member(commission_id=found.pk, user=signed_in(request), values=values, now=now, member_id=key)


@commissioning_page
@require_http_methods(METHODS)
def remove(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    found, now = draft_or_404(request, pk), timezone.now()
    row = _member(found, key)
    sheet = Sheet(_("Take the person out of the draft?"), _("Take out"), _("Taken out."), url_of(pk), row.name)
    return confirm(
        request, found.hromada, sheet, lambda: use.remove_member(member_id=key, user=signed_in(request), now=now)
    )


@commissioning_page
@require_http_methods(METHODS)
def end(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    """End a membership of an appointed commission."""
    found, now = commission_or_404(request, pk, CommissionState.APPOINTED), timezone.now()
    row = _member(found, key)
    if row.until is not None:
        raise Http404
    sheet = Sheet(_("End the membership"), _("End"), _("The membership is ended."), url_of(pk), row.name)
    return fill_in(
        request,
        found.hromada,
        EndForm(answers(request), initial={"until": timezone.localdate(now)}),
        sheet,
        lambda values: _end(request, key, values, now),
    )


def _end(request: HttpRequest, key: int, values: dict[str, Any], now: Any) -> None:
    use.end_membership(member_id=key, user=signed_in(request), until=values["until"], reason=values["reason"], now=now)


@commissioning_page
@require_http_methods(METHODS)
def invite(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    """Send the invitation once more."""
    found = commission_or_404(request, pk, CommissionState.DRAFT, CommissionState.APPOINTED)
    row = _member(found, key)
    lead = _("A new letter goes to %(email)s. The link in the earlier one stops working.") % {"email": row.email}
    sheet = Sheet(_("Send the invitation again?"), _("Send"), _("The letter is on its way."), url_of(pk), lead)
    return confirm(
        request,
        found.hromada,
        sheet,
        lambda: invite_member(member_id=key, user=signed_in(request), now=timezone.now()),
    )


def _member(commission: CompetitionCommission, key: int) -> CommissionMember:
    """Return a member of the commission; raises `CommissionMember.DoesNotExist`, which the page tells as not found."""
    found: CommissionMember = commission.members.get(pk=key)
    return found
