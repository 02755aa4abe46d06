"""A registrar confirms that the data of a card are true today.

Suspension, restoration and exclusion are no step of one person: they come by an application, or by a case that one
official opens and another decides (`registry.viewsets.application_steps`).
"""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.enums import Role
from portal.kernel.audit import PersonalDataRefused
from portal.kernel.workflow import StepRefused
from registry import rules
from registry.domain.desk import StaleEntryError, actor_for
from registry.domain.standing import verify_entry
from registry.enums import Standing
from registry.interfaces.desk_entry_forms import ConfirmationForm
from registry.models import RegisterEntry
from registry.viewsets.frame import desk_page, entry_crumbs, visible_entry


def confirm(request: HttpRequest, number: str) -> HttpResponse:
    """Ask how the data were checked, then record that they were."""
    entry = visible_entry(request, number)
    if not rules.can_edit_entry(request.user, entry):
        raise PermissionDenied
    form = ConfirmationForm(request.POST if request.method == "POST" else None, entry=entry)
    if request.method == "POST" and form.is_valid() and _confirmed(request, form, entry):
        messages.success(request, _("The data are confirmed today."))
        return redirect("desk_entries:entry", entry.number)
    return desk_page(
        request,
        "desk/confirm.html",
        title=_("Confirm the data"),
        icon="check",
        crumbs=entry_crumbs(entry),
        entry=entry,
        possible=entry.standing != Standing.EXCLUDED,
        form=form,
    )


def _confirmed(request: HttpRequest, form: ConfirmationForm, entry: RegisterEntry) -> bool:
    values = form.cleaned_data
    if values["version"] != entry.version:
        form.tell_stale(StaleEntryError(entry))
        return False
    actor = actor_for(request.user, Role.REGISTRAR)  # type: ignore[arg-type]
    try:
        verify_entry(entry_id=entry.pk, actor=actor, ground=values["ground"], now=timezone.now())
    except (StepRefused, PersonalDataRefused) as error:
        form.refuse(error)
        return False
    return True
