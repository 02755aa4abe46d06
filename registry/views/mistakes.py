"""A reader tells what is wrong on a card: no account, no puzzle, and no trace of who it was."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.accounts.lockout import client_address
from portal.kernel.same_origin import open_form
from registry.domain import mistakes
from registry.interfaces.mistake_form import MistakeForm
from registry.models import RegisterEntry
from registry.views.caching import public_page
from registry.views.card import entry_or_404


@open_form
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report_mistake(request: HttpRequest, number: str) -> HttpResponse:
    """Ask what is wrong; what was typed comes back with every answer but thanks."""
    entry = entry_or_404(number)
    if entry.merged_into is not None:
        return redirect("registry:report", entry.merged_into.number, permanent=True)
    form = MistakeForm(request.POST if request.method == "POST" else None, entry=entry, now=timezone.now())
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                _take(request, entry, form)
            except mistakes.TooManyReportsError as error:
                form.add_error(None, _enough(error.limit))
                status = 429
            else:
                return redirect("registry:report_thanks", entry.number)
    context = {"entry": entry, "organisation": entry.organisation, "form": form}
    response = render(request, "registry/report.html", context, status=status)
    if status == 429:  # noqa: PLR2004 the code of the protocol
        response["Retry-After"] = str(int(mistakes.A_DAY.total_seconds()))
    return response


@public_page
def report_thanks(request: HttpRequest, number: str) -> HttpResponse:
    entry = entry_or_404(number)
    return render(request, "registry/report_thanks.html", {"entry": entry, "organisation": entry.organisation})


def _take(request: HttpRequest, entry: RegisterEntry, form: MistakeForm) -> None:
    values = form.cleaned_data
    try:
        mistakes.report_mistake(
            entry_id=entry.pk,
            address=client_address(request),
            now=form.now,
            **{name: values[name] for name in ("about", "text", "email")},
        )
    except RegisterEntry.DoesNotExist as error:
        raise Http404 from error


def _enough(limit: int) -> str:
    return ngettext(
        "Within a day the portal takes %(limit)s report from one network, and it has come. "
        "Keep this text and send it tomorrow, or call the hromada.",
        "Within a day the portal takes %(limit)s reports from one network, and they have come. "
        "Keep this text and send it tomorrow, or call the hromada.",
        limit,
    ) % {"limit": limit}
