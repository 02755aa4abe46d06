"""Decisions about an entry: suspend, restore, exclude, confirm; each asks its ground and calls its use case."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from portal.accounts.enums import Role
from portal.kernel.audit import PersonalDataRefused
from portal.kernel.workflow import StepRefused
from registry import rules
from registry.domain import standing
from registry.domain.desk import StaleEntryError, actor_for
from registry.enums import Standing
from registry.interfaces.desk_entry_forms import ConfirmationForm, SuspensionForm
from registry.interfaces.desk_forms import RemovalForm
from registry.models import RegisterEntry
from registry.viewsets.frame import desk_page, entry_crumbs, visible_entry
from registry.workflow import ENTRY

if TYPE_CHECKING:
    from portal.accounts.models import User


@dataclass(frozen=True, slots=True)
class Decision:
    """How a step looks at the desk, who takes it, and the use case behind it."""

    name: str
    label: Promise
    explanation: Promise
    done: Promise
    role: Role
    allowed: Callable[..., bool]
    take: Callable[..., Any]
    grave: bool = False

    def possible(self, entry: RegisterEntry) -> bool:
        if self.name == "verify":
            return entry.standing != Standing.EXCLUDED
        return self.name in {step.name for step in ENTRY.allowed(entry.standing)}


DECISIONS = {
    decision.name: decision
    for decision in (
        Decision(
            "verify",
            gettext_lazy("Confirm the data"),
            gettext_lazy("The card will say that a human checked it today."),
            gettext_lazy("The data are confirmed today."),
            Role.REGISTRAR,
            rules.can_edit_entry,
            standing.verify_entry,
        ),
        Decision(
            "suspend",
            gettext_lazy("Suspend"),
            gettext_lazy("The card stays public with the mark “suspended”; the provider leaves the usual list."),
            gettext_lazy("The entry is suspended."),
            Role.APPROVER,
            rules.can_decide_entry,
            standing.suspend_entry,
        ),
        Decision(
            "restore",
            gettext_lazy("Restore"),
            gettext_lazy("The provider comes back to the usual list."),
            gettext_lazy("The entry is restored."),
            Role.APPROVER,
            rules.can_decide_entry,
            standing.restore_entry,
        ),
        Decision(
            "exclude",
            gettext_lazy("Exclude"),
            gettext_lazy(
                "There is no way back: the card stays readable with the ground, and the number is never given again."
            ),
            gettext_lazy("The entry is excluded."),
            Role.APPROVER,
            rules.can_decide_entry,
            standing.exclude_entry,
            grave=True,
        ),
    )
}


def open_steps(user: User, entry: RegisterEntry) -> list[Decision]:
    """Return the decisions this official may take on the entry as it stands."""
    return [one for one in DECISIONS.values() if one.possible(entry) and one.allowed(user, entry)]


def decide(request: HttpRequest, number: str, step: str) -> HttpResponse:
    """Ask the ground of a decision, then take it."""
    entry = visible_entry(request, number)
    decision = DECISIONS.get(step)
    if decision is None:
        raise Http404
    if not decision.allowed(request.user, entry):
        raise PermissionDenied
    form = _form(step, request.POST if request.method == "POST" else None, entry)
    if request.method == "POST" and form.is_valid() and _taken(request, form, decision, entry):
        messages.success(request, str(decision.done))
        return redirect("desk_entries:entry", entry.number)
    return desk_page(
        request,
        "desk/decide.html",
        title=str(decision.label),
        icon="check",
        crumbs=entry_crumbs(entry),
        entry=entry,
        decision=decision,
        possible=decision.possible(entry),
        form=form,
    )


def _form(step: str, data: Any, entry: RegisterEntry) -> RemovalForm:
    if step == "suspend":
        return SuspensionForm(data, entry=entry, today=timezone.localdate())
    return ConfirmationForm(data, entry=entry) if step == "verify" else RemovalForm(data, entry=entry)


def _taken(request: HttpRequest, form: RemovalForm, decision: Decision, entry: RegisterEntry) -> bool:
    values = form.cleaned_data
    if values["version"] != entry.version:
        form.tell_stale(StaleEntryError(entry))
        return False
    extra = {"until": values["until"]} if decision.name == "suspend" else {}
    actor = actor_for(request.user, decision.role)  # type: ignore[arg-type]
    try:
        decision.take(entry_id=entry.pk, actor=actor, ground=values["ground"], now=timezone.now(), **extra)
    except (StepRefused, PersonalDataRefused) as error:
        form.refuse(error)
        return False
    return True
