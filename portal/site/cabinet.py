"""The first page behind sign-in: what a person's organisations have in the register, and what is to be done."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.kernel import clock
from procurement.interfaces.contractor_desk import contractor_panel
from procurement.interfaces.member_desk import desk_of
from procurement.interfaces.proposal_home import panel_of
from registry.interfaces.cabinet_home import home_of
from registry.views.cabinet.access import cabinet_page

if TYPE_CHECKING:
    from portal.accounts.models import User


@cabinet_page
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    user = cast("User", request.user)
    home = home_of(user, timezone.localdate())
    now = clock.moment()
    context = {
        "home": home,
        "proposals": panel_of(user, now),
        "commission": desk_of(user, now),
        "contracts": contractor_panel(user, timezone.localdate(now)),
        "place": "organisations",
    }
    return render(request, "cabinet/home.html", context)
