"""The invitation to a commission: shown to the person it was sent to, and accepted by that person."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.kernel import clock
from portal.kernel.workflow import StepRefused
from procurement.domain.evaluation.invitations import ForAnotherAddress, accept_invitation, find_invitation
from procurement.views.commission.access import commission_page, signed_in


@commission_page
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Say who names the person and in what; the work begins when the person accepts."""
    user, now = signed_in(request), clock.moment()
    try:
        found = find_invitation(token=token, user=user, now=now)
        if request.method == "POST":
            accept_invitation(token=token, user=user, now=now)
            messages.success(request, _("You are in the commission. Now say where you have ties."))
            return redirect("commission:interests")
    except StepRefused as refusal:
        context = {"reason": refusal.reason, "other": isinstance(refusal, ForAnotherAddress)}
        return render(request, "commission/invitation.html", context, status=404)
    response = render(request, "commission/invitation.html", {"member": found, "commission": found.commission})
    # the address holds the key: no other site may learn it; "no-referrer" would take the origin from our own form
    response["Referrer-Policy"] = "same-origin"
    return response
