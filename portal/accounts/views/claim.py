"""Claiming an organisation: its code first, then what the portal knows of it, then by what right."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portal.accounts import cards, mandates
from portal.accounts.access import cabinet_page
from portal.accounts.cabinet_forms import ClaimForm, CodeForm, keep
from portal.accounts.models import Claim, Organisation
from portal.accounts.rules import EVIDENCE
from portal.kernel.document_types import DocumentRefused
from portal.kernel.documents import refuse_flood, store
from portal.kernel.models import StoredDocument
from portal.kernel.workflow import StepRefused


@cabinet_page
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _ask_code(request, CodeForm(initial={"person_type": request.GET.get("kind", "legal_entity")}))
    code = CodeForm(request.POST)
    if not code.is_valid():
        return _ask_code(request, code)
    if "look" in request.POST:
        return _ask_right(request, ClaimForm(initial=code.cleaned_data), code)
    form = ClaimForm(request.POST, request.FILES)
    form.full_clean()
    document = _take_proof(request, form)
    if form.is_valid() and (made := _make(request, form, document)):
        return redirect("accounts:claim", made.pk)
    return _ask_right(request, form, code, document)


@cabinet_page
@require_http_methods(["GET", "HEAD"])
def claim_made(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the claimant where the claim stands."""
    claims = Claim.objects.select_related("organisation", "evidence")
    return render(
        request, "cabinet/people/claim_made.html", {"claim": get_object_or_404(claims, pk=pk, person=request.user)}
    )


@cabinet_page
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Claim, pk=pk, person=request.user)
    try:
        mandates.withdraw_claim(claim_id=found.pk, user=request.user, now=timezone.now())
    except StepRefused as refusal:
        messages.error(request, str(refusal.reason))
    else:
        messages.success(request, _("You have taken the claim back."))
    return redirect("accounts:claim", pk)


def _ask_code(request: HttpRequest, form: CodeForm) -> HttpResponse:
    return render(request, "cabinet/people/claim_code.html", {"form": form}, status=422 if form.errors else 200)


def _ask_right(
    request: HttpRequest, form: ClaimForm, code: CodeForm, document: StoredDocument | None = None
) -> HttpResponse:
    """Say what is known and ask the rest. Whose number a taxpayer number is, is told to nobody."""
    known = None if code.is_person else Organisation.objects.filter(code=code.cleaned_data["code"]).first()
    card = cards.card_of(known) if known else None
    context = {
        "form": form,
        "known": known if card or (known and known.mandates.exists()) else None,
        "card": card,
        "is_person": code.is_person,
        "code": code.cleaned_data["code"],
        "person_type": code.cleaned_data["person_type"],
        "document": document,
        "kept": keep(document),
    }
    return render(request, "cabinet/people/claim_right.html", context, status=422 if form.errors else 200)


def _take_proof(request: HttpRequest, form: ClaimForm) -> StoredDocument | None:
    """Keep the file that came with the form, or find the one of an earlier try."""
    file = request.FILES.get("evidence")
    if file is None:
        return form.kept_document(request.user)
    try:
        now = timezone.now()
        refuse_flood(request.user, now)
        with transaction.atomic():
            return store(file, kind=EVIDENCE, subject="accounts.claim", by=request.user, at=now)
    except DocumentRefused as refusal:
        form.add_error("evidence", str(refusal.reason))
        return None


def _make(request: HttpRequest, form: ClaimForm, document: StoredDocument | None) -> Claim | None:
    values: dict[str, Any] = form.cleaned_data
    try:
        return mandates.claim_organisation(
            user=request.user,
            code="" if form.is_person else values["code"],
            rnokpp=values["code"] if form.is_person else "",
            person_type=values["person_type"],
            name=values["name"],
            scope=values["scope"],
            statement=values["statement"],
            evidence=document,
            now=timezone.now(),
        )
    except StepRefused as refusal:
        form.add_error("name" if isinstance(refusal, mandates.NameNeeded) else None, str(refusal.reason))
        return None
