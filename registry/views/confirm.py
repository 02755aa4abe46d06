"""The link of a letter: the card in short and three buttons. Looking changes nothing, for mail scanners look too."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.accounts.access import cabinet_page
from portal.accounts.rules import can_edit_for
from portal.kernel.same_origin import open_form
from portal.kernel.workflow import StepRefused
from registry.domain.freshness import PROVIDER, confirm_entry
from registry.domain.providers import Actor
from registry.domain.reminders import LinkExpired, LinkUnknown, LinkUsed, answer_reminder, reminder_of
from registry.enums import ReminderAnswer, Standing, VerificationMethod
from registry.interfaces.confirm_forms import AnswerForm
from registry.models import RegisterEntry, Reminder
from registry.queries.card import card_of, open_entry


@open_form
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show what the link is for; a POST records the answer and shows it by the same address."""
    now = timezone.now()
    today = timezone.localdate(now)
    try:
        reminder = reminder_of(token, now=now)
        form = AnswerForm(request.POST or None, today=today)
        if request.method == "POST" and form.is_valid():
            answer_reminder(
                token=token,
                answer=ReminderAnswer(form.cleaned_data["answer"]),
                until=form.cleaned_data["until"],
                note=form.cleaned_data["note"],
                now=now,
            )
            return redirect("registry:confirm", token)
    except (LinkUsed, LinkExpired, LinkUnknown) as refused:
        return _page(request, "registry/confirm_over.html", _over(refused), _status(refused))
    except StepRefused as refused:
        return _page(request, "registry/confirm_over.html", {"kind": "refused", "reason": refused.reason}, 409)
    return _page(request, "registry/confirm.html", _asked(reminder, form), 422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@cabinet_page
def confirm_in_cabinet(request: HttpRequest, number: str) -> HttpResponse:
    """Let a person who speaks for the provider confirm the card; to others there is no such page."""
    entry = open_entry(number)
    if entry is None or not can_edit_for(request.user, entry.organisation):
        raise Http404
    if request.method == "POST":
        actor = Actor(request.user, PROVIDER)  # type: ignore[arg-type]
        ground = _("The provider confirmed the data in the cabinet.")
        try:
            confirm_entry(
                entry_id=entry.pk, actor=actor, method=VerificationMethod.CABINET, note=ground, now=timezone.now()
            )
            messages.success(request, _("The card is confirmed today."))
        except StepRefused as refused:
            messages.error(request, str(refused.reason))
        return redirect("cabinet")
    context = {"entry": entry, "organisation": entry.organisation, "card": card_of(entry), "place": "organisations"}
    return render(request, "registry/confirm_in_cabinet.html", context)


def _asked(reminder: Reminder, form: AnswerForm) -> dict[str, Any]:
    entry = _of_public(reminder)
    return {
        "entry": entry,
        "organisation": entry.organisation,
        "card": card_of(entry),
        "form": form,
        "works_until": timezone.localdate(reminder.expires_at),
        "is_excluded": entry.standing == Standing.EXCLUDED,
    }


def _of_public(reminder: Reminder) -> RegisterEntry:
    """Return the entry with what its public card needs."""
    return open_entry(reminder.entry.number) or reminder.entry


def _over(refused: StepRefused) -> dict[str, Any]:
    reminder = getattr(refused, "reminder", None)
    kinds = {LinkUsed: "used", LinkExpired: "expired", LinkUnknown: "unknown"}
    return {
        "kind": kinds[type(refused)],
        "reason": refused.reason,
        "reminder": reminder,
        "entry": reminder.entry if reminder else None,
    }


def _status(refused: StepRefused) -> int:
    """Say "here is your answer" of a used link, since the answer itself leads there."""
    return {LinkUsed: 200, LinkExpired: 410, LinkUnknown: 404}[type(refused)]


def _page(request: HttpRequest, template: str, context: dict[str, Any], status: int) -> HttpResponse:
    response = render(request, template, context, status=status)
    add_never_cache_headers(response)
    # the address is a key: no other site learns it from a link; "no-referrer" would take the origin from our own form
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
