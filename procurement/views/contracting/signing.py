"""A version is looked at whole and offered, taken back, signed for the commissioner; its papers."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.kernel import clock
from portal.kernel.document_types import DocumentRefused
from procurement.contract_enums import ContractVersionState, Side
from procurement.domain.contracts.amending import open_version
from procurement.domain.contracts.offering import gaps_before_offer, offer, take_back
from procurement.domain.contracts.signing import sign
from procurement.interfaces.contract_forms import ReasonForm, SignForm
from procurement.interfaces.contract_paper import ContractPaper
from procurement.interfaces.contract_pdf import contract_pdf, text_to_sign
from procurement.interfaces.contract_tasks import gap_lines
from procurement.models import Contract, ContractVersion
from procurement.views.contracting.access import (
    METHODS,
    MovedOnError,
    contract_or_404,
    contracting_page,
    own,
    page,
    signed_in,
    taken,
)
from procurement.views.printing import above_contract, hand_out
from registry.interfaces.press import PressBusyError


@contracting_page
@require_http_methods(METHODS)
def offer_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the whole text with everything that is missing; offer it, or take the offered one back."""
    contract = own(request, pk)
    version = waiting_or_moved(contract)
    is_draft = version.state == ContractVersionState.DRAFT
    form = ReasonForm(request.POST if request.method == "POST" and not is_draft else None)
    user, now = signed_in(request), clock.moment()
    if request.method == "POST" and is_draft:
        offer_form = ReasonForm({"reason": "-"})
        if taken(request, lambda: offer(version_id=version.pk, user=user, now=now), form=offer_form):
            messages.success(request, _("The text is offered to the provider. Now both sides sign it."))
            return redirect("contracting:contract", pk)
    elif form.is_bound and form.is_valid():
        reason = form.cleaned_data["reason"]
        if taken(request, lambda: take_back(version_id=version.pk, user=user, reason=reason, now=now), form=form):
            messages.success(request, _("The text is taken back and can be mended."))
            return redirect("contracting:contract", pk)
    gaps = gap_lines(contract, gaps_before_offer(contract, version)) if is_draft else []
    context = {"version": version, "paper": ContractPaper(version), "gaps": gaps, "is_draft": is_draft}
    status = 422 if request.method == "POST" and is_draft else 200
    return page(request, "contracting/offer.html", contract, form=form, status=status, **context)


@contracting_page
@require_http_methods(METHODS)
def sign_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign the offered version for the commissioner."""
    contract = own(request, pk)
    version = waiting_or_moved(contract, ContractVersionState.OFFERED)
    form, done = signing(request, version, Side.COMMISSIONER)
    if done:
        return redirect("contracting:contract", pk)
    context = {"version": version, "paper": ContractPaper(version), "side": Side.COMMISSIONER}
    return page(request, "contracting/sign.html", contract, form=form, **context)


def signing(request: HttpRequest, version: ContractVersion, side: Side) -> tuple[SignForm, bool]:
    """Take a signature of one side; what keeps it from being taken stands beside its field."""
    sent = request.method == "POST"
    form = SignForm(request.POST, request.FILES) if sent else SignForm(initial={"digest": version.digest})
    if not (sent and form.is_valid()):
        return form, False
    told = form.cleaned_data
    try:
        paper = text_to_sign(version) if told["file"] else b""
        named = {name: told[name] for name in ("signer", "digest", "file")}
        user, now = signed_in(request), clock.moment()
        signed = sign(version_id=version.pk, user=user, side=side, paper=paper, now=now, **named)
    except DocumentRefused as refusal:
        form.add_error("file", str(refusal.reason))
        return form, False
    except PressBusyError:
        form.add_error(None, _("Many papers are printed at this moment. Try again in a few seconds."))
        return form, False
    is_whole = signed.state == ContractVersionState.SIGNED
    both, one = _("Both sides have signed: this version is in force."), _("Your side has signed. The other is awaited.")
    messages.success(request, both if is_whole else one)
    return form, True


def waiting_or_moved(contract: Contract, *states: str) -> ContractVersion:
    """Return the open version of the contract in one of the states; otherwise its page says where it stands."""
    version = open_version(contract)
    if version is None or (states and version.state not in states):
        raise MovedOnError
    version.contract = contract
    return version


@contracting_page
@require_safe
def version_pdf(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Hand out a version with its signatures; a draft as it would be printed now."""
    contract = contract_or_404(request, pk)
    return version_paper(request, version_of(contract, number), contract_pdf, "contracting:contract")


@contracting_page
@require_safe
def version_to_sign(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Hand out the very file that both sides sign."""
    contract = contract_or_404(request, pk)
    return version_paper(request, offered_version_of(contract, number), text_to_sign, "contracting:contract")


def version_of(contract: Contract, number: int) -> ContractVersion:
    rows = contract.versions.select_related("code", "template", "ground")
    found = get_object_or_404(rows, number=number)
    found.contract = contract
    return found


def offered_version_of(contract: Contract, number: int) -> ContractVersion:
    """Return a version that was offered; of another there is nothing to sign, and the provider does not see it."""
    found = version_of(contract, number)
    if found.code is None:
        raise Http404
    return found


def version_paper(
    request: HttpRequest, version: ContractVersion, make: Callable[[ContractVersion], bytes], above: str
) -> HttpResponse:
    """Hand out a paper of a version; `above` names the page of the contract in the cabinet that asks."""
    contract = version.contract
    name = f"contract-{contract.number or contract.pk}-{version.number}"
    return hand_out(request, lambda: make(version), name, above_contract(contract, above))
