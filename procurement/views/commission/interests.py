"""Standing ties of a member to organisations: told once for all competitions, read by nobody else."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portal.kernel import clock
from portal.kernel.workflow import StepRefused
from procurement.domain.evaluation.telling import take_back_everywhere, tell_everywhere
from procurement.interfaces.interest_forms import InterestForm
from procurement.queries.commissions import interests_of, memberships_of
from procurement.views.commission.access import commission_page, signed_in


@commission_page
@require_http_methods(["GET", "HEAD", "POST"])
def interests(request: HttpRequest) -> HttpResponse:
    """List what the person has told, and take one more tie."""
    user = signed_in(request)
    form = InterestForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            tell_everywhere(user=user, values=form.cleaned_data, now=clock.moment())
        except StepRefused as refusal:
            form.add_error(None, str(refusal.reason))
        else:
            messages.success(request, _("Written down. The portal compares it with applicants of every competition."))
            return redirect("commission:interests")
    context = {"form": form, "interests": interests_of(user), "memberships": memberships_of(user)}
    return render(request, "commission/interests.html", context, status=422 if form.errors else 200)


@commission_page
@require_POST
def take_back(request: HttpRequest, key: int) -> HttpResponse:
    take_back_everywhere(interest_id=key, user=signed_in(request), now=clock.moment())
    messages.success(request, _("The tie is taken back. A recusal that came of it waits for its decision."))
    return redirect("commission:interests")
