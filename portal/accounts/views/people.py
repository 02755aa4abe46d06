"""Who acts for an organisation: its representatives see, invite and revoke; for others there is no such page."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portal.accounts import mandates, rules
from portal.accounts.access import cabinet_page
from portal.accounts.cabinet_forms import GroundForm, InviteForm
from portal.accounts.models import Invitation, Mandate, Organisation
from portal.kernel.workflow import StepRefused


@cabinet_page
@require_http_methods(["GET", "HEAD"])
def people_index(request: HttpRequest) -> HttpResponse:
    """Show the person's own mandates and the way to the people of each organisation."""
    held = Mandate.objects.standing(timezone.localdate()).filter(person=request.user)
    held = held.select_related("organisation").order_by("organisation__name", "pk")
    claims = request.user.claims.pending().select_related("organisation")
    return render(request, "cabinet/people/index.html", {"mandates": held, "claims": claims})


@cabinet_page
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest, pk: int) -> HttpResponse:
    organisation = _managed(request, pk)
    form = InviteForm(request.POST or None, initial={"scope": "editor"})
    if request.method == "POST" and form.is_valid() and _invite(request, organisation, form):
        messages.success(
            request, _("The invitation is on its way to %(email)s.") % {"email": form.cleaned_data["email"]}
        )
        return redirect("accounts:people", pk)
    now = timezone.now()
    rows = organisation.mandates.select_related("person", "revoked_by").order_by("valid_from", "pk")
    standing = list(rows.standing(timezone.localdate(now)))
    context = {
        "organisation": organisation,
        "form": form,
        "mandates": standing,
        "past": [row for row in rows if row not in standing],
        "invitations": organisation.invitations.open(now).order_by("at", "pk"),
        "today": timezone.localdate(now),
    }
    return render(request, "cabinet/people/people.html", context, status=422 if form.errors else 200)


@cabinet_page
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask why, then revoke a mandate: one's own, or one of an organisation whose people one manages."""
    mandate = get_object_or_404(Mandate.objects.select_related("person", "organisation"), pk=pk)
    is_own = mandate.person_id == request.user.pk
    manages = rules.can_manage_people(request.user, mandate.organisation)
    if not (is_own or manages) or mandate.revoked_at:
        raise Http404
    form = GroundForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            mandates.revoke_mandate(
                mandate_id=pk, by=request.user, ground=form.cleaned_data["ground"], now=timezone.now()
            )
        except StepRefused as refusal:
            form.add_error(None, str(refusal.reason))
        else:
            messages.success(request, _("The mandate is revoked."))
            return redirect("accounts:people_index") if is_own else redirect("accounts:people", mandate.organisation_id)
    context = {"mandate": mandate, "form": form, "is_own": is_own, "manages": manages}
    return render(request, "cabinet/people/revoke.html", context, status=422 if form.errors else 200)


@cabinet_page
@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    invitation = get_object_or_404(Invitation, pk=pk)
    _managed(request, invitation.organisation_id)
    try:
        mandates.revoke_invitation(invitation_id=pk, user=request.user, now=timezone.now())
    except StepRefused as refusal:
        messages.error(request, str(refusal.reason))
    else:
        messages.success(request, _("The invitation is taken back."))
    return redirect("accounts:people", invitation.organisation_id)


@cabinet_page
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Show an invitation to the person it was sent to; the mandate begins when the person says so."""
    now = timezone.now()
    try:
        found = mandates.find_invitation(user=request.user, token=token, now=now)
        if request.method == "POST":
            mandate = mandates.accept_invitation(user=request.user, token=token, now=now)
            messages.success(request, _("You may now act for “%(name)s”.") % {"name": mandate.organisation})
            return redirect("accounts:people_index")
    except StepRefused as refusal:
        context = {"reason": refusal.reason, "other": isinstance(refusal, mandates.ForAnotherAddress)}
        return render(request, "cabinet/people/invitation.html", context, status=404)
    response = render(request, "cabinet/people/invitation.html", {"invitation": found})
    # the address holds the key: no other site may learn it; "no-referrer" would take the origin from our own form
    response["Referrer-Policy"] = "same-origin"
    return response


def _managed(request: HttpRequest, pk: int) -> Organisation:
    """Return the organisation if the person manages its people; for anybody else it has no such page."""
    organisation = get_object_or_404(Organisation, pk=pk)
    if not rules.can_manage_people(request.user, organisation):
        raise Http404
    return organisation


def _invite(request: HttpRequest, organisation: Organisation, form: InviteForm) -> Invitation | None:
    try:
        return mandates.invite_person(
            user=request.user, organisation_id=organisation.pk, now=timezone.now(), **form.cleaned_data
        )
    except StepRefused as refusal:
        form.add_error(None, str(refusal.reason))
        return None
