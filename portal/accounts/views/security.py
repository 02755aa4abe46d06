"""The person's own account: password, second factor, sessions."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from portal.accounts import sessions
from portal.accounts.access import cabinet_page
from portal.accounts.second_factor import is_official


@cabinet_page
@require_safe
def security(request: HttpRequest) -> HttpResponse:
    made = {row.type: row for row in Authenticator.objects.filter(user=request.user)}
    codes = made.get(Authenticator.Type.RECOVERY_CODES)
    idle, longest = sessions.ages(official=request.session.get(sessions.OFFICIAL, False))
    context = {
        "application": made.get(Authenticator.Type.TOTP),
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else 0,
        "is_official": is_official(request.user),
        "idle": _length(idle),
        "longest": _length(longest),
    }
    return render(request, "cabinet/people/security.html", context)


@cabinet_page
@require_POST
def end_sessions(request: HttpRequest) -> HttpResponse:
    """Sign the person out everywhere but here."""
    sessions.end_all(request.user, but=request)
    messages.success(request, _("All your other sessions have ended."))
    return redirect("accounts:security")


@never_cache
def desk_login(request: HttpRequest) -> HttpResponse:
    """Lead from the desk's door to the one sign-in of the portal; whoever is in already has no business at the desk."""
    if request.user.is_authenticated:
        raise PermissionDenied
    wanted = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        wanted = reverse("wagtailadmin_home")
    return redirect(f"{reverse('account_login')}?{urlencode({'next': wanted})}")


def _length(seconds: int) -> str:
    """Say how long it is in the largest unit that measures it without a rest."""
    minutes = seconds // 60
    hours, days = minutes // 60, minutes // (60 * 24)
    if days > 1 and minutes % (60 * 24) == 0:
        return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
    if hours and minutes % 60 == 0:
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
